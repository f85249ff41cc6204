"""The assistant before its models are there: its articles can be read, its answers are awaited."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Protocol

from rag import app, versions
from rag.asking import Assistant
from rag.background import begin
from rag.records import Records
from rag.settings import Settings
from rag.types import Answer, Article, Event, Loading, SearchResult, Turn

_HEARTBEAT = 0.25  # seconds; as often one who waits can be told to go away
_SLOWEST_FIRST = ("llm", "embedding", "articles")


class Readable(Protocol):
    """Articles. Raises IndexMissing, IndexMismatch, and CorpusError for an unknown id."""

    @property
    def index_version(self) -> str: ...
    def articles(self) -> tuple[Article, ...]: ...
    def article(self, id: str) -> Article: ...


def late_assistant(settings: Settings, say: app.Say) -> LateAssistant:
    """The assistant over the current index, nothing loaded yet. Raises IndexMissing or
    IndexMismatch."""

    def load(watch: app.Watch) -> Assistant:
        assistant = app.make_assistant(settings, say, watch=watch)
        say(f"Answers by {assistant.model}.")
        if assistant.advice:
            say(f"Better answers: {assistant.advice}")
        return assistant

    return LateAssistant(IndexedArticles(settings), load)


class LateAssistant:
    """An Assistant at once, whose answers begin as soon as ``load`` has made the real one.

    ``load`` tells its watch how far it is. What it raises is raised by every answer and search,
    those that wait and those that come later. ``model`` is "" until the real one is there.
    """

    def __init__(self, readable: Readable, load: Callable[[app.Watch], Assistant]) -> None:
        self._readable = readable
        self._load = load
        self._real: Future[Assistant] = Future()
        self._steps: dict[str, Loading] = {}

    def load(self) -> Future[Assistant]:
        """Begin to load, in the background; the real one to come. Call it once."""
        return begin(self._loaded, self._real)

    def _loaded(self) -> Assistant:
        self._readable = assistant = self._load(self._watch)
        return assistant

    def _watch(self, loading: Loading) -> None:
        self._steps[loading.what] = loading

    @property
    def loading(self) -> Loading | None:
        """Of several things at the same time the one that takes longest; None also after the load
        has failed."""
        if self._real.done():
            return None
        steps = [self._steps[what] for what in _SLOWEST_FIRST if what in self._steps]
        unfinished = (step for step in steps if step.download or step.percent != 100)
        return next(unfinished, Loading("articles"))

    @property
    def model(self) -> str:
        real = self._there()
        return real.model if real else ""

    @property
    def advice(self) -> str | None:
        real = self._there()
        return real.advice if real else None

    @property
    def index_version(self) -> str:
        return self._readable.index_version

    def articles(self) -> tuple[Article, ...]:
        return self._readable.articles()

    def article(self, id: str) -> Article:
        return self._readable.article(id)

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        among: Collection[str] | None = None,
        variation: int = 0,
    ) -> Generator[Event, None, None]:
        """The real answer; until then Loading, several times a second, so that it can be closed."""
        while loading := self.loading:
            yield loading
            wait([self._real], _HEARTBEAT)
        yield from self._real.result().answer(question, history, among, variation)

    def search(
        self, question: str, k: int | None = None, among: Collection[str] | None = None
    ) -> SearchResult:
        return self._real.result().search(question, k, among)

    def follow_ups(self, answer: Answer, among: Collection[str] | None = None) -> tuple[str, ...]:
        real = self._there()
        return real.follow_ups(answer, among) if real else ()

    def openers(self) -> tuple[str, ...]:
        real = self._there()
        return real.openers() if real else ()

    def _there(self) -> Assistant | None:
        """The real one, if it is there by now."""
        there = self._real.done() and not self._real.exception()
        return self._real.result() if there else None


class IndexedArticles:
    """The articles of the current index, which needs no model to be read. Raises IndexMissing or
    IndexMismatch, also when it is made."""

    def __init__(self, settings: Settings) -> None:
        self._current = versions.Current(settings.index, app.expected(settings), _read)
        self._current()

    @property
    def index_version(self) -> str:
        return self._current()[0]

    def articles(self) -> tuple[Article, ...]:
        """All articles; the record of sources is none."""
        return self._current()[1].without_record

    def article(self, id: str) -> Article:
        return self._current()[1].article(id)


def _read(version: str, folder: Path) -> tuple[str, Records]:
    return version, Records(folder)
