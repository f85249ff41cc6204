"""A language model in this process: llama.cpp's own server, without a network door.

The home of ``xllamacpp``. Nothing here knows where the model file comes from or what is asked.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xllamacpp

from rag.errors import GeneratorError, ModelError, PromptTooLong
from rag.feed import follow
from rag.odds import share
from rag.ports import WARMTH, Finished, Odds, Stream, Token
from rag.slot_files import SlotFiles
from rag.types import Message, Reading, Usage

_BATCH = 128
"""Prompt tokens read in one go. Between two batches progress is told and a stop is heard: about
every 2 s for 1.5 billion parameters on two cores. Bigger batches were not faster there."""

_COPIED = (3, 3, 1)
"""After 3 tokens that stood before, be it once, the 3 that followed there are tried at once:
answers copy much of their evidence. Writing takes two thirds of the time (eval/LOG.md)."""

_SOCKET_PATH_BYTES = 100
"""Unix sockets have names of at most 108 bytes (104 on macOS)."""

_WITH_ODDS = {"logprobs": True, "top_logprobs": 20}
"""Asks for the likeliest tokens, so many, in each place."""

_NAME_CHARS = 32  # of a file that keeps a slot

_CHARS_PER_TOKEN = 4
"""A guess, shown as the length of the prompt until the model has counted it."""


class LlamaCppGenerator:
    """``path``: a GGUF file; ``context_tokens``: prompt and answer together, for each caller.

    ``parallel`` callers are served at the same time, the others wait their turn. llama.cpp divides
    its whole context evenly among its slots, so ``context_tokens`` are set aside for each of them
    (for 1.5 billion parameters about 28 KB a token). ``seconds``: longest silence of the model.

    ``beginnings``: what all prompts, and all that are weighed, begin with. The latter have a slot
    of their own, so that they do not push the others' beginning out of the cache. Both are read
    when the model is loaded, or taken from ``memory``, a folder that keeps what was read.
    ``adapter``: a GGUF file that the model was tuned with to write; it weighs without.
    Loading takes seconds. Raises ModelError if a file cannot be loaded.
    """

    def __init__(
        self,
        path: Path,
        name: str,
        threads: int,
        context_tokens: int = 4096,
        parallel: int = 1,
        seconds: float = 120,
        beginnings: tuple[Sequence[Message], Sequence[Message]] = ((), ()),
        memory: Path | None = None,
        adapter: Path | None = None,
    ) -> None:
        self._name = name
        self._parallel = parallel
        self._seconds = seconds
        self._context = context_tokens
        self._weighing: dict[str, Any] = {"id_slot": parallel}
        if adapter:
            self._weighing["lora"] = [{"id": 0, "scale": 0.0}]
        slots = parallel + 1
        # The server insists on listening somewhere. A socket in a private folder that is gone once
        # the model is loaded leaves it no name under which anyone could reach it.
        with TemporaryDirectory(prefix="rag-") as folder:
            door = Path(folder) / "s.sock"
            params = _parameters(path, threads, context_tokens * slots, slots, memory, adapter)
            self._server = _load(params, path, name, door)
            files = SlotFiles(door, memory) if memory else None
            ours, weighed = beginnings
            for slot in range(parallel if ours else 0):
                self._begin({"id_slot": slot}, ours, files, _kept_as(path, adapter, ours))
            if weighed:
                if adapter:  # a slot forgets what it holds when it changes adapters: that first
                    self._read([Message("user", "")], self._weighing)
                self._begin(self._weighing, weighed, files, _kept_as(path, None, weighed))

    def _begin(
        self,
        extra: dict[str, Any],
        messages: Sequence[Message],
        files: SlotFiles | None,
        kept_as: str,
    ) -> None:
        """Has the slot of ``extra`` hold the messages."""
        slot = extra["id_slot"]
        if files and files.restore(slot, kept_as):
            return
        self._read(messages, extra)
        if files:
            files.save(slot, kept_as)

    def _read(self, messages: Sequence[Message], extra: dict[str, Any]) -> None:
        for _ in self._stream(messages, 1, extra):
            pass

    @property
    def name(self) -> str:
        return f"llamacpp:{self._name}"

    def stream(self, messages: Sequence[Message], max_tokens: int, variation: int = 0) -> Stream:
        """The events of one answer. While nothing happens an event is repeated (the last Reading,
        later an empty Token) several times a second, so that a caller can always close it.

        Raises PromptTooLong if prompt and ``max_tokens`` do not fit, GeneratorError if the model
        fails or is silent for too long.
        """
        return self._stream(messages, max_tokens, self._request(variation))

    def weigh(self, messages: Sequence[Message], yes: str, no: str) -> float | None:
        """As Judge says; reads the messages in a slot of its own. Raises as stream."""
        for part in list(self._parts(messages, 1, self._weighing | _WITH_ODDS)):
            for choice in (part or {}).get("choices", ()):
                for token in (choice.get("logprobs") or {}).get("content", ()):
                    first = ((t["token"], t["logprob"]) for t in token["top_logprobs"])
                    return share(first, yes, no)
        return None

    def _request(self, variation: int) -> dict[str, Any]:
        # With one slot for answers each waits for that one; with more the server chooses.
        extra: dict[str, Any] = {"id_slot": 0} if self._parallel == 1 else {}
        if variation:
            extra |= {"temperature": WARMTH, "seed": variation}
        return extra

    def _stream(
        self, messages: Sequence[Message], max_tokens: int, extra: dict[str, Any]
    ) -> Stream:
        sign: Reading | Token = Reading(
            0, sum(len(m.content) for m in messages) // _CHARS_PER_TOKEN + 1
        )
        usage: Usage | None = None
        told = False
        with closing(self._parts(messages, max_tokens, extra)) as parts:
            for part in parts:
                if part is None:
                    yield sign
                    continue
                if progress := part.get("prompt_progress"):
                    sign = Reading(progress["processed"], progress["total"])
                    yield sign
                elif not told and (odds := _odds(part)):
                    told = True
                    yield Odds(odds)
                if text := _text(part):
                    sign = Token("")
                    yield Token(text)
                usage = _usage(part) or usage
        if usage is None:
            raise GeneratorError(f"{self.name} broke off in the middle of an answer.")
        yield Finished(usage)

    def _parts(
        self, messages: Sequence[Message], max_tokens: int, extra: dict[str, Any]
    ) -> Generator[dict[str, Any] | None, None, None]:
        """What the server says, part by part; None while nothing happens."""
        body = {
            "messages": [{"role": m.role, "content": m.content} for m in messages],
            "max_tokens": max_tokens,
            "temperature": 0,
            "cache_prompt": True,
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,
            **extra,
        }
        news = follow(self._work(body), self._seconds)
        try:
            for part in news:
                if part is not None:
                    self._check(part, max_tokens)
                yield part
        except TimeoutError as error:
            raise GeneratorError(f"{self.name}: {error}.") from error
        except RuntimeError as error:
            raise GeneratorError(f"{self.name} failed: {_one_line(str(error))}") from error
        finally:
            news.close()

    def _work(
        self, body: dict[str, Any]
    ) -> Callable[[Callable[[dict[str, Any]], None], threading.Event], None]:
        server = self._server

        def work(put: Callable[[dict[str, Any]], None], stopped: threading.Event) -> None:
            def heard(news: dict[str, Any] | list[dict[str, Any]]) -> bool:
                for part in news if isinstance(news, list) else [news]:
                    put(part)
                return stopped.is_set()  # True stops the model

            server.handle_chat_completions(body, heard)

        return work

    def _check(self, part: dict[str, Any], max_tokens: int) -> None:
        """Raise if the model reports an error, or cannot finish for lack of room."""
        total = part.get("prompt_progress", {}).get("total", 0)
        if error := part.get("error"):
            if error.get("type") != "exceed_context_size_error":
                what = _one_line(str(error.get("message", error)))
                raise GeneratorError(f"{self.name} failed: {what}")
            total = error["n_prompt_tokens"]
        elif total + max_tokens <= self._context:
            return
        raise PromptTooLong(
            f"{self.name}: a prompt of {total} tokens and an answer of {max_tokens}"
            f" do not fit into a context of {self._context}."
        )


class LlamaCppPointer(LlamaCppGenerator):
    """A model with the ``adapter`` that taught it to point before it answers (rag/pointing.py)."""

    def point(self, messages: Sequence[Message]) -> Stream:
        """As stream, but for one token only, with the odds of it. What was read stays in the slot,
        so that an answer to the same messages begins at once."""
        return self._stream(messages, 1, self._request(0) | _WITH_ODDS)


def _kept_as(path: Path, adapter: Path | None, messages: Sequence[Message]) -> str:
    """The name for what a model has read: other models, versions and messages have others."""
    of = [
        [file.name, file.stat().st_size, file.stat().st_mtime_ns]
        for file in (path, adapter)
        if file is not None
    ]
    said = [[m.role, m.content] for m in messages]
    what = json.dumps([of, xllamacpp.__version__, said])
    return hashlib.sha256(what.encode()).hexdigest()[:_NAME_CHARS]


def _parameters(
    path: Path,
    threads: int,
    context_tokens: int,
    slots: int,
    memory: Path | None,
    adapter: Path | None,
) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    if adapter:
        params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(str(adapter), 1.0)]
    params.n_ctx = context_tokens
    params.n_parallel = slots
    params.n_batch = params.n_ubatch = _BATCH
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.verbosity = -1
    params.warmup = False
    # Whole earlier prompts are not kept in memory (up to 8 GiB): what prompts have in common is
    # their beginning, and that stays in the slot.
    params.cache_ram_mib = 0
    copying = xllamacpp.common_speculative_type.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE
    params.speculative.types = [copying]
    ngram = params.speculative.ngram_simple
    ngram.size_n, ngram.size_m, ngram.min_hits = _COPIED
    if memory:
        memory.mkdir(parents=True, exist_ok=True)
        params.slot_save_path = f"{memory}/"
    return params


def _load(params: xllamacpp.CommonParams, path: Path, name: str, door: Path) -> xllamacpp.Server:
    try:
        with path.open("rb") as file:
            whole = file.read(4) == b"GGUF"
    except OSError as error:
        raise ModelError(
            f"Model {name} cannot be read from {path}: {error.strerror}.", "rag models pull"
        ) from error
    if not whole:
        raise ModelError(f"{path} is not a GGUF file.", "rag models verify")
    if len(str(door).encode()) > _SOCKET_PATH_BYTES:
        raise ModelError(
            f"The folder for temporary files has too long a name: {door.parent}.",
            "export TMPDIR=/tmp",
        )
    params.hostnames = [str(door)]
    try:
        return xllamacpp.Server(params)
    except RuntimeError as error:
        raise ModelError(
            f"Model {name} cannot be loaded from {path}: {_one_line(str(error))}",
            "rag models verify",
        ) from error


def _text(part: dict[str, Any]) -> str:
    return "".join(c.get("delta", {}).get("content") or "" for c in part.get("choices", ()))


def _odds(part: dict[str, Any]) -> dict[str, float]:
    """The probabilities of the likeliest tokens in the place of the part's first one."""
    for choice in part.get("choices", ()):
        for token in (choice.get("logprobs") or {}).get("content", ()):
            return {t["token"]: math.exp(t["logprob"]) for t in token["top_logprobs"]}
    return {}


def _usage(part: dict[str, Any]) -> Usage | None:
    usage = part.get("usage")
    if usage is None:
        return None
    cached = usage.get("prompt_tokens_details", {}).get("cached_tokens", 0)
    return Usage(usage["prompt_tokens"], usage["completion_tokens"], cached)


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]
