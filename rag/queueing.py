"""A queue before something that serves only a few at a time: first come, first served.

Each one waiting is told how many are before it, and leaves the queue by leaving its place.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_HEARTBEAT = 0.25  # seconds; as often a waiting one can be told to go away


class Queue:
    """``at_once`` are served at the same time. Safe to use from several threads."""

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._change = threading.Condition()
        self._places: list[object] = []  # those being served first, then those waiting

    @contextmanager
    def place(self) -> Iterator[Place]:
        """A place at the end of the queue, held while the block runs."""
        place = Place(self)
        with self._change:
            self._places.append(place)
        try:
            yield place
        finally:
            with self._change:
                self._places.remove(place)
                self._change.notify_all()

    def _ahead(self, place: Place) -> int:
        return max(0, self._places.index(place) + 1 - self._at_once)


class Place:
    """One place in a queue."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue

    def wait(self) -> Iterator[int]:
        """How many turns it still takes, several times a second, until it is this place's turn.

        Gives nothing if that is at once.
        """
        change = self._queue._change
        while True:
            with change:
                ahead = self._queue._ahead(self)
            if not ahead:
                return
            yield ahead  # outside the lock: who knows how long the caller takes
            with change:
                if self._queue._ahead(self) == ahead:
                    change.wait(_HEARTBEAT)
