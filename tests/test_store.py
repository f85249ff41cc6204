"""The vector index finds what a plain product of matrices finds."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag import store
from rag.errors import IndexMismatch
from rag.ports import Vectors
from rag.store import VectorStore


def some_vectors(count: int, seed: int = 1) -> Vectors:
    vectors = np.random.default_rng(seed).normal(size=(count, 32)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("störe") / "v.faiss"
    store.write_vectors(file, some_vectors(300))
    return file


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 10_000), st.integers(1, 400))
def test_the_nearest_rows_come_first_with_their_cosine(file: Path, seed: int, k: int) -> None:
    query = some_vectors(1, seed)
    cosines = some_vectors(300) @ query[0]
    found = VectorStore(file).search(query, k)
    assert [row for row, _ in found] == list(np.argsort(-cosines, kind="stable")[:k])
    assert np.allclose([score for _, score in found], np.sort(cosines)[::-1][:k], atol=1e-6)


def test_the_cosines_of_chosen_rows_are_those_of_the_search(file: Path) -> None:
    query = some_vectors(1, 5)
    opened = VectorStore(file)
    found = opened.search(query, 20)
    assert np.allclose(
        opened.cosines(query, [row for row, _ in found]), [score for _, score in found], atol=1e-6
    )
    assert opened.cosines(query, []) == []


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    store.write_vectors(tmp_path / "v.faiss", np.zeros((0, 32), dtype=np.float32))
    opened = VectorStore(tmp_path / "v.faiss")
    assert len(opened) == 0
    assert opened.search(some_vectors(1), 5) == []


@pytest.mark.parametrize("content", [None, b"", b"x", b"\0" * 4096, b"IxFI" + b"\xff" * 64])
def test_a_file_that_is_no_index_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "v.faiss"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(IndexMismatch, match="cannot be read"):
        VectorStore(file)
