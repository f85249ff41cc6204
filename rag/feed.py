"""What a thread brings in, as a generator that can be closed at any time.

A language model says nothing while it reads. If the caller waited inside the model's own call,
there would be no moment at which it could be stopped; so the call runs in a thread, and the
generator gives the caller a sign of life (None) whenever nothing has come for a while.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from queue import Empty, SimpleQueue
from time import monotonic
from typing import TypeVar

T = TypeVar("T")

BEAT = 0.25
"""Seconds without news after which the caller gets None."""

_FAREWELL = 5.0
"""Seconds a closing caller waits for the thread: longer than a model needs for one batch."""


def follow(
    work: Callable[[Callable[[T], None], threading.Event], None], seconds: float
) -> Generator[T | None, None, None]:
    """Run ``work(put, stopped)`` in a thread; yield what it puts, None after each silent BEAT.

    ``work`` has to end soon after ``stopped`` is set: that happens when the generator is closed,
    and before TimeoutError is raised because ``seconds`` passed without news. What ``work``
    raises is raised here.
    """
    news: SimpleQueue[tuple[T] | None] = SimpleQueue()
    stopped = threading.Event()

    def ended(_: Future[None]) -> None:
        news.put(None)

    with_thread = ThreadPoolExecutor(1, thread_name_prefix="language-model")
    future = with_thread.submit(work, lambda item: news.put((item,)), stopped)
    future.add_done_callback(ended)
    with_thread.shutdown(wait=False)
    last = monotonic()
    try:
        while True:
            try:
                item = news.get(timeout=BEAT)
            except Empty:
                if monotonic() - last > seconds:
                    raise TimeoutError(f"nothing came for {seconds:.0f} s") from None
                yield None
                continue
            if item is None:
                future.result()
                return
            yield item[0]
            # Counted from here, so that a caller who takes his time is not the model's delay.
            last = monotonic()
    finally:
        stopped.set()
        wait([future], timeout=_FAREWELL)
