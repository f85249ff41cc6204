"""The passages for a question: chunks by their vector, by their best sentence, by their words."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import dataclass, replace

from rag.lexical import LexicalIndex
from rag.ports import Embedder, Vectors
from rag.records import Records
from rag.select import fuse
from rag.store import VectorStore
from rag.types import Passage, SearchResult, SearchTimes

_POOL = 100  # chunks each ranking gives to the fusion
_SENTENCE_POOL = 300  # sentences looked at for the chunks they stand in


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index version that is open for reading."""

    version: str
    records: Records
    chunks: VectorStore
    sentences: VectorStore
    lexical: LexicalIndex


def retrieve(
    index: OpenIndex,
    embedder: Embedder,
    question: str,
    k: int,
    also: str | None = None,
    among: Collection[str] | None = None,
) -> SearchResult:
    """The ``k`` best passages, the three rankings fused.

    With ``also``, a follow-up in another wording, the rankings of both wordings are fused. With
    ``among`` only passages of these articles are found, all of them ranked.
    """
    began = time.perf_counter()
    embedding = 0.0
    rankings: list[tuple[float, dict[int, float]]] = []
    vectors = []
    pool, sentence_pool = _POOL, _SENTENCE_POOL
    if among is not None:
        pool, sentence_pool = len(index.chunks), len(index.sentences)
    for asked in dict.fromkeys((question, also or question)):
        started = time.perf_counter()
        vectors.append(embedder.query(asked))
        embedding += time.perf_counter() - started
        rankings += [
            (1.0, dict(index.chunks.search(vectors[-1], pool))),
            (1.0, _by_sentence(index, vectors[-1], sentence_pool)),
            (index.lexical.coverage(asked), dict(index.lexical.search(asked, pool))),
        ]
    if among is not None:
        rankings = [
            (w, {r: s for r, s in found.items() if index.records.chunk(r).article in among})
            for w, found in rankings
        ]
    passages = tuple(_passage(index, row, score, vectors[-1]) for row, score in fuse(rankings)[:k])
    total = time.perf_counter() - began
    times = SearchTimes(1000 * embedding, 1000 * (total - embedding), 1000 * total)
    return SearchResult(question, passages, times)


def _by_sentence(index: OpenIndex, vector: Vectors, pool: int) -> dict[int, float]:
    """Chunks by the cosine of their best sentence."""
    best: dict[int, float] = {}
    for row, cosine in index.sentences.search(vector, pool):
        best.setdefault(index.records.chunk_of_sentence(row), cosine)  # sorted, so first is best
    return best


def _passage(index: OpenIndex, row: int, score: float, vector: Vectors) -> Passage:
    chunk = index.records.chunk(row)
    text = index.records.article(chunk.article).text[chunk.start : chunk.end]
    rows = index.records.sentence_rows(row)
    sentences = tuple(
        replace(index.records.sentence(r), cosine=cosine)
        for r, cosine in zip(rows, index.sentences.cosines(vector, rows), strict=True)
    )
    return Passage(chunk, text, score, sentences)
