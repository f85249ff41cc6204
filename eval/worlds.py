"""The assistant of the chat over other articles, in an index that is gone afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from eval.errors import EvalError
from rag import app
from rag.assistant import Assistant
from rag.embed_cache import CachedEmbedder
from rag.indexing import IndexReport, build_index
from rag.ports import Embedder
from rag.settings import Settings

CACHE = Path("eval") / "embeddings.sqlite"
"""Below the folder of models: vectors of the data sets, so that a second run is quick."""

Say = Callable[[str], None]


@contextmanager
def temporary(
    settings: Settings, articles: Mapping[str, str], say: Say, llm: bool
) -> Iterator[Assistant]:
    """An assistant over these articles only; its index is gone afterwards."""
    with TemporaryDirectory(prefix="zeilentreu-eval-") as folder:
        own = _settings(settings, Path(folder))
        _write(own.corpus, articles)
        _build(own, app.make_embedder(own, say))
        yield app.make_assistant(own, say, llm=llm)


@contextmanager
def another(
    settings: Settings, assistant: Assistant, articles: Mapping[str, str]
) -> Iterator[Assistant]:
    """The assistant, its models kept loaded, over these articles only, as long as they last."""
    with TemporaryDirectory(prefix="zeilentreu-eval-") as folder:
        own = _settings(settings, Path(folder))
        _write(own.corpus, articles)
        _build(own, assistant.embedder)
        yield assistant.over(app.IndexReader(own, assistant.embedder)())


def build(settings: Settings, embedder: Embedder, cache: Path) -> IndexReport:
    """Builds the index as ``rag index`` does, without progress, vectors kept in ``cache``."""
    return build_index(
        settings.corpus,
        settings.index,
        CachedEmbedder(embedder, cache),
        app.expected(settings, embedder),
        settings.chunk_chars,
        lambda _what, _total: lambda done: None,
    )


def _settings(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"corpus": folder / "corpus", "index": folder / "index"})


def _write(folder: Path, articles: Mapping[str, str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    for id, text in articles.items():
        path = folder / id
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


def _build(settings: Settings, embedder: Embedder) -> None:
    cache = settings.model_dir / CACHE
    cache.parent.mkdir(parents=True, exist_ok=True)
    report = build(settings, embedder, cache)
    if report.refused:
        first = report.refused[0]
        raise EvalError(f"The article {first.article} cannot be indexed: {first.reason}")
