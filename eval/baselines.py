"""Other systems in the same harness: what each part of the program is worth.

lexical, dense   retrieval by one side only; all else is the program
oracle           the passages that hold a proving line are given, so only answering can fail; where
                 there are none (unanswerable) it retrieves as always
extractive       no language model (the setting RAG_LLM=extractive)
abstain          never answers anything
plain            another pipeline: what a user would write with LangChain (plain.py)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

from eval import metrics
from eval.suite import Question
from rag.assistant import Assistant
from rag.lexical import LexicalIndex
from rag.records import Records
from rag.store import VectorStore
from rag.types import Abstention, Answer, AnswerTimes, SearchResult, SearchTimes, Usage

SYSTEMS = ("full", "lexical", "dense", "extractive", "oracle", "abstain", "plain")

View = Callable[[Assistant, Question], Assistant]


class _Muted:
    """A part of the index that finds nothing by itself; all else it does as before."""

    def __init__(self, part: object) -> None:
        self._part = part

    def search(self, query: object, k: int) -> list[tuple[int, float]]:
        return []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._part, name)


class _Given(_Muted):
    """Finds these rows, whatever is asked."""

    def __init__(self, part: object, rows: Sequence[int]) -> None:
        super().__init__(part)
        self._rows = rows

    def search(self, query: object, k: int) -> list[tuple[int, float]]:
        return [(row, 1.0) for row in self._rows[:k]]


def full(assistant: Assistant, question: Question) -> Assistant:
    """The program as it is."""
    return assistant


def lexical(assistant: Assistant, question: Question) -> Assistant:
    """BM25 only."""
    return _changed(assistant, VectorStore, _Muted)


def dense(assistant: Assistant, question: Question) -> Assistant:
    """Vectors only."""
    return _changed(assistant, LexicalIndex, _Muted)


def oracle(assistant: Assistant, question: Question) -> Assistant:
    """The passages with proving lines, in the suite's order of lines."""
    if not question.lines:
        return assistant
    rows = proving_rows(assistant.index.records, question)
    silent = _changed(assistant, VectorStore, _Muted)
    return _changed(silent, LexicalIndex, lambda part: _Given(part, rows))


VIEWS: dict[str, View] = {
    "full": full,
    "lexical": lexical,
    "dense": dense,
    "extractive": full,
    "oracle": oracle,
}


def proving_rows(records: Records, question: Question) -> list[int]:
    """Rows of the chunks that cover a proving line."""
    rows: list[int] = []
    chunks = [records.chunk(row) for row in range(len(records))]
    for line in question.lines:
        for row, chunk in enumerate(chunks):
            span = (chunk.article, chunk.first_line, chunk.last_line)
            if row not in rows and metrics.covered(span, [line]):
                rows.append(row)
    return rows


def abstention(question: Question) -> Answer:
    """What the system "abstain" answers."""
    return Answer(
        question=question.question,
        text="Das steht nicht in den Artikeln.",
        statements=(),
        abstention=Abstention("not_answered", "this baseline never answers"),
        conflicts=(),
        passages=(),
        model="abstain",
        index_version="",
        times=AnswerTimes(0.0, None, 0.0),
        usage=Usage(),
    )


def no_passages(question: Question) -> SearchResult:
    """What the system "abstain" finds."""
    return SearchResult(question.question, (), SearchTimes(0.0, 0.0, 0.0))


def _changed(
    assistant: Assistant, kind: type[object], change: Callable[[object], object]
) -> Assistant:
    """The assistant over its index with each part of that kind changed."""
    index = assistant.index
    parts = {f.name: getattr(index, f.name) for f in fields(index)}
    changes: dict[str, Any] = {n: change(p) for n, p in parts.items() if isinstance(p, kind)}
    return assistant.over(replace(index, **changes))
