"""Work in a thread of its own that keeps the program neither waiting nor from ending."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import NoReturn, TypeVar

T = TypeVar("T")

_NAME = "background"


def begin(work: Callable[[], T], future: Future[T] | None = None) -> Future[T]:
    """Begin the work; its result or error becomes that of the future, which is returned.

    Unlike an executor's, the thread is left behind when the program ends by ``leave``.
    """
    promised: Future[T] = future or Future()

    def run() -> None:
        try:
            promised.set_result(work())
        except BaseException as error:  # noqa: BLE001 - handed over to whoever asks the future
            promised.set_exception(error)

    threading.Thread(target=run, name=_NAME, daemon=True).start()
    return promised


def leave(code: int) -> NoReturn:
    """End the program at once with this exit code, whatever work is still going on."""
    if any(thread.name == _NAME for thread in threading.enumerate()):
        # A library that is loading is not taken down in order: the process would abort or hang.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)
