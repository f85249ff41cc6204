"""What readers said of the answers: one SQLite file, made at the first rating.

It stands beside the index versions and belongs to no version. Each rating is a transaction of its
own, so several threads and processes may write, and a killed one loses nothing that was kept.
"""

from __future__ import annotations

import json
import sqlite3
import uuid
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar, get_args

from rag.errors import FeedbackError
from rag.release import program_version
from rag.types import Rating

FILE = "feedback.sqlite"
MOST_REASON = 1000  # characters; the rest is cut off
_SECONDS = 10  # longest wait for another writer

_Found = TypeVar("_Found")

_SCHEMA = """
CREATE TABLE IF NOT EXISTS rating (
    row INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, time TEXT NOT NULL,
    rating TEXT NOT NULL, reason TEXT NOT NULL, answer TEXT NOT NULL, program TEXT NOT NULL
)
"""
_ADD = """
INSERT INTO rating (key, time, rating, reason, answer, program) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (key) DO UPDATE SET time = excluded.time, rating = excluded.rating,
    reason = excluded.reason, answer = excluded.answer, program = excluded.program
"""
_ALL = """
SELECT time, rating, reason, answer, program FROM rating WHERE time >= ? ORDER BY time, row
"""


@dataclass(frozen=True, slots=True)
class Rated:
    """One rating. ``time``: UTC, ISO 8601. ``answer``: as ``rag ask --json`` prints it."""

    time: str
    rating: Rating
    reason: str
    question: str
    index_version: str
    model: str
    program: str
    answer: Mapping[str, Any]


class Feedback:
    """The ratings in a file. Safe to use from several threads and processes."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def add(
        self, rating: Rating, reason: str, answer_json: Mapping[str, Any], key: str | None = None
    ) -> str:
        """Keep a rating and return its key; with ``key`` it replaces the one of that key.

        Raises FeedbackError if it cannot be kept.
        """
        if rating not in get_args(Rating):
            raise ValueError(f"{rating!r} is no rating")
        key = key or uuid.uuid4().hex
        row = (
            key,
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            rating,
            reason.strip()[:MOST_REASON].encode(errors="replace").decode(),
            json.dumps(answer_json),
            program_version(),
        )
        self._use(lambda db: db.execute(_ADD, row))
        return key

    def all(self, since: date = date.min) -> tuple[Rated, ...]:
        """The ratings from this day (UTC) on, oldest first. Raises FeedbackError if they cannot be
        read."""
        if not self._file.exists():
            return ()
        day = since.isoformat()
        return self._use(lambda db: tuple(map(_rated, db.execute(_ALL, (day,)))))

    def _use(self, work: Callable[[sqlite3.Connection], _Found]) -> _Found:
        """Work on the file in one transaction; a file that cannot be used is left as it is."""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._file, timeout=_SECONDS)) as db, db:
                db.execute(_SCHEMA)
                return work(db)
        except (OSError, sqlite3.OperationalError) as error:
            raise FeedbackError(
                f"The ratings in {self._file} cannot be used: {error}.",
                f"make {self._file.parent} writable, with space left",
            ) from error
        except (sqlite3.DatabaseError, ValueError, KeyError, TypeError) as error:
            raise FeedbackError(
                f"The ratings in {self._file} are damaged: {error}.",
                f"mv {self._file} {self._file}.damaged",
            ) from error


def _rated(row: tuple[str, Rating, str, str, str]) -> Rated:
    time, rating, reason, text, program = row
    answer = json.loads(text)
    known = (answer["question"], answer["index_version"], answer["model"])
    return Rated(time, rating, reason, *known, program, answer)
