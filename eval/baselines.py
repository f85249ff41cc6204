"""Other systems in the same harness: what each part of the program is worth.

lexical, dense   retrieval by one side only; all else is the program
oracle           the passages that hold a proving line are given, so only answering can fail; where
                 there are none (unanswerable) it retrieves as always
extractive       no language model (the setting RAG_LLM=extractive)
abstain          never answers anything
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from eval import metrics
from eval.suite import Question
from eval.worlds import opened, over
from rag.assistant import Assistant, OpenIndex
from rag.lexical import LexicalIndex
from rag.ports import Vectors
from rag.records import Records
from rag.store import VectorStore
from rag.types import Abstention, Answer, AnswerTimes, SearchResult, SearchTimes, Usage

SYSTEMS = ("full", "lexical", "dense", "extractive", "oracle", "abstain")

View = Callable[[Assistant, Question], Assistant]


class _NoVectors:
    def search(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        return []


class _NoTerms:
    def search(self, question: str, k: int) -> list[tuple[int, float]]:
        return []


@dataclass(frozen=True, slots=True)
class _Given:
    """Finds these rows, whatever is asked."""

    rows: Sequence[int]

    def search(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        return [(row, 1.0) for row in self.rows[:k]]


def full(assistant: Assistant, question: Question) -> Assistant:
    """The program as it is."""
    return assistant


def lexical(assistant: Assistant, question: Question) -> Assistant:
    """BM25 only."""
    return _with(assistant, vectors=_NoVectors())


def dense(assistant: Assistant, question: Question) -> Assistant:
    """Vectors only."""
    return _with(assistant, lexical=_NoTerms())


def oracle(assistant: Assistant, question: Question) -> Assistant:
    """The passages with proving lines, in the suite's order of lines."""
    if not question.lines:
        return assistant
    rows = proving_rows(opened(assistant).records, question)
    return _with(assistant, vectors=_Given(rows), lexical=_NoTerms())


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


def _with(
    assistant: Assistant, vectors: object | None = None, lexical: object | None = None
) -> Assistant:
    index = opened(assistant)
    changed: OpenIndex = replace(
        index,
        vectors=cast(VectorStore, vectors or index.vectors),
        lexical=cast(LexicalIndex, lexical or index.lexical),
    )
    return over(assistant, lambda: changed)
