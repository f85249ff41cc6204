"""A language model served by Ollama, over its native chat interface.

The home of ``ollama`` (and of ``httpx``, whose errors its client lets through). Nothing here
knows what is asked. An over-long prompt is cut silently by Ollama, with HTTP 200
(ollama/ollama#3839, #4967); here that is an error, see ``_refuse_if_cut``.
"""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass

import httpx
import ollama

from rag.errors import GeneratorDown, GeneratorError, ModelError, PromptTooLong
from rag.feed import BEAT, follow
from rag.odds import share
from rag.ports import WARMTH, Finished, Token
from rag.types import Message, Reading, Usage

RECOMMENDED = ("gemma3:4b", "qwen3:4b-instruct", "gemma3:12b", "qwen3:8b", "mistral:7b")
"""Chat models that write usable German, best choice for an ordinary computer first."""

_LARGEST = 8 * 2**30
"""Bytes: about 12 billion parameters in 4 bits. Bigger ones are only taken when named."""

_SMALLEST = 2**20
"""Bytes: less is no model but the name of one that runs on other people's computers."""

_LIST_SECONDS = 1.0
_CONNECT_SECONDS = 5.0

_ALTERNATIVES = 20  # likeliest first tokens that ``weigh`` looks at
_CONTEXT_STEP = 2048
_CONTEXT_LEAST = 4096
"""Tokens. The least is Ollama's own default: a model already loaded with it stays loaded."""

_TEMPLATE_TOKENS = 64
"""What a chat template adds to a message, at most."""

_ROOM_WORDS = ("context length", "context size", "context window", "too long")


@dataclass(frozen=True, slots=True)
class _Model:
    """What the server says of a model; unknown: no limit, no thinking."""

    context_tokens: int | None = None
    thinks: bool = False


class OllamaGenerator:
    """``model`` as ``ollama list`` names it; ``host`` None: OLLAMA_HOST, else 127.0.0.1:11434.

    ``seconds``: longest silence of the server. Nothing is sent before the first ``stream``.
    """

    def __init__(self, model: str, host: str | None = None, seconds: float = 120) -> None:
        self._model = model
        self._host = host
        self._seconds = seconds
        self._context = _CONTEXT_LEAST
        self._facts: _Model | None = None

    @property
    def name(self) -> str:
        return f"ollama:{self._model}"

    def stream(
        self, messages: Sequence[Message], max_tokens: int, variation: int = 0
    ) -> Generator[Reading | Token | Finished, None, None]:
        """The events of one answer. While nothing happens an event is repeated (Reading, later an
        empty Token) several times a second, so that a caller can always close it; that closes the
        connection, upon which the server stops. Ollama does not tell how far it has read: ``done``
        stays 0, ``total`` is an upper estimate.

        Raises GeneratorDown if no server answers, ModelError if it lacks the model, PromptTooLong
        if the prompt was or would be cut, GeneratorError for anything else.
        """
        sign: Reading | Token = Reading(0, _most_tokens(messages))
        last: ollama.ChatResponse | None = None
        context = [self._context]
        news = follow(self._work(messages, max_tokens, context, variation), self._seconds)
        try:
            for part in news:
                if part is None:
                    yield sign
                    continue
                last = part
                if text := part.message.content:
                    sign = Token("")
                    yield Token(text)
        except (OSError, ValueError, httpx.HTTPError, ollama.ResponseError) as error:
            raise self._explained(error) from error
        finally:
            news.close()
        if last is None or not last.done:
            raise GeneratorError(f"{self.name}: Ollama broke off in the middle of an answer.")
        self._refuse_if_cut(messages, last.prompt_eval_count or 0, context[0])
        yield Finished(Usage(last.prompt_eval_count or 0, last.eval_count or 0))

    def weigh(self, messages: Sequence[Message], yes: str, no: str) -> float | None:
        """As Judge says; None from a server that is too old to tell. Raises as stream."""
        try:
            answer = ollama.Client(self._host, timeout=self._seconds).chat(
                model=self._model,
                messages=[{"role": m.role, "content": m.content} for m in messages],
                logprobs=True,
                top_logprobs=_ALTERNATIVES,
                think=False if self._facts and self._facts.thinks else None,
                # The same context as for the answer, or Ollama would load the model again.
                options={"temperature": 0, "num_predict": 1, "num_ctx": self._context},
            )
        except (OSError, ValueError, httpx.HTTPError, ollama.ResponseError) as error:
            raise self._explained(error) from error
        for token in answer.logprobs or ():
            return share(((t.token, t.logprob) for t in token.top_logprobs or ()), yes, no)
        return None

    def _work(
        self, messages: Sequence[Message], max_tokens: int, context: list[int], variation: int
    ) -> Callable[[Callable[[ollama.ChatResponse], None], threading.Event], None]:
        async def chat(put: Callable[[ollama.ChatResponse], None]) -> None:
            timeout = httpx.Timeout(self._seconds, connect=_CONNECT_SECONDS)
            async with ollama.AsyncClient(self._host, timeout=timeout) as client:
                facts = self._facts = self._facts or await self._describe(client)
                context[0] = self._context_for(messages, max_tokens, facts)
                # The server's own ``truncate: false`` cannot be sent: this client has no such
                # field (ollama 0.6).
                answer = await client.chat(
                    model=self._model,
                    messages=[{"role": m.role, "content": m.content} for m in messages],
                    stream=True,
                    think=False if facts.thinks else None,
                    options={
                        "temperature": WARMTH if variation else 0,
                        "seed": variation,
                        "num_predict": max_tokens,
                        "num_ctx": context[0],
                    },
                )
                try:
                    async for part in answer:
                        put(part)
                except (AttributeError, TypeError) as error:  # the client expects JSON objects
                    raise ValueError(f"an unexpected line: {error}") from error

        async def until_stopped(
            put: Callable[[ollama.ChatResponse], None], stopped: threading.Event
        ) -> None:
            task = asyncio.ensure_future(chat(put))
            while not task.done():
                await asyncio.wait({task}, timeout=BEAT / 2)
                if stopped.is_set():
                    task.cancel()
                    await asyncio.wait({task})
                    return
            task.result()

        def work(put: Callable[[ollama.ChatResponse], None], stopped: threading.Event) -> None:
            asyncio.run(until_stopped(put, stopped))

        return work

    async def _describe(self, client: ollama.AsyncClient) -> _Model:
        shown = await client.show(self._model)
        lengths = [
            value
            for key, value in (shown.modelinfo or {}).items()
            if key.endswith(".context_length") and isinstance(value, int)
        ]
        return _Model(min(lengths, default=None), "thinking" in (shown.capabilities or ()))

    def _context_for(self, messages: Sequence[Message], max_tokens: int, facts: _Model) -> int:
        """Tokens of context to ask for: in steps, and never less than before, because each change
        makes Ollama load the model again; never more than the model was trained on."""
        need = _most_tokens(messages) + max_tokens
        steps = -(-need // _CONTEXT_STEP) * _CONTEXT_STEP
        self._context = max(self._context, steps)
        limit = facts.context_tokens or self._context
        least = _least_tokens(messages) + max_tokens
        if least > limit:
            raise PromptTooLong(
                f"{self.name}: a prompt of at least {least - max_tokens} tokens and an answer of"
                f" {max_tokens} do not fit into a context of {limit}."
            )
        return min(self._context, limit)

    def _refuse_if_cut(self, messages: Sequence[Message], read: int, context: int) -> None:
        """Raise PromptTooLong if the server read fewer tokens than were sent.

        Two signs, neither of which a whole prompt can give: fewer tokens than words (no tokenizer
        joins words; German has about two tokens a word), and a context filled to the brim before
        the answer began (a cut prompt is cut to fit). ``read`` counts cached tokens too; servers
        that left the count out for a cached prompt send none (0), which proves nothing.
        """
        if 0 < read < _least_tokens(messages) or read >= context - 1:
            raise PromptTooLong(
                f"{self.name}: Ollama has cut the prompt to {read} tokens"
                f" (context of {context} tokens, at least {_least_tokens(messages)} sent)."
            )

    def _explained(self, error: Exception) -> GeneratorError | ModelError:
        """A foreign error in our words: one line and the command that mends it."""
        where = _address(self._host)
        words = " ".join((str(error) or type(error).__name__).split())[:200]
        if isinstance(error, ollama.ResponseError):
            words = " ".join(str(error.error).split())[:200]
            if error.status_code == 404 and "model" in words.lower():
                return ModelError(
                    f"Ollama at {where} has no model {self._model}.", f"ollama pull {self._model}"
                )
            if any(room in words.lower() for room in _ROOM_WORDS):
                return PromptTooLong(f"{self.name}: {words}")
            return GeneratorError(f"{self.name}: Ollama failed: {words}")
        if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
            return GeneratorDown(f"Ollama does not answer at {where}.", "ollama serve")
        if isinstance(error, httpx.TimeoutException | TimeoutError):
            return GeneratorError(f"{self.name}: nothing came for {self._seconds:.0f} s.")
        if isinstance(error, httpx.HTTPError):
            return GeneratorError(f"{self.name}: the connection broke: {words}")
        return GeneratorError(f"{self.name}: {where} does not speak Ollama's language: {words}")


def find_model(host: str | None = None) -> str | None:
    """A chat model the server at ``host`` has, or None; takes a second if nothing answers.

    The first of RECOMMENDED (or a variant of it); else the largest up to _LARGEST, else the
    smallest. Models that only embed or that run on other people's computers are passed over.
    """
    try:
        with ollama.Client(host, timeout=_LIST_SECONDS) as client:
            listed: list[tuple[str, int]] = [
                (m.model, int(m.size or 0)) for m in client.list().models if m.model
            ]
            here = [(name, size) for name, size in listed if size >= _SMALLEST]
            for wanted in RECOMMENDED:
                for name, _ in here:
                    if name == wanted or name.startswith(f"{wanted}-"):
                        return name
            chats = [(size, name) for name, size in here if _chats(client, name)]
    except (OSError, ValueError, httpx.HTTPError, ollama.ResponseError):
        return None
    fitting = [sized for sized in chats if sized[0] <= _LARGEST]
    size_and_name = max(fitting) if fitting else min(chats, default=None)
    return size_and_name[1] if size_and_name else None


def _chats(client: ollama.Client, model: str) -> bool:
    try:
        capabilities = client.show(model).capabilities
    except ollama.ResponseError:  # listed, but damaged
        return False
    if capabilities is None:  # a server older than capabilities
        return "embed" not in model
    return "completion" in capabilities


def _least_tokens(messages: Sequence[Message]) -> int:
    """A lower bound: no tokenizer joins two words."""
    return sum(len(m.content.split()) for m in messages)


def _most_tokens(messages: Sequence[Message]) -> int:
    """An upper estimate: two characters a token (German has 2.5 to 4) and the chat template."""
    return sum(len(m.content) // 2 + _TEMPLATE_TOKENS for m in messages)


def _address(host: str | None) -> str:
    return host or os.environ.get("OLLAMA_HOST") or "127.0.0.1:11434"
