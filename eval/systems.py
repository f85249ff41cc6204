"""What is measured: something that answers a question of a suite, in the program's own JSON."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType
from typing import Protocol

from eval import baselines, worlds
from eval.datasets import Dataset
from eval.errors import EvalError
from eval.suite import Question
from rag import app, versions
from rag.assistant import Assistant
from rag.contract import Json, answer_json, search_json
from rag.corpus import read_corpus, read_text
from rag.errors import CorpusError
from rag.settings import Settings
from rag.types import Found, SearchResult

TEMPORARY = "temporary"
"""The index version of a data set that brings its own articles."""

Place = Callable[[Question], AbstractContextManager[Assistant]]


class System(Protocol):
    """``articles``: text by id of all that may be cited."""

    @property
    def model(self) -> str: ...
    @property
    def index_version(self) -> str: ...
    @property
    def articles(self) -> Mapping[str, str]: ...
    def answer(self, question: Question) -> Json: ...
    def search(self, question: Question) -> Json: ...


@dataclass(frozen=True, slots=True)
class Chat:
    """The assistant of the chat, looked at through a view; ``place`` opens it for a question."""

    model: str
    index_version: str
    articles: Mapping[str, str]
    place: Place
    view: baselines.View

    def answer(self, question: Question) -> Json:
        with self.place(question) as assistant:
            seen = self.view(assistant, question)
            return answer_json(seen.ask(question.question, question.history))

    def search(self, question: Question) -> Json:
        with self.place(question) as assistant:
            seen = self.view(assistant, question)
            return search_json(_found(seen, question))


@dataclass(frozen=True, slots=True)
class Abstaining:
    """Never answers."""

    articles: Mapping[str, str]
    model: str = "abstain"
    index_version: str = ""

    def answer(self, question: Question) -> Json:
        return answer_json(baselines.abstention(question))

    def search(self, question: Question) -> Json:
        return search_json(baselines.no_passages(question))


@contextmanager
def open_system(
    name: str, settings: Settings, dataset: Dataset, say: worlds.Say, llm: bool
) -> Iterator[System]:
    """The named system, ready for the data set's questions; without ``llm`` it only searches."""
    if name == "abstain":
        yield Abstaining(texts_of(settings, dataset))
        return
    if name == "plain":
        plain = import_plain()
        yield plain.open_plain(settings, dataset, texts_of(settings, dataset), say, llm)
        return
    if dataset.articles is None:
        assistant = app.make_assistant(settings, say, llm=llm)
        texts = {a.id: a.text for a in assistant.index.records.articles}  # with the record
        _fresh(settings, dataset, assistant.index_version)
        yield _chat(name, assistant, texts, assistant.index_version, _same(assistant))
        return
    first = dataset.questions[0]
    articles = dataset.articles if dataset.groups is None else dataset.articles_of(first)
    with worlds.temporary(settings, articles, say, llm) as assistant:
        own = _own(settings, assistant, dataset)
        place = _same(assistant) if dataset.groups is None else own
        yield _chat(name, assistant, dataset.articles, TEMPORARY, place)


def texts_of(settings: Settings, dataset: Dataset) -> Mapping[str, str]:
    """Text by id of what the data set brings, or else of what lies in the corpus, not indexed."""
    if dataset.articles is not None:
        return dataset.articles
    corpus = read_corpus(settings.corpus)
    records = (corpus.records,) if corpus.records else ()
    return {a.id: a.text for a in (*corpus.articles, *records)}


def import_plain() -> ModuleType:
    """The module of the plain pipeline. EvalError if its packages are not installed."""
    try:
        return importlib.import_module("eval.plain")
    except ModuleNotFoundError as error:
        raise EvalError(
            f"The plain pipeline needs {error.name}, which is not installed.",
            "pip install -e '.[compare]'",
        ) from error


def _found(assistant: Assistant, question: Question) -> SearchResult:
    """What an answer would be made from: the passages the chat finds, history and all."""
    with closing(assistant.answer(question.question, question.history)) as events:
        for event in events:
            if isinstance(event, Found):
                return replace(event.result, question=question.question)
    return baselines.no_passages(question)  # taken for small talk: nothing was looked for


def _same(assistant: Assistant) -> Place:
    return lambda question: nullcontext(assistant)


def _own(settings: Settings, assistant: Assistant, dataset: Dataset) -> Place:
    return lambda question: worlds.another(settings, assistant, dataset.articles_of(question))


def _chat(
    name: str,
    assistant: Assistant,
    articles: Mapping[str, str],
    index_version: str,
    place: Place,
) -> Chat:
    return Chat(
        model=assistant.model,
        index_version=index_version,
        articles=articles,
        place=place,
        view=baselines.VIEWS[name],
    )


def _fresh(settings: Settings, dataset: Dataset, version: str) -> None:
    """Refuses an index older than the articles asked about: their lines may have moved."""
    hashes = versions.article_hashes(settings.index, version)
    for id in sorted({article for q in dataset.questions for article, _ in q.lines}):
        path = Path(settings.corpus) / id
        if id in hashes and path.is_file():
            try:
                digest = read_text(path)[1]
            except CorpusError as error:
                raise EvalError(f"{path}: {error.what}", error.mend) from error
            if digest != hashes[id]:
                raise EvalError(f"{path} has changed since it was indexed.", "rag index")
