"""One question being answered: the events as they come, what is known so far, and the stop.

The iterator of events runs in a thread of its own, from its first to its last step: whatever the
models keep per thread stays there, and it is closed there too. Knows nothing of any page.
"""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from rag.types import (
    Answer,
    Article,
    Done,
    Event,
    Found,
    Passage,
    Proven,
    Reading,
    Statement,
    Turn,
    Writing,
)

Stage = Literal["searching", "found", "reading", "writing", "done"]


class Assistant(Protocol):
    """What the page needs to be told. Closing the iterator of ``answer`` stops the model."""

    @property
    def model(self) -> str: ...
    @property
    def advice(self) -> str | None: ...
    def answer(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Event]: ...
    def article(self, id: str) -> Article: ...
    def articles(self) -> tuple[Article, ...]: ...


@dataclass(frozen=True, slots=True)
class Talk:
    """One conversation: what is shown of each question, and what the model is told of it."""

    shown: tuple[str, ...] = ()
    turns: tuple[Turn, ...] = ()

    def plus(self, shown: str, answer: Answer | None) -> Talk:
        turn = (Turn(answer.question, answer.text),) if answer else ()
        return Talk((*self.shown, shown), (*self.turns, *turn))


@dataclass(frozen=True, slots=True)
class Draft:
    """What is known of an answer so far. ``percent`` is how much of the prompt has been read."""

    question: str
    stage: Stage = "searching"
    passages: tuple[Passage, ...] = ()
    percent: int = 0
    statements: tuple[Statement, ...] = ()
    sentence: str = ""
    answer: Answer | None = None

    def after(self, event: Event) -> Draft:
        """The draft once ``event`` has happened."""
        match event:
            case Found(result=result):
                return replace(self, stage="found", passages=result.passages)
            case Reading(done=done, total=total):
                percent = min(100, round(100 * done / total)) if total > 0 else 0
                return replace(self, stage="reading", percent=percent)
            case Writing(text=text):
                return replace(self, stage="writing", sentence=text)
            case Proven(statement=statement):
                statements = (*self.statements, statement)
                return replace(self, stage="writing", statements=statements, sentence="")
            case Done(answer=answer):
                return replace(self, stage="done", passages=answer.passages, answer=answer)


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

        Of several ``Reading`` or ``Writing`` waiting in a row only the last is given.
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
    return type(later) is type(earlier) and isinstance(later, Reading | Writing)
