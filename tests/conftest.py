"""What several test files share: clean settings, the real embedder, an index over corpus/."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from visiting import browser, fake, url, visit

from rag import app
from rag.assistant import Assistant
from rag.indexing import IndexReport
from rag.ports import Embedder
from rag.settings import Settings, load_settings

__all__ = ["browser", "fake", "url", "visit"]  # fixtures for tests of the page

ROOT = Path(__file__).parent.parent
KEPT = {"RAG_MODEL_DIR"}  # models are fetched once for the user and all tests


def quiet(line: str) -> None:
    """Takes what a command would say on stderr."""


@pytest.fixture(scope="session", autouse=True)
def own_settings() -> Iterator[None]:
    """No RAG_ variable of the shell reaches a test."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [n for n in os.environ if n.startswith("RAG_") and n not in KEPT]:
            environment.delenv(name)
        yield


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    """The default embedding model, for real; fetched first if it is not there."""
    return app.make_embedder(load_settings(threads=1), quiet)


@pytest.fixture(scope="session")
def paris(tmp_path_factory: pytest.TempPathFactory) -> tuple[Settings, IndexReport]:
    """The articles in corpus/, indexed with the default model in a folder of the tests' own."""
    settings = load_settings(
        corpus=ROOT / "corpus",
        index=tmp_path_factory.mktemp("paris") / "index",
        llm="extractive",
        threads=1,
    )
    return settings, app.make_index(settings, quiet)


@pytest.fixture(scope="session")
def paris_assistant(paris: tuple[Settings, IndexReport]) -> Assistant:
    """Answers from the articles in corpus/ without a language model."""
    return app.make_assistant(paris[0], quiet)
