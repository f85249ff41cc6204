"""One side of the comparison in a process of its own, so that its memory is its own.

``Process`` starts it and speaks to it: one JSON object a line. What takes time is timed inside.
Run as ``python -m eval.side ours|plain`` it is that process; it ends with its standard input.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import Any, Literal, Protocol

from eval import inside, systems, worlds
from eval.datasets import Dataset
from eval.errors import EvalError
from eval.outside import environment
from eval.suite import Question
from rag import app
from rag.assistant import Assistant
from rag.contract import Json, answer_json
from rag.errors import RagError
from rag.settings import Settings
from rag.types import Answer

Name = Literal["ours", "plain"]
_PATIENCE = 10.0  # seconds a side has for its end


class Side(Protocol):
    """``search`` and ``build``: seconds. ``ask``: {"seconds", "first", "prompt", "cached",
    "answer"}, times in seconds, the answer in the program's own JSON. ``memory``: peak MiB."""

    def search(self, question: str) -> float: ...
    def ask(self, question: str) -> Json: ...
    def build(self) -> float: ...
    def memory(self) -> float: ...


class Process(AbstractContextManager["Process"]):
    """A side that runs as a process of its own; ``ready`` waits until its models are loaded."""

    def __init__(self, name: Name, settings: Settings) -> None:
        self._name = name
        self._errors = TemporaryFile()  # noqa: SIM115 - closed by __exit__
        self._process = subprocess.Popen(
            [sys.executable, "-m", "eval.side", name],
            env=environment(settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            encoding="utf-8",
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise TypeError("a side is spoken to by pipes")
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        self._send(settings.model_dump_json())

    def ready(self) -> None:
        """Once, before anything else is asked. EvalError if it cannot be."""
        self._reply()

    def search(self, question: str) -> float:
        return float(self._call("search", question))

    def ask(self, question: str) -> Json:
        return dict(self._call("ask", question))

    def build(self) -> float:
        return float(self._call("build"))

    def memory(self) -> float:
        return float(self._call("memory"))

    def __exit__(self, *_: object) -> None:
        with suppress(BrokenPipeError):
            self._stdin.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._stdout.close()
        self._errors.close()

    def _call(self, what: str, *arguments: str) -> Any:
        self._send(json.dumps([what, *arguments]))
        return self._reply()

    def _send(self, line: str) -> None:
        with suppress(BrokenPipeError):  # it has ended; ``_reply`` reads why
            print(line, file=self._stdin, flush=True)

    def _reply(self) -> Any:
        """What it says next. EvalError if it fails."""
        reply = self._stdout.readline()
        if not reply:
            self._errors.seek(0)
            last = self._errors.read().decode("utf-8", "replace").strip().split("\n")[-1]
            raise EvalError(f"The process of {self._name} ended: {last}", "rag doctor")
        found = json.loads(reply)
        if "error" in found:
            raise EvalError(f"{self._name}: {found['error']}", found["mend"])
        return found["value"]


class Here:
    """A side in this process: how it answers, searches and builds an index from the files."""

    def __init__(
        self,
        search: Callable[[Question], object],
        ask: Callable[[Question], Answer],
        build: Callable[[], object],
    ) -> None:
        self._search, self._ask, self._build = search, ask, build

    def search(self, question: str) -> float:
        return _seconds(lambda: self._search(_asked(question)))

    def ask(self, question: str) -> Json:
        began = time.perf_counter()
        answer = self._ask(_asked(question))
        seconds = time.perf_counter() - began
        first = answer.times.first_token
        return {
            "seconds": seconds,
            "first": None if first is None else first / 1000,
            **asdict(answer.usage),
            "answer": answer_json(answer),
        }

    def build(self) -> float:
        return _seconds(self._build)

    def memory(self) -> float:
        # Not what getrusage says: a process begins with the peak of the one that started it.
        return inside.peak_memory_of(os.getpid()) or inside.peak_memory()


def ours(settings: Settings, assistant: Assistant) -> Here:
    """The program; its index is built into a folder that is gone afterwards, without the cache."""

    def build() -> None:
        with TemporaryDirectory(prefix="zeilentreu-bench-") as folder:
            own = settings.model_copy(update={"index": Path(folder)})
            worlds.build(own, assistant.embedder, own.index / "embeddings.sqlite")

    return Here(lambda q: assistant.search(q.question), lambda q: assistant.ask(q.question), build)


def plain(settings: Settings, say: app.Say) -> Here:
    """The plain pipeline over the same files."""
    module = systems.import_plain()
    nothing = Dataset("corpus", settings.corpus, "", ())
    texts = systems.texts_of(settings, nothing)
    pipeline = module.open_plain(settings, nothing, texts, say, True)
    embeddings = pipeline.store(_asked("")).embeddings
    return Here(
        pipeline.search,
        pipeline.ask,
        lambda: module.index(systems.texts_of(settings, nothing), embeddings),
    )


def _asked(question: str) -> Question:
    return Question("", question, "", True, ())


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _serve(name: str) -> None:
    """Replies to each line of stdin with one line; a library that prints does not disturb."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    side: Here | None = None
    for line in sys.stdin:
        found: dict[str, Any] = {"value": None}
        try:
            if side is None:
                side = _opened(name, Settings.model_validate_json(line))
            else:
                what, *arguments = json.loads(line)
                found["value"] = getattr(side, what)(*arguments)
        except RagError as error:
            found = {"error": error.what, "mend": error.mend}
        print(json.dumps(found), file=replies, flush=True)


def _opened(name: str, settings: Settings) -> Here:
    if name == "plain":
        return plain(settings, _say)
    return ours(settings, app.make_assistant(settings, _say))


if __name__ == "__main__":
    _serve(sys.argv[1])
