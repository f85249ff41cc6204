"""Work in a thread of its own that keeps the program neither waiting nor from ending."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def begin(work: Callable[[], T], future: Future[T] | None = None) -> Future[T]:
    """Begin the work; its result or error becomes that of the future, which is returned.

    Unlike an executor's, the thread is left behind when the program ends.
    """
    promised: Future[T] = future or Future()

    def run() -> None:
        try:
            promised.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed over to whoever asks the future
            promised.set_exception(error)

    threading.Thread(target=run, name="background", daemon=True).start()
    return promised
