"""A suite: questions with the lines that prove the answers, one JSON object a line.

``load_suite`` refuses what is broken in itself. ``check_suite`` compares a suite with the articles
it asks about and finds what is well formed but measures wrongly. It compares every pair of
questions, so it is made for suites of hundreds, not of ten thousands.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from pathlib import Path

from rag.errors import RagError
from rag.lines import line_count, line_span
from rag.types import Turn

REQUIRED = frozenset({"id", "question", "type", "answerable", "lines"})
OPTIONAL = frozenset({"must", "must_not", "history"})
JOINED = frozenset({"metadata", "conflict", "both", "list", "why_how", "english"})
"""Types whose patterns may be found across the cited lines together, not within one of them."""
NEAR_COPY = 0.8
"""Character trigram Jaccard similarity above which two questions count as one."""

_FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})  # casefold already makes ß "ss"


class SuiteError(RagError):
    """A suite that cannot be used: ``path``, 1-based ``line`` (0: the whole file), and why."""

    def __init__(self, path: Path, line: int, why: str) -> None:
        place = f"{path}:{line}" if line else f"{path}"
        super().__init__(f"{place}: {why}.", f'"${{EDITOR:-vi}}" +{max(line, 1)} {path}')
        self.path = path
        self.line = line


@dataclass(frozen=True, slots=True)
class Question:
    """One question. ``lines``: (article, 1-based line), each of which proves the answer.

    All of ``must`` and none of ``must_not`` match a right answer (searched, case-insensitive).
    ``at`` is the line of the suite file that holds it, 0 if none does; it plays no part in ``==``.
    """

    id: str
    question: str
    type: str
    answerable: bool
    lines: tuple[tuple[str, int], ...]
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    at: int = field(default=0, compare=False)


class _Refused(Exception):
    """Why one line is refused; never leaves this file, ``load_suite`` adds the place."""


def load_suite(path: Path) -> tuple[Question, ...]:
    """All questions of a suite file, in its order; blank lines are skipped. Raises SuiteError."""
    try:
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise SuiteError(path, 0, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SuiteError(path, line, "is not UTF-8") from error
    questions: list[Question] = []
    seen: dict[str, int] = {}
    for number, line_text in enumerate(text.split("\n"), start=1):
        if not line_text.strip():
            continue
        try:
            question = replace(_question(line_text), at=number)
        except _Refused as error:
            raise SuiteError(path, number, str(error)) from error
        if question.id in seen:
            why = f"id {question.id!r} is already used in line {seen[question.id]}"
            raise SuiteError(path, number, why)
        seen[question.id] = number
        questions.append(question)
    if not questions:
        raise SuiteError(path, 0, "holds no questions")
    return tuple(questions)


def _question(line_text: str) -> Question:
    try:
        row = json.loads(line_text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        raise _Refused(f"broken JSON, {error.msg} at column {error.colno}") from error
    except RecursionError as error:
        raise _Refused("broken JSON, nested too deeply") from error
    if not isinstance(row, dict):
        raise _Refused("not a JSON object")
    if missing := sorted(REQUIRED - row.keys()):
        raise _Refused(f"missing {', '.join(missing)}")
    if unknown := sorted(row.keys() - REQUIRED - OPTIONAL):
        raise _Refused(f"unknown {', '.join(unknown)}")
    answerable = row["answerable"]
    if not isinstance(answerable, bool):
        raise _Refused("answerable must be true or false")
    question = Question(
        id=_text(row, "id"),
        question=_text(row, "question"),
        type=_text(row, "type"),
        answerable=answerable,
        lines=_lines(row["lines"]),
        must=_patterns(row, "must"),
        must_not=_patterns(row, "must_not"),
        history=_history(row.get("history", [])),
    )
    if answerable and not question.lines:
        raise _Refused("answerable, but no lines prove the answer")
    if not answerable and (question.lines or question.must):
        raise _Refused("not answerable, but has lines or must")
    return question


def _unique_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise _Refused("a key stands twice")
    return row


def _text(row: Mapping[str, object], key: str) -> str:
    value = row[key]
    if not isinstance(value, str) or not value.strip():
        raise _Refused(f"{key} must be a text that is not empty")
    return value


def _lines(value: object) -> tuple[tuple[str, int], ...]:
    what = 'lines must be a list of ["article", line], line counted from 1'
    lines: list[tuple[str, int]] = []
    for pair in _list(value, what):
        match pair:
            # JSON's true is an int to Python.
            case [str(article), int(line)] if not isinstance(line, bool) and line >= 1:
                lines.append((article, line))
            case _:
                raise _Refused(what)
    if len(set(lines)) < len(lines):
        raise _Refused("lines names a line twice")
    return tuple(lines)


def _patterns(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    what = f"{key} must be a list of regular expressions that are not empty"
    patterns: list[str] = []
    for pattern in _list(row.get(key, []), what):
        if not isinstance(pattern, str) or not pattern:
            raise _Refused(what)
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            raise _Refused(f"{key} has a bad regular expression {pattern!r}, {error}") from error
        patterns.append(pattern)
    return tuple(patterns)


def _history(value: object) -> tuple[Turn, ...]:
    what = 'history must be a list of ["question", "answer"]'
    turns: list[Turn] = []
    for pair in _list(value, what):
        match pair:
            case [str(question), str(answer)]:
                turns.append(Turn(question, answer))
            case _:
                raise _Refused(what)
    return tuple(turns)


def _list(value: object, what: str) -> list[object]:
    if not isinstance(value, list):
        raise _Refused(what)
    return value


def check_suite(questions: Sequence[Question], articles: Mapping[str, str]) -> tuple[str, ...]:
    """What is wrong with a suite, seen against the articles' texts; empty if nothing is.

    ``articles`` maps each id that ``lines`` may name to the whole text.
    """
    findings = [f for question in questions for f in _check_question(question, articles)]
    return (*findings, *_near_copies(questions))


def _check_question(question: Question, articles: Mapping[str, str]) -> Iterable[str]:
    texts: list[str] = []
    for article, line in question.lines:
        text = articles.get(article)
        if text is None:
            yield f"{question.id}: unknown article {article!r}"
        elif line > line_count(text):
            yield f"{question.id}: {article} has {line_count(text)} lines, not {line}"
        else:
            start, end = line_span(text, line)
            if not text[start:end].strip():
                yield f"{question.id}: {article}:{line} is blank"
            texts.append(text[start:end])
    if len(texts) < len(question.lines):
        return  # the patterns cannot be judged without all the lines
    sources = ["\n".join(texts)] if question.type in JOINED else texts
    for pattern in question.must:
        if not _found(pattern, sources):
            yield f"{question.id}: must {pattern!r} matches none of its lines"
    for pattern in question.must_not:
        # An answer that quotes the proof must not count as wrong.
        if _found(pattern, texts):
            yield f"{question.id}: must_not {pattern!r} matches one of its lines"


def _found(pattern: str, texts: Iterable[str]) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for text in texts)


def _near_copies(questions: Sequence[Question]) -> Iterable[str]:
    """Pairs that ask the same after the same history: a short follow-up may well come twice."""
    asked = [_Fingerprint.of(q) for q in questions]
    for (first, a), (second, b) in combinations(zip(questions, asked, strict=True), 2):
        if a.resembles(b):
            yield f"{second.id}: near copy of {first.id}: {second.question!r}"


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """What is compared of a question: its words in any order, its trigrams, its history's."""

    words: frozenset[str]
    trigrams: frozenset[str]
    history: frozenset[str]

    @classmethod
    def of(cls, question: Question) -> _Fingerprint:
        words = _words(question.question)
        earlier = " ".join(f"{turn.question} {turn.answer}" for turn in question.history)
        return cls(frozenset(words), _trigrams(words), _trigrams(_words(earlier)))

    def resembles(self, other: _Fingerprint) -> bool:
        if jaccard(self.history, other.history) <= NEAR_COPY:
            return False
        return self.words == other.words or jaccard(self.trigrams, other.trigrams) > NEAR_COPY


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold().translate(_FOLD)))


def _trigrams(words: tuple[str, ...]) -> frozenset[str]:
    text = f" {' '.join(words)} " if words else ""
    return frozenset(text[i : i + 3] for i in range(len(text) - 2))


def jaccard(first: frozenset[str], second: frozenset[str]) -> float:
    """Shared part of two sets, |A & B| / |A | B|, in [0, 1]; 1 for two empty ones."""
    union = len(first | second)
    return len(first & second) / union if union else 1.0
