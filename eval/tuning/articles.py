"""Invented articles with questions, which the adapter is tuned on. All names in them are invented.

``articles.jsonl`` holds one article a line: its id, its title, its sections with numbered
sentences, and its questions: those that can be answered name the sentences that do it, and an
answer.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import EvalError
from eval.files import read_text

ARTICLES = Path(__file__).with_name("articles.jsonl")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list item; ``heading`` is the one above it, "" if there is none."""

    id: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A question. ``gold``: ids of the sentences its answer needs, the main one first; none if the
    article does not answer it. ``also``: sentences that answer it as well, each alone. ``before``:
    the question and the answer it goes on from.
    """

    question: str
    kind: str
    gold: tuple[str, ...]
    also: tuple[str, ...]
    answer: str
    before: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Invented:
    """An article. ``held`` ones are never tuned on: they tell how well that went. ``passages``:
    below each heading stands a passage of another entry of an encyclopaedia, which it names."""

    id: str
    title: str
    sentences: tuple[Sentence, ...]
    questions: tuple[Asked, ...]
    held: bool
    passages: bool = False


def read_articles(path: Path = ARTICLES) -> tuple[Invented, ...]:
    """All articles of a file, in its order. EvalError names the line that is wrong."""
    found = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if line.strip():
            try:
                found.append(_article(json.loads(line)))
            except (KeyError, TypeError, ValueError) as error:
                raise EvalError(f"{path}:{number}: {type(error).__name__}: {error}.") from error
    return tuple(found)


def _article(entry: Mapping[str, Any]) -> Invented:
    sentences = tuple(
        Sentence(id, section["heading"], text)
        for section in entry["sections"]
        for id, text in section["sentences"]
    )
    known = {s.id for s in sentences}
    if len(known) < len(sentences):
        raise ValueError(f"{entry['id']} has a sentence id twice")
    questions = tuple(_asked(q, known) for q in entry["questions"])
    flags = (bool(entry.get("held")), bool(entry.get("passages")))
    return Invented(entry["id"], entry["title"], sentences, questions, *flags)


def _asked(entry: Mapping[str, Any], known: set[str]) -> Asked:
    gold, also = tuple(entry["gold"]), tuple(entry.get("also", ()))
    if unknown := {*gold, *also} - known:
        raise ValueError(f"unknown sentences {sorted(unknown)}: {entry['q']}")
    if bool(gold) != bool(entry["answer"]):
        raise ValueError(f"an answer goes with its sentences: {entry['q']}")
    before = _pair(entry["before"]) if entry.get("before") else None
    return Asked(entry["q"], entry["kind"], gold, also, entry["answer"] or "", before)


def _pair(texts: Sequence[str]) -> tuple[str, str]:
    question, answer = texts
    return question, answer
