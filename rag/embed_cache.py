"""Vectors already computed, by (model fingerprint, text): no text is embedded twice.

A wrapper around any Embedder; the cache is a SQLite file beside the index versions and may be
deleted at any time.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from rag.errors import RagError
from rag.ports import Embedder, Progress, Vectors

_SCHEMA = """
CREATE TABLE IF NOT EXISTS vector (
    model TEXT NOT NULL, text TEXT NOT NULL, data BLOB NOT NULL, PRIMARY KEY (model, text)
) WITHOUT ROWID
"""
_TOLERANCE = 1e-3  # of a vector's squared length to 1
_SAVE_EVERY = 256  # texts; what a killed run loses at most


class CachedEmbedder:
    """Embeds only what the file does not know yet; queries are passed through."""

    def __init__(self, embedder: Embedder, file: Path) -> None:
        self._embedder = embedder
        self._file = file
        self.computed = 0

    @property
    def fingerprint(self) -> str:
        return self._embedder.fingerprint

    @property
    def dimension(self) -> int:
        return self._embedder.dimension

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._embedder.count_tokens(texts)

    def query(self, text: str) -> Vectors:
        return self._embedder.query(text)

    def documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """Vectors of the texts in order, shape (n, dimension)."""
        keys = [hashlib.sha256(t.encode()).hexdigest() for t in texts]
        known = self._load(set(keys))
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in known}
        if progress:
            progress(len(texts) - len(missing))
        todo = list(missing.items())
        for at in range(0, len(todo), _SAVE_EVERY):
            part = todo[at : at + _SAVE_EVERY]
            vectors = self._embedder.documents([text for _, text in part], progress)
            fresh = {key: row for (key, _), row in zip(part, vectors, strict=True)}
            self._save(fresh)
            known.update(fresh)
        self.computed += len(todo)
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return np.stack([known[k] for k in keys])

    def _load(self, keys: set[str]) -> dict[str, Vectors]:
        found: dict[str, Vectors] = {}

        def read(db: sqlite3.Connection) -> None:
            for key in keys:
                row = db.execute(
                    "SELECT data FROM vector WHERE model = ? AND text = ?", (self.fingerprint, key)
                ).fetchone()
                if row and len(row[0]) == 4 * self.dimension:
                    vector = np.frombuffer(row[0], dtype=np.float32)
                    with np.errstate(all="ignore"):
                        length = float(vector @ vector)
                    if abs(length - 1) < _TOLERANCE:  # else it is damaged
                        found[key] = vector

        self._use(read)
        return found

    def _save(self, vectors: dict[str, Vectors]) -> None:
        rows = [(self.fingerprint, k, np.float32(v).tobytes()) for k, v in vectors.items()]
        self._use(lambda db: db.executemany("INSERT OR REPLACE INTO vector VALUES (?, ?, ?)", rows))

    def _use(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Works on the file. A damaged one is removed, which costs time, never an index; RagError
        if it cannot be used at all (locked, disk full)."""
        try:
            with closing(sqlite3.connect(self._file, timeout=60)) as db, db:
                db.execute(_SCHEMA)
                work(db)
        except sqlite3.OperationalError as error:
            raise RagError(f"The file of vectors {self._file} cannot be used: {error}.") from error
        except sqlite3.DatabaseError:
            for suffix in ("", "-journal", "-wal", "-shm"):
                self._file.with_name(self._file.name + suffix).unlink(missing_ok=True)
