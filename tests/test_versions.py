"""An index is whole or refused in one line; the old one stays until the new one is whole."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from small_embedder import SmallEmbedder
from small_world import BRIDGE, TOWER, World

from rag import versions
from rag.app import IndexReader
from rag.errors import IndexBusy, IndexMismatch, IndexMissing, RagError


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("built")).write(bruecke=BRIDGE, turm=TOWER)
    world.build()
    return world


@pytest.fixture
def world(built: World, tmp_path: Path) -> World:
    shutil.copytree(built.folder, tmp_path / "copy")
    return World(tmp_path / "copy")


def version_of(world: World) -> Path:
    name = versions.current(world.settings.index)
    assert name
    return world.settings.index / "versions" / name


def files_of(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and p.name != versions.MANIFEST)


def flip(path: Path, at: float = 0.5) -> None:
    data = bytearray(path.read_bytes())
    data[int(at * (len(data) - 1))] ^= 1
    path.write_bytes(data)


def named(world: World, start: str) -> Path:
    (path,) = [p for p in files_of(version_of(world)) if p.name.startswith(start)]
    return path


def rewrite_manifest(world: World, **changes: object) -> None:
    path = version_of(world) / versions.MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))


def write_current(world: World, content: bytes) -> None:
    (world.settings.index / "CURRENT").write_bytes(content)


DAMAGE: dict[str, Callable[[World], object]] = {
    "a bit of the vectors": lambda w: flip(named(w, "chunks.faiss")),
    "the head of the vectors": lambda w: flip(named(w, "chunks.faiss"), 0),
    "vectors gone": lambda w: named(w, "chunks.faiss").unlink(),
    "records cut": lambda w: os.truncate(named(w, "records"), 5000),
    "records empty": lambda w: os.truncate(named(w, "records"), 0),
    "records gone": lambda w: named(w, "records").unlink(),
    "a bit of the records": lambda w: flip(named(w, "records"), 0.9),
    "the lexical index gone": lambda w: shutil.rmtree(version_of(w) / "lexical"),
    "manifest gone": lambda w: (version_of(w) / versions.MANIFEST).unlink(),
    "manifest garbage": lambda w: (version_of(w) / versions.MANIFEST).write_bytes(b"\xff\0{"),
    "manifest empty": lambda w: (version_of(w) / versions.MANIFEST).write_bytes(b""),
    "manifest a list": lambda w: (version_of(w) / versions.MANIFEST).write_text("[1]"),
    "manifest deep": lambda w: (version_of(w) / versions.MANIFEST).write_text("[" * 99_999),
    "manifest names no files": lambda w: rewrite_manifest(w, files={}),
    "manifest of odd types": lambda w: rewrite_manifest(w, files=5, articles=[1]),
    "another format": lambda w: rewrite_manifest(w, format=99),
    "CURRENT empty": lambda w: write_current(w, b""),
    "CURRENT blank": lambda w: write_current(w, b"\n\n"),
    "CURRENT garbage": lambda w: write_current(w, b"\xff\xfe\0\n" * 50),
    "CURRENT names a missing version": lambda w: write_current(w, b"20200101T000000000-00000000\n"),
    "CURRENT points outside": lambda w: write_current(w, b"../../corpus\n"),
    "CURRENT gone": lambda w: (w.settings.index / "CURRENT").unlink(),
    "versions gone": lambda w: shutil.rmtree(w.settings.index / "versions"),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_a_damaged_index_is_refused_in_one_line_and_the_next_run_mends_it(
    world: World, what: str
) -> None:
    DAMAGE[what](world)
    with pytest.raises((IndexMismatch, IndexMissing)) as caught:
        world.reader()()
    assert "\n" not in str(caught.value)
    assert caught.value.mend == "rag index"
    world.build()
    assert world.found("Wie hoch ist der Turm?") == "turm.txt"


def test_every_file_of_a_version_is_checked(world: World) -> None:
    files = files_of(version_of(world))
    assert len(files) >= 5
    for path in files:
        content = path.read_bytes()
        flip(path)
        with pytest.raises(IndexMismatch, match=path.name):
            world.reader()()
        path.write_bytes(content)
    assert world.reader()().version == version_of(world).name


def test_no_file_of_a_version_is_a_pickle(world: World) -> None:
    for path in files_of(version_of(world)):
        head = path.read_bytes()[:2]
        assert not (head[:1] == b"\x80" and head[1:] <= b"\x05"), path.name
        if path.suffix == ".npy":
            np.load(path, allow_pickle=False)
        assert path.suffix not in (".pkl", ".pickle", ".npz")


def test_an_index_of_another_model_is_refused_with_both_names(world: World) -> None:
    other = world.settings.model_copy(update={"embedding_model": "BAAI/bge-m3"})
    with pytest.raises(IndexMismatch) as caught:
        IndexReader(other, SmallEmbedder("other"))()
    assert "multilingual-e5-small" in str(caught.value)
    assert "BAAI/bge-m3" in str(caught.value)
    assert "small-1" in str(caught.value)
    assert "other" in str(caught.value)


def test_an_index_of_other_settings_is_refused_with_both_values(world: World) -> None:
    with pytest.raises(IndexMismatch, match=r"chunk_chars is 1200 in the index and 900 now"):
        IndexReader(world.settings.model_copy(update={"chunk_chars": 900}), world.embedder)()


def test_rolling_back_answers_from_the_earlier_version_again(world: World) -> None:
    index = world.settings.index
    before = version_of(world).name
    after = world.write(turm="Der Turm\n\nDer Turm ist seit heute 90 Meter hoch.\n").build().version
    reader = world.reader()
    assert reader().version == after
    versions.point_to(index, before)
    assert reader().version == before
    assert reader().records.article("turm.txt").text == TOWER
    versions.point_to(index, after)
    assert "90 Meter" in reader().records.article("turm.txt").text


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../..", "nein", "x\ny", "\udcff", "/etc", "a" * 500]
)
def test_rolling_back_to_nonsense_is_refused_and_changes_nothing(world: World, name: str) -> None:
    before = versions.current(world.settings.index)
    with pytest.raises(IndexMissing):
        versions.point_to(world.settings.index, name)
    assert versions.current(world.settings.index) == before


def test_old_versions_are_pruned_but_never_the_current_one(world: World) -> None:
    index = world.settings.index
    first = version_of(world).name
    made = [world.build().version for _ in range(2)]
    versions.point_to(index, first)
    versions.prune(index)
    assert versions.versions(index) == sorted([first, *made])
    made += [world.build().version for _ in range(3)]
    assert versions.versions(index) == sorted(made)[-3:]
    versions.point_to(index, sorted(made)[-3])
    with versions.new_version(index) as folder:
        versions.publish(index, folder, {})
    versions.point_to(index, sorted(made)[-3])
    versions.prune(index)
    assert versions.current(index) in versions.versions(index)


def test_a_version_that_fails_while_it_is_built_leaves_nothing(world: World) -> None:
    index = world.settings.index
    before = sorted(index.rglob("*"))

    def fail() -> None:
        with versions.new_version(index) as folder:
            (folder / "half").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert sorted(index.rglob("*")) == before


def test_two_writers_are_kept_apart(world: World) -> None:
    with versions.write_lock(world.settings.index), pytest.raises(IndexBusy, match="Another"):
        world.build()
    assert world.build().unchanged == ("bruecke.txt", "turm.txt")


def test_nothing_indexed_yet_is_said_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing) as caught:
        World(tmp_path).write(a=BRIDGE).reader()()
    assert caught.value.mend == "rag index"


def test_an_index_folder_that_is_a_file_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "index").write_text("x")
    with pytest.raises(RagError):
        World(tmp_path).write(a=BRIDGE).reader()()
