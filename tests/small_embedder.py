"""A real, tiny embedder: stems hashed into 64 numbers. Deterministic, instant, and it counts."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np

from rag.german import terms
from rag.ports import Progress, Vectors


class SmallEmbedder:
    """Texts that share stems are near. ``embedded`` holds every text it was given as a document."""

    dimension = 64
    max_tokens = 512

    def __init__(self, fingerprint: str = "small-1") -> None:
        self.fingerprint = fingerprint
        self.embedded: list[str] = []

    def query(self, text: str) -> Vectors:
        return self._vectors([text])

    def documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.embedded += texts
        if progress:
            progress(len(texts))
        return self._vectors(texts)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def _vectors(self, texts: Sequence[str]) -> Vectors:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for term in terms(text):
                vectors[row, zlib.crc32(term.encode()) % self.dimension] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
