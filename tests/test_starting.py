"""The page is there before the models: what can be read at once, and what is waited for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from small_world import BRIDGE, TOWER, World

from rag import app
from rag.assistant import Assistant
from rag.errors import CorpusError, IndexMismatch, IndexMissing, ModelError
from rag.indexing import IndexReport
from rag.settings import Settings
from rag.starting import IndexedArticles, LateAssistant, late_assistant
from rag.types import Done, Event, Loading

ROOT = Path(__file__).parent.parent
LONG = "Wie lang ist die Brücke über die Donau?"
NO_MODEL = ModelError("No model.", "rag models pull")


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path).write(bruecke=BRIDGE, turm=TOWER)
    world.build()
    return world


class Slow:
    """A load that goes on when it is told to, and watches as a real one does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.go = threading.Event()
        self.fails: Exception | None = None
        self.watch: app.Watch = app.unwatched
        self.late = LateAssistant(IndexedArticles(world.settings), self.load)

    def load(self, watch: app.Watch) -> Assistant:
        self.watch = watch
        assert self.go.wait(20)
        if self.fails:
            raise self.fails
        return self.world.assistant()

    def end(self) -> None:
        self.go.set()


@pytest.fixture
def slow(world: World) -> Iterator[Slow]:
    slow = Slow(world)
    yield slow
    slow.end()


def test_articles_are_read_while_nothing_else_is_there(slow: Slow) -> None:
    slow.late.load()
    assert [a.id for a in slow.late.articles()] == ["bruecke.txt", "turm.txt"]
    assert slow.late.article("turm.txt").text == TOWER
    with pytest.raises(CorpusError):
        slow.late.article("nirgends.txt")
    before = slow.late.index_version
    slow.world.write(turm=TOWER + "Er ist rot.\n").build()
    assert slow.late.index_version != before
    assert "rot" in slow.late.article("turm.txt").text
    assert (slow.late.model, slow.late.advice) == ("", None)
    assert (slow.late.openers(), slow.late.loading) == ((), Loading("articles"))


def test_a_question_asked_while_loading_is_answered_as_if_it_had_been_asked_later(
    slow: Slow,
) -> None:
    future = slow.late.load()
    events: list[Event] = []
    for event in slow.late.answer(LONG):
        events.append(event)
        if len(events) == 3:
            slow.end()
    waited = [e for e in events if isinstance(e, Loading)]
    assert 3 <= len(waited) <= 5
    assert events[: len(waited)] == waited
    done, later = events[-1], future.result().ask(LONG)
    assert isinstance(done, Done)
    assert "350 Meter" in done.answer.text
    assert done.answer.statements == later.statements
    assert slow.late.loading is None
    assert slow.late.model == "extractive"
    assert slow.late.articles() == future.result().articles()


def test_one_who_waits_hears_a_sign_of_life_several_times_a_second(slow: Slow) -> None:
    slow.late.load()
    answer = slow.late.answer(LONG)
    began = time.monotonic()
    assert [next(answer) for _ in range(4)] == [Loading("articles")] * 4
    assert time.monotonic() - began < 1.5
    answer.close()


def test_a_search_waits_for_the_models(slow: Slow) -> None:
    slow.late.load()
    with ThreadPoolExecutor() as pool:
        searching = pool.submit(slow.late.search, LONG, 1)
        time.sleep(0.1)
        assert not searching.done()
        slow.end()
        assert searching.result(10).passages[0].chunk.article == "bruecke.txt"


def test_what_takes_longest_is_told_with_how_far_it_is(slow: Slow) -> None:
    slow.late.load()
    told = [
        (Loading("embedding", 40, download=True), Loading("embedding", 40, download=True)),
        (Loading("llm", 3, download=True), Loading("llm", 3, download=True)),
        (Loading("embedding"), Loading("llm", 3, download=True)),
        (Loading("llm", 100, download=True), Loading("llm", 100, download=True)),
        (Loading("llm"), Loading("llm")),
        (Loading("llm", 100), Loading("embedding")),
        (Loading("embedding", 100), Loading("articles")),
    ]
    for said, shown in told:
        slow.watch(said)
        assert slow.late.loading == shown
        assert next(slow.late.answer(LONG)) == shown


def test_a_failed_load_is_told_to_those_who_wait_and_to_all_later_ones(slow: Slow) -> None:
    slow.fails = NO_MODEL
    future = slow.late.load()
    answer = slow.late.answer(LONG)
    next(answer)
    slow.end()
    asked: list[Callable[[], Any]] = [
        *(lambda: list(answer), lambda: list(slow.late.answer(LONG))),
        *(lambda: slow.late.search(LONG), future.result),
    ]
    for ask in asked:
        with pytest.raises(ModelError) as refused:
            ask()
        assert refused.value is NO_MODEL
    assert slow.late.loading is None
    assert len(slow.late.articles()) == 2


def test_what_is_wrong_with_the_index_is_said_before_anything_loads(world: World) -> None:
    said: list[str] = []
    other = world.settings.model_copy(update={"chunk_chars": 900})
    with pytest.raises(IndexMismatch, match="chunk_chars"):
        late_assistant(other, said.append)
    with pytest.raises(IndexMissing):
        late_assistant(other.model_copy(update={"index": world.folder / "nirgends"}), said.append)
    assert said == []


@pytest.fixture
def chat(paris: tuple[Settings, IndexReport]) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts ``rag chat`` on a free port, with these settings."""
    running: list[subprocess.Popen[str]] = []

    def start(**settings: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "rag.cli", "--index", str(paris[0].index)]
        process = subprocess.Popen(
            [*command, "chat", "--port", "0"],
            cwd=ROOT,
            env={**os.environ, "RAG_LLM": "extractive", **settings},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def posted(url: str, body: object = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=60) as reply:  # noqa: S310
        return str(reply.read().decode())


def test_the_page_answers_before_the_models_are_there_and_no_question_is_lost(
    chat: Callable[..., subprocess.Popen[str]],
) -> None:
    process = chat()
    assert process.stdout
    assert process.stderr
    told: list[str] = []
    listening = threading.Thread(target=told.extend, args=[process.stderr], daemon=True)
    listening.start()
    url = process.stdout.readline().strip()
    article = json.loads(posted(f"{url}/artikel?id=wiwo-ki-gipfel-in-paris.txt"))
    call = json.loads(posted(f"{url}/gradio_api/call/ask", {"data": ["Was ist ROOST?"]}))
    assert told == ["Starting the chat page ...\n"], "the models were there first"
    assert article["lines"]
    stream = posted(f"{url}/gradio_api/call/ask/{call['event_id']}")
    assert "event: complete" in stream
    (answer,) = json.loads(stream.rsplit("data: ", 1)[1])
    assert "ROOST" in answer["answer"]
    process.terminate()
    listening.join(10)
    assert "Answers by extractive.\n" in told
    assert "Better answers: RAG_LLM=auto rag chat\n" in told


def test_a_model_that_cannot_be_loaded_ends_the_chat_with_one_line(
    chat: Callable[..., subprocess.Popen[str]], tmp_path: Path
) -> None:
    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"GGUF and nothing else")
    process = chat(RAG_LLM=f"llamacpp:{bad}")
    _, told = process.communicate(timeout=60)
    started, error, end = told.split("\n")
    assert (process.returncode, end) == (1, "")
    assert started == "Starting the chat page ..."
    assert error.startswith("rag: Model bad cannot be loaded")
    assert error.endswith("Mend it: rag models verify")


@pytest.mark.parametrize("seconds", [0.0, 1.0, 2.5])
def test_ctrl_c_while_loading_ends_the_chat_quietly(
    chat: Callable[..., subprocess.Popen[str]], seconds: float
) -> None:
    process = chat(RAG_LLM="llamacpp:smollm2-135m-instruct")
    assert process.stdout
    process.stdout.readline()
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in told
    assert told.endswith("Stopped.\n")
