"""Vectors on disk and the search over them. Home of faiss.

Inner product of L2-normalised float32 vectors, so a score is a cosine: higher is better.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np

from rag.errors import IndexMismatch
from rag.ports import Vectors

CHUNKS = "chunks.faiss"
SENTENCES = "sentences.faiss"


def write_vectors(file: Path, vectors: Vectors) -> str:
    """Writes an exact index; row n keeps its number. Returns the FAISS type it chose."""
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))
    faiss.write_index(index, str(file))
    return "Flat"


class VectorStore:
    """An open FAISS index."""

    def __init__(self, file: Path) -> None:
        try:
            self._index = faiss.read_index(str(file))
        except RuntimeError as error:
            raise IndexMismatch(f"{file} cannot be read.", "rag index") from error

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, query: Vectors, k: int) -> list[tuple[int, float]]:
        """The k rows nearest to the first query vector: (row, cosine), best first."""
        if not len(self):
            return []
        scores, rows = self._index.search(query[:1], min(k, len(self)))
        return [(int(r), float(s)) for r, s in zip(rows[0], scores[0], strict=True) if r >= 0]

    def cosines(self, query: Vectors, rows: Sequence[int]) -> list[float]:
        """The cosine of the first query vector to each of the given rows."""
        if not rows:
            return []
        vectors = self._index.reconstruct_batch(np.asarray(rows, dtype=np.int64))
        return [float(c) for c in vectors @ query[0]]
