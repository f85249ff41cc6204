"""One question being answered: the events as they come, what is known so far, and the stop.

The iterator of events runs in a thread of its own, from its first to its last step: whatever the
models keep per thread stays there, and it is closed there too. Knows nothing of any page.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Collection, Iterator, Sequence
from contextlib import aclosing
from typing import Protocol

from rag.errors import GeneratorError
from rag.types import (
    Answer,
    Article,
    Done,
    Event,
    Loading,
    Queued,
    Reading,
    SearchResult,
    Turn,
    Writing,
)


class Assistant(Protocol):
    """What the page needs to be told. Closing the iterator of ``answer`` stops the model.

    ``loading``: what has to be loaded before anything is answered; None once all is there.
    """

    @property
    def model(self) -> str: ...
    @property
    def advice(self) -> str | None: ...
    @property
    def loading(self) -> Loading | None: ...
    @property
    def index_version(self) -> str: ...
    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        among: Collection[str] | None = None,
        variation: int = 0,
    ) -> Iterator[Event]: ...
    def search(
        self, question: str, k: int | None = None, among: Collection[str] | None = None
    ) -> SearchResult: ...
    def article(self, id: str) -> Article: ...
    def articles(self) -> tuple[Article, ...]: ...
    def follow_ups(self, answer: Answer, among: Collection[str] | None = None) -> tuple[str, ...]:
        """Questions a reader may ask next, each of which the articles can answer."""
        ...

    def openers(self) -> tuple[str, ...]:
        """Questions to begin with, each of which the articles can answer."""
        ...


class Asking:
    """Runs one iterator of events in its own thread; ``stop`` closes it. Use it once."""

    def __init__(self, start: Callable[[], Iterator[Event]]) -> None:
        self._start = start
        self._stopped = threading.Event()
        self._queue: asyncio.Queue[Event | Exception | None] = asyncio.Queue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name="asking", daemon=True)

    @property
    def stopped(self) -> bool:
        return self._stopped.is_set()

    def stop(self) -> None:
        """End ``events`` at once; the iterator is closed as soon as its present step is over."""
        self._stopped.set()
        self._put(None)

    async def events(self) -> AsyncGenerator[Event, None]:
        """The events as they come; raises what the iterator raises. Leaving it stops the model.

        Of several of a kind (``Reading``, say) waiting in a row only the last is given.
        """
        self._thread.start()
        waiting: deque[Event | Exception | None] = deque()
        try:
            while True:
                if not waiting:
                    waiting.append(await self._queue.get())
                while not self._queue.empty():
                    waiting.append(self._queue.get_nowait())
                event = waiting.popleft()
                if event is None or self.stopped:
                    return
                if isinstance(event, Exception):
                    raise event
                if not (waiting and _replaces(waiting[0], event)):
                    yield event
        finally:
            self._stopped.set()

    async def answer(self) -> Answer:
        """The whole answer, and what the iterator raises. GeneratorError if it was stopped."""
        async with aclosing(self.events()) as events:
            async for event in events:
                if isinstance(event, Done):
                    return event.answer
        raise GeneratorError("The answer was broken off; ask again.")

    def _run(self) -> None:
        try:
            events = self._start()
            try:
                for event in events:
                    if self.stopped:
                        break
                    self._put(event)
            finally:
                close = getattr(events, "close", None)
                if close is not None:
                    close()
        except Exception as error:  # noqa: BLE001 - handed over to the reader of events()
            self._put(error)
        else:
            self._put(None)

    def _put(self, event: Event | Exception | None) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)


def _replaces(later: object, earlier: object) -> bool:
    return type(later) is type(earlier) and isinstance(later, Loading | Queued | Reading | Writing)
