"""NoMIRACL (Thakur et al. 2024, arXiv 2312.11361): is a question answered by its passages at all?

JSON lines {"id", "question", "answerable", "passages": [text, ...]}.
"""

from __future__ import annotations

import json
from pathlib import Path

from eval.errors import EvalError
from eval.suite import Question

_KEYS = frozenset({"id", "question", "answerable", "passages"})


def read_nomiracl(
    path: Path, text: str
) -> tuple[tuple[Question, ...], dict[str, str], dict[str, tuple[str, ...]]]:
    """Questions, articles (one a passage) and the article ids each question may be answered from.

    Nothing says which passage proves an answer, so the questions have no lines and no ``must``.
    """
    questions: dict[str, Question] = {}
    articles: dict[str, str] = {}
    groups: dict[str, tuple[str, ...]] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        question, passages = _row(path, number, line)
        if question.id in questions:
            first = questions[question.id].at
            raise EvalError(f"{path}:{number}: id {question.id!r} is already used in line {first}.")
        own = {f"{number:05}/{i:02}.txt": p + "\n" for i, p in enumerate(passages, start=1)}
        questions[question.id] = question
        groups[question.id] = tuple(own)
        articles.update(own)
    if not questions:
        raise EvalError(f"{path}: holds no questions.")
    return tuple(questions.values()), articles, groups


def _row(path: Path, number: int, line: str) -> tuple[Question, list[str]]:
    try:
        row = json.loads(line)
    except (json.JSONDecodeError, RecursionError) as error:
        raise EvalError(f"{path}:{number}: broken JSON, {error}.") from error
    if not isinstance(row, dict):
        raise EvalError(f"{path}:{number}: not a JSON object.")
    if missing := sorted(_KEYS - row.keys()):
        raise EvalError(f"{path}:{number}: missing {', '.join(missing)}.")
    id, question, answerable = row["id"], row["question"], row["answerable"]
    if not isinstance(id, str) or not id or not isinstance(question, str) or not question.strip():
        raise EvalError(f"{path}:{number}: id and question must be texts that are not empty.")
    if not isinstance(answerable, bool):
        raise EvalError(f"{path}:{number}: answerable must be true or false.")
    passages = row["passages"]
    if not isinstance(passages, list) or not passages:
        raise EvalError(f"{path}:{number}: passages must be a list that is not empty.")
    if not all(isinstance(p, str) and p.strip() for p in passages):
        raise EvalError(f"{path}:{number}: a passage is not a text, or empty.")
    kind = "answerable" if answerable else "unanswerable"
    return Question(id, question, kind, answerable, (), at=number), passages
