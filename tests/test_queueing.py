"""The queue before the model: first come, first served, and one who leaves makes room."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.queueing import Queue


def test_twenty_at_once_are_served_one_by_one_in_the_order_they_came():
    queue = Queue()
    served: list[int] = []
    told: dict[int, list[int]] = {}
    busy = threading.Lock()

    def ask(number: int) -> None:
        with queue.place() as place:
            told[number] = list(place.wait())
            assert busy.acquire(blocking=False), "two are served at the same time"
            served.append(number)
            time.sleep(0.02)
            busy.release()

    with ThreadPoolExecutor(20) as pool:
        for number in range(20):
            pool.submit(ask, number)
            time.sleep(0.002)
    assert served == list(range(20))
    for number, positions in told.items():
        assert positions == sorted(positions, reverse=True), "nobody is overtaken"
        assert (positions[0] if positions else 0) <= number
    assert told[19][0] > 5


def test_one_who_leaves_moves_the_others_up():
    queue = Queue()
    with queue.place() as first:
        assert list(first.wait()) == []
        with queue.place() as second, queue.place() as third:
            assert next(second.wait()) == 1
            waiting = third.wait()
            assert next(waiting) == 2
        with queue.place() as late:
            assert next(late.wait()) == 1, "those who left do not count"


@pytest.mark.parametrize("at_once", [1, 2, 4])
def test_as_many_as_allowed_need_not_wait(at_once: int):
    queue = Queue(at_once)
    places = [queue.place() for _ in range(at_once + 1)]
    entered = [each.__enter__() for each in places]
    assert [next(each.wait(), 0) for each in entered] == [0] * at_once + [1]
    places[0].__exit__(None, None, None)
    assert next(entered[-1].wait(), 0) == 0
