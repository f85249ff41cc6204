"""What a thread brings in, and how it is stopped."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from rag.feed import follow

Put = Callable[[int], None]


def test_what_the_thread_puts_comes_out_in_order() -> None:
    def count(put: Put, stopped: threading.Event) -> None:
        for n in range(100):
            put(n)

    assert [n for n in follow(count, 10) if n is not None] == list(range(100))


def test_a_silent_thread_gives_signs_of_life_and_then_a_timeout() -> None:
    ended = threading.Event()

    def wait(put: Put, stopped: threading.Event) -> None:
        stopped.wait()
        ended.set()

    beats = []
    with pytest.raises(TimeoutError):
        beats.extend(follow(wait, 0.6))
    assert ended.wait(5)


def test_closing_stops_the_thread_and_waits_for_it() -> None:
    ended = threading.Event()

    def tick(put: Put, stopped: threading.Event) -> None:
        put(1)
        stopped.wait()
        time.sleep(0.1)
        ended.set()

    news = follow(tick, 10)
    assert next(news) == 1
    assert next(news) is None
    news.close()
    assert ended.is_set()


def test_what_the_thread_raises_arrives_after_what_it_put() -> None:
    def fail(put: Put, stopped: threading.Event) -> None:
        put(1)
        raise ZeroDivisionError

    news = follow(fail, 10)
    assert next(news) == 1
    with pytest.raises(ZeroDivisionError):
        next(news)


def test_a_slow_reader_is_not_taken_for_a_silent_thread() -> None:
    def two(put: Put, stopped: threading.Event) -> None:
        put(1)
        time.sleep(0.6)
        put(2)

    news = follow(two, 0.5)
    assert next(news) == 1
    time.sleep(0.8)
    assert next(news) == 2
