"""The embedded language model, with a real small one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import pytest

from rag.catalogue import load_catalogue
from rag.errors import ModelError, PromptTooLong
from rag.generate_llamacpp import LlamaCppGenerator
from rag.models import pull
from rag.ports import Finished, Token
from rag.settings import load_settings
from rag.types import Message, Reading

NAME = "smollm2-135m-instruct"
CONTEXT = 1024


@pytest.fixture(scope="module")
def gguf() -> Path:
    return pull(load_catalogue()[NAME], load_settings().model_dir, lambda _: None)


@pytest.fixture(scope="module")
def generator(gguf: Path) -> LlamaCppGenerator:
    return LlamaCppGenerator(gguf, NAME, os.cpu_count() or 1, CONTEXT)


def ask(text: str) -> list[Message]:
    return [Message("user", text)]


def long_text(seed: str, words: int) -> str:
    return " ".join(f"{seed}{n}" for n in range(words))


def wait_until_idle() -> None:
    """Until no thread waits for the model any more; AssertionError after two minutes."""
    end = time.monotonic() + 120
    while any(t.name.startswith("language-model") for t in threading.enumerate()):
        assert time.monotonic() < end, "the model goes on"
        time.sleep(0.05)


def listening() -> set[str]:
    """The inodes of the TCP sockets on which this process listens (Linux)."""
    mine = set()
    for handle in Path("/proc/self/fd").iterdir():
        if handle.is_symlink():
            mine.add(str(handle.readlink()))
    found = set()
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        for row in table.read_text().split("\n")[1:]:
            fields = row.split()
            if fields and fields[3] == "0A" and f"socket:[{fields[9]}]" in mine:
                found.add(fields[9])
    return found


def test_the_model_reads_then_writes_then_is_finished(generator: LlamaCppGenerator) -> None:
    events = list(generator.stream(ask(f"Repeat: {long_text('a', 90)}"), 12))
    kinds = [type(event) for event in events]
    assert set(kinds) == {Reading, Token, Finished}
    assert kinds == sorted(kinds, key=[Reading, Token, Finished].index)
    assert kinds.count(Finished) == 1
    usage = events[-1].usage
    assert 0 < usage.completion <= 12
    assert "".join(e.text for e in events if isinstance(e, Token)).strip()


def test_reading_is_told_in_steps_up_to_the_whole_prompt(generator: LlamaCppGenerator) -> None:
    *readings, finished = [
        e
        for e in generator.stream(ask(long_text("b", 100)), 1)
        if isinstance(e, Reading | Finished)
    ]
    told = [r for r in readings if r.total == finished.usage.prompt]
    done = [r.done for r in told]
    assert done == sorted(done)
    assert done[-1] == finished.usage.prompt
    assert max(b - a for a, b in pairwise(done)) <= 128


def test_the_same_question_gets_the_same_answer_from_the_cache(
    generator: LlamaCppGenerator,
) -> None:
    question = ask(f"What is the third word? {long_text('c', 60)}")
    first = list(generator.stream(question, 16))
    second = list(generator.stream(question, 16))

    def text(events: Sequence[object]) -> str:
        return "".join(e.text for e in events if isinstance(e, Token))

    assert text(first) == text(second)
    assert first[-1].usage.cached < 40
    assert second[-1].usage.cached == second[-1].usage.prompt - 1


RULES = Message("system", f"Rules: {long_text('r', 60)}")
WEIGHED = Message("system", f"Judge: {long_text('w', 60)}")


def beginning(gguf: Path, memory: Path, parallel: int = 1) -> LlamaCppGenerator:
    beginnings = ([RULES], [WEIGHED])
    return LlamaCppGenerator(
        gguf, NAME, 2, 512, parallel=parallel, beginnings=beginnings, memory=memory
    )


def cached(generator: LlamaCppGenerator, name: str) -> int:
    *_, finished = generator.stream([RULES, Message("user", f"Who is {name}?")], 24)
    return finished.usage.cached


def test_what_prompts_begin_with_is_read_while_the_model_is_loaded(
    gguf: Path, tmp_path: Path
) -> None:
    generator = beginning(gguf, tmp_path / "read", parallel=2)
    with ThreadPoolExecutor(2) as askers:
        assert min(askers.map(lambda name: cached(generator, name), ("Ada", "Bob"))) > 100


def test_what_was_read_once_is_kept_for_the_next_start(gguf: Path, tmp_path: Path) -> None:
    memory = tmp_path / "read"
    beginning(gguf, memory)
    kept = {file.name: file.read_bytes() for file in memory.iterdir()}
    assert len(kept) == 2  # for answers, and for what is weighed
    again = beginning(gguf, memory)
    assert cached(again, "Ada") > 100
    assert {file.name: file.read_bytes() for file in memory.iterdir()} == kept
    assert again.weigh([WEIGHED, Message("user", "Is it?")], "Yes", "No") is not None


def test_a_damaged_memory_is_read_anew(gguf: Path, tmp_path: Path) -> None:
    memory = tmp_path / "read"
    beginning(gguf, memory)
    sizes = {file.name: file.stat().st_size for file in memory.iterdir()}
    for at, file in enumerate(sorted(memory.iterdir())):
        file.write_bytes(file.read_bytes()[: 1000 * at])
    assert cached(beginning(gguf, memory), "Ada") > 100
    assert {file.name: file.stat().st_size for file in memory.iterdir()} == sizes


def test_closing_stops_the_model_while_it_reads(generator: LlamaCppGenerator) -> None:
    question = ask(long_text("d", 150))
    news = generator.stream(question, 1)
    next(event for event in news if isinstance(event, Reading) and event.done > 100)
    news.close()
    wait_until_idle()
    *_, finished = generator.stream(question, 1)
    read_before = finished.usage.cached
    assert read_before < finished.usage.prompt - 100


def test_closing_stops_the_model_while_it_writes(generator: LlamaCppGenerator) -> None:
    news = generator.stream(ask("Count from one to one thousand, each number in words."), 900)
    pieces = (event for event in news if isinstance(event, Token) and event.text)
    next(pieces)
    # In seconds of processor time: other programs slow the model down, not this measure.
    start = time.process_time()
    for _ in range(20):
        next(pieces)
    twenty = time.process_time() - start
    news.close()
    wait_until_idle()
    time.sleep(1)
    assert time.process_time() - start < 5 * twenty + 0.2  # to the end it would be far more
    *_, finished = generator.stream(ask("Hello?"), 4)
    assert isinstance(finished, Finished)


def test_two_callers_of_one_slot_are_served_one_after_the_other(
    generator: LlamaCppGenerator,
) -> None:
    with ThreadPoolExecutor(2) as askers:
        ends = list(askers.map(lambda q: list(generator.stream(ask(q), 8))[-1], ("One?", "Two?")))
    assert all(isinstance(end, Finished) for end in ends)


def test_each_caller_has_the_whole_context(gguf: Path) -> None:
    generator = LlamaCppGenerator(gguf, NAME, 2, 512, parallel=2)
    *_, finished = generator.stream(ask(long_text("f", 140)), 1)
    assert 256 < finished.usage.prompt < 512


@pytest.mark.parametrize(("words", "answer"), [(1000, 8), (20, CONTEXT)])
def test_a_prompt_that_leaves_no_room_is_refused_and_the_next_one_is_answered(
    generator: LlamaCppGenerator, words: int, answer: int
) -> None:
    with pytest.raises(PromptTooLong, match=f"context of {CONTEXT}"):
        list(generator.stream(ask(long_text("g", words)), answer))
    *_, finished = generator.stream(ask("Hello?"), 4)
    assert isinstance(finished, Finished)


@pytest.fixture(params=["missing", "text", "cut"])
def bad_file(request: pytest.FixtureRequest, gguf: Path, tmp_path: Path) -> Path:
    path = tmp_path / "model.gguf"
    if request.param == "text":
        path.write_text("<html>not found</html>")
    if request.param == "cut":
        path.write_bytes(gguf.read_bytes()[:10_000_000])
    return path


def test_a_file_that_is_no_model_is_one_clear_line(
    bad_file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError) as refused:
        LlamaCppGenerator(bad_file, "mine", 2)
    assert str(bad_file) in refused.value.what
    assert "\n" not in refused.value.what
    assert refused.value.mend.startswith("rag models ")
    assert capfd.readouterr() == ("", "")


def test_loading_and_answering_print_nothing(gguf: Path, capfd: pytest.CaptureFixture[str]) -> None:
    list(LlamaCppGenerator(gguf, NAME, 2, 512).stream(ask("Hello?"), 4))
    assert capfd.readouterr() == ("", "")


def test_the_model_opens_no_network_port(gguf: Path) -> None:
    before = listening()
    generator = LlamaCppGenerator(gguf, NAME, 2, 512)
    list(generator.stream(ask("Hello?"), 2))
    assert listening() == before


def test_the_name_tells_backend_and_model(generator: LlamaCppGenerator) -> None:
    assert generator.name == f"llamacpp:{NAME}"


def test_two_words_are_weighed_and_the_cache_of_the_answers_stays(
    generator: LlamaCppGenerator,
) -> None:
    prompt = ask(f"Repeat: {long_text('w', 120)}")
    *_, before = generator.stream(prompt, 2)
    yes = generator.weigh(ask("Is water wet? Answer Yes or No."), "Yes", "No")
    no = generator.weigh(ask("Is water wet? Answer Yes or No."), "No", "Yes")
    assert yes is not None
    assert no is not None
    assert 0 < yes < 1
    assert yes + no == pytest.approx(1)
    *_, after = generator.stream(prompt, 2)
    assert isinstance(before, Finished)
    assert isinstance(after, Finished)
    assert after.usage.cached >= before.usage.prompt - 2


def test_words_the_model_would_never_say_are_not_weighed(generator: LlamaCppGenerator) -> None:
    assert generator.weigh(ask("Say hello."), "qqxzv", "zzqkj") is None
