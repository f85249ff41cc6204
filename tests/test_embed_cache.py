"""No text is embedded twice, and a damaged cache costs time only."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_embedder import SmallEmbedder

from rag.embed_cache import CachedEmbedder
from rag.errors import RagError

TEXTS = ["Die Brücke ist lang.", "Der Fluss ist tief.", "Die Brücke ist lang.", ""]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "embeddings.sqlite"


@settings(
    deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=8), max_size=4))
def test_vectors_are_those_of_the_embedder_and_each_text_is_embedded_once(
    file: Path, runs: list[list[str]]
) -> None:
    file.unlink(missing_ok=True)
    inner = SmallEmbedder()
    for texts in runs:
        vectors = CachedEmbedder(inner, file).documents(texts)
        assert vectors.shape == (len(texts), 64)
        assert vectors.dtype == np.float32
        assert np.array_equal(vectors, SmallEmbedder().documents(texts))
    assert sorted(inner.embedded) == sorted({t for texts in runs for t in texts})


def test_it_counts_what_it_had_to_compute_and_shows_progress_for_every_text(file: Path) -> None:
    shown: list[int] = []
    first = CachedEmbedder(SmallEmbedder(), file)
    first.documents(TEXTS, shown.append)
    assert first.computed == 3
    assert sum(shown) == len(TEXTS)
    second = CachedEmbedder(SmallEmbedder(), file)
    second.documents([*TEXTS, "Neu."], shown.append)
    assert second.computed == 1
    assert sum(shown) == 2 * len(TEXTS) + 1


def test_vectors_of_another_model_are_never_taken(file: Path) -> None:
    CachedEmbedder(SmallEmbedder("one"), file).documents(TEXTS)
    other = SmallEmbedder("two")
    CachedEmbedder(other, file).documents(TEXTS)
    assert len(other.embedded) == 3


def test_a_run_that_fails_keeps_what_it_had_computed(file: Path) -> None:
    class Failing(SmallEmbedder):
        def documents(self, texts, progress=None):  # type: ignore[no-untyped-def]
            if self.embedded:
                raise KeyboardInterrupt
            return super().documents(texts, progress)

    texts = [f"Text {n}" for n in range(300)]
    with pytest.raises(KeyboardInterrupt):
        CachedEmbedder(Failing(), file).documents(texts)
    second = CachedEmbedder(SmallEmbedder(), file)
    second.documents(texts)
    assert 0 < second.computed < 300


@pytest.mark.parametrize("damage", ["garbage", "empty", "cut", "pages", "vectors", "short"])
def test_a_damaged_cache_gives_the_right_vectors_all_the_same(file: Path, damage: str) -> None:
    texts = [f"Text Nummer {n} über Brücken" for n in range(200)]
    CachedEmbedder(SmallEmbedder(), file).documents(texts)
    content = file.read_bytes()
    assert len(content) > 50_000
    if damage == "garbage":
        file.write_bytes(os.urandom(20_000))
    elif damage == "empty":
        file.write_bytes(b"")
    elif damage == "cut":
        file.write_bytes(content[: len(content) // 2])
    elif damage == "pages":
        file.write_bytes(content[:8192] + os.urandom(len(content) - 8192))
    else:
        wrong = b"\x7f" * (256 if damage == "vectors" else 10)
        with closing(sqlite3.connect(file)) as db, db:
            db.execute("UPDATE vector SET data = ?", (wrong,))
    for _ in range(3):
        vectors = CachedEmbedder(SmallEmbedder(), file).documents(texts)
        assert np.array_equal(vectors, SmallEmbedder().documents(texts))
    last = CachedEmbedder(SmallEmbedder(), file)
    last.documents(texts)
    assert last.computed == 0


def test_a_cache_that_cannot_be_opened_is_said_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(RagError, match=r"embeddings\.sqlite cannot be used") as caught:
        CachedEmbedder(SmallEmbedder(), tmp_path / "no" / "embeddings.sqlite").documents(TEXTS)
    assert "\n" not in str(caught.value)


def test_questions_are_passed_through(file: Path) -> None:
    cached = CachedEmbedder(SmallEmbedder(), file)
    assert np.array_equal(cached.query("Brücke"), SmallEmbedder().query("Brücke"))
    assert (cached.dimension, cached.max_tokens, cached.fingerprint) == (64, 512, "small-1")
    assert not file.exists()
