"""Files in the format of SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016 and 2018), XQuAD among them."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path

from eval.errors import EvalError
from eval.suite import Question

_NAME_CHARS = 100


def read_squad(path: Path, text: str) -> tuple[tuple[Question, ...], dict[str, str]]:
    """Questions and articles. A question's proving line is its paragraph, counted from 1.

    One article a title, one paragraph a line (a line break within one becomes a space, so that
    offsets stay). The accepted answers are one pattern in ``must``. EvalError if an answer does not
    stand where ``answer_start`` says: whoever made such a file moved its texts.
    """
    try:
        data = json.loads(text)["data"]
    except json.JSONDecodeError as error:
        raise EvalError(f"{path}:{error.lineno}: broken JSON, {error.msg}.") from error
    except (KeyError, TypeError) as error:
        raise EvalError(f'{path}: not in SQuAD format, it has no "data".') from error
    articles: dict[str, str] = {}
    questions: dict[str, Question] = {}
    for number, entry in enumerate(_list(path, data, "data"), start=1):
        where = f"data[{number - 1}]"
        paragraphs = _list(path, _get(path, entry, "paragraphs", where), f"{where}.paragraphs")
        title = _get(path, entry, "title", where)
        if not isinstance(title, str):
            raise EvalError(f"{path}: {where}.title is not a text.")
        id = _file_name(title or f"article-{number}", articles)
        lines = []
        for line, paragraph in enumerate(paragraphs, start=1):
            place = f"{where}.paragraphs[{line - 1}]"
            context = _get(path, paragraph, "context", place)
            if not isinstance(context, str) or not context.strip():
                raise EvalError(f"{path}: {place}.context is empty.")
            lines.append(context.replace("\n", " "))
            for question in _questions(path, paragraph, place, context, (id, line)):
                if question.id in questions:
                    raise EvalError(f"{path}: question {question.id} stands there twice.")
                questions[question.id] = question
        articles[id] = "\n".join(lines) + "\n"
    if not questions:
        raise EvalError(f"{path}: holds no questions.")
    return tuple(questions.values()), articles


def _questions(
    path: Path, paragraph: Mapping[str, object], place: str, context: str, line: tuple[str, int]
) -> Iterator[Question]:
    for entry in _list(path, _get(path, paragraph, "qas", place), f"{place}.qas"):
        id, question = _get(path, entry, "id", place), _get(path, entry, "question", place)
        if not isinstance(id, str) or not isinstance(question, str) or not question.strip():
            raise EvalError(f"{path}: {place} has a question without id or text.")
        accepted = []
        for answer in _list(path, entry.get("answers", []), f"question {id}: answers"):
            text, start = answer.get("text"), answer.get("answer_start")
            if not isinstance(text, str) or not text.strip():
                raise EvalError(f"{path}: question {id} has an answer without text.")
            if not isinstance(start, int) or not 0 <= start < len(context):
                raise EvalError(f"{path}: question {id}: answer_start is {start!r}.")
            found = context[start : start + len(text)]
            if found != text:
                raise EvalError(
                    f"{path}: question {id}: at {start} stands {found!r}, not {text!r}."
                )
            accepted.append(_pattern(text))
        impossible = bool(entry.get("is_impossible", False))
        if impossible == bool(accepted):
            why = "is impossible but has answers" if impossible else "has no answers"
            raise EvalError(f"{path}: question {id} {why}.")
        if impossible:
            yield Question(id, question, "unanswerable", False, ())
        else:
            either = "|".join(dict.fromkeys(accepted))
            yield Question(id, question, "squad", True, (line,), (f"(?:{either})",))


def _pattern(text: str) -> str:
    """The text itself; any white space for white space."""
    return r"\s+".join(re.escape(word) for word in text.split())


def _file_name(title: str, taken: Mapping[str, str]) -> str:
    stem = unicodedata.normalize("NFC", re.sub(r"[^\w,()-]+", "_", title)).strip("_")
    stem = stem[:_NAME_CHARS] or "article"
    names = {name.casefold() for name in taken}
    name, count = f"{stem}.txt", 1
    while name.casefold() in names:
        count += 1
        name = f"{stem}-{count}.txt"
    return name


def _get(path: Path, entry: Mapping[str, object], key: str, where: str) -> object:
    if key not in entry:
        raise EvalError(f"{path}: {where} has no {key!r}.")
    return entry[key]


def _list(path: Path, value: object, what: str) -> list[dict[str, object]]:
    if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
        raise EvalError(f"{path}: {what} is not a list of objects.")
    return value
