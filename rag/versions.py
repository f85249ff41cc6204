"""Index versions on disk: built whole, then one pointer is swapped. Home of filelock.

``index/versions/<time>-<hash>/`` holds a version, ``index/CURRENT`` its name. A killed run leaves
a folder ending in ".part" that nobody points to; the next run removes it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Generic, TypeVar

from filelock import FileLock, Timeout

from rag.errors import IndexBusy, IndexMismatch, IndexMissing

T = TypeVar("T")

FORMAT = 2
MANIFEST = "manifest.json"
_KEEP = 3


@contextmanager
def write_lock(index: Path) -> Iterator[None]:
    """Keeps two writers apart; IndexBusy at once if another one is at work."""
    index.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(index / ".lock", timeout=0):
            yield
    except Timeout as error:
        raise IndexBusy(
            f"Another process is writing {index}.", "wait until it is done, then: rag index"
        ) from error


@contextmanager
def new_version(index: Path) -> Iterator[Path]:
    """A folder to build a version in; removed again if building fails. Needs the write lock."""
    versions = index / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    for left_over in versions.glob("*.part"):
        shutil.rmtree(left_over)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")[:-3]
    folder = versions / f"{stamp}.part"
    folder.mkdir()
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def publish(index: Path, folder: Path, manifest: Mapping[str, object]) -> str:
    """Writes the manifest, gives the folder its name and points CURRENT at it; returns the name."""
    files = {
        path.relative_to(folder).as_posix(): _sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    content = json.dumps(
        {"format": FORMAT, **manifest, "files": files}, ensure_ascii=False, indent=2
    )
    _write(folder / MANIFEST, content)
    for path in folder.rglob("*"):
        _sync(path)
    digest = hashlib.sha256(content.encode()).hexdigest()[:8]
    name = f"{folder.name.removesuffix('.part')}-{digest}"
    folder.rename(folder.with_name(name))
    _sync(index / "versions")
    point_to(index, name)
    return name


def point_to(index: Path, name: str) -> None:
    """Makes a version the current one, in one step. IndexMissing if there is no such version."""
    if name not in versions(index):
        raise IndexMissing(f"There is no index version {name}.", "rag versions")
    temporary = index / "CURRENT.part"
    _write(temporary, name + "\n")
    temporary.replace(index / "CURRENT")
    _sync(index)


def prune(index: Path) -> None:
    """Removes all but the newest few versions and the current one."""
    present = current(index)
    for name in versions(index)[:-_KEEP]:
        if name != present:
            shutil.rmtree(index / "versions" / name, ignore_errors=True)


def versions(index: Path) -> list[str]:
    """Names of the whole versions, oldest first."""
    return sorted(
        p.parent.name
        for p in (index / "versions").glob(f"*/{MANIFEST}")
        if not p.parent.name.endswith(".part")
    )


def current(index: Path) -> str | None:
    """The name CURRENT holds, whether there is such a version or not; None if there is no CURRENT,
    so nothing has been indexed yet."""
    try:
        return (index / "CURRENT").read_text(encoding="utf-8", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def open_version(
    index: Path, expected: Mapping[str, object]
) -> tuple[str, Path, dict[str, object]]:
    """Name, folder and manifest of the current version.

    Raises IndexMissing, or IndexMismatch naming each ``expected`` entry that differs and each file
    that is missing or has another size than when it was written.
    """
    name = current(index)
    if name is None:
        raise IndexMissing(f"There is no index in {index}.", "rag index")
    if name not in versions(index):
        raise IndexMismatch(
            f"{index / 'CURRENT'} names {name[:80]!r}, which is no version of the index.",
            "rag index",
        )
    folder = index / "versions" / name
    manifest = _manifest(folder)
    if manifest is None:
        raise IndexMismatch(f"The manifest of index version {name} is damaged.", "rag index")
    differences = [
        f"{key} is {manifest.get(key)!r} in the index and {value!r} now"
        for key, value in {"format": FORMAT, **expected}.items()
        if manifest.get(key) != value
    ]
    differences += damaged(folder, manifest)
    if differences:
        raise IndexMismatch(f"The index does not fit: {'; '.join(differences)}.", "rag index")
    return name, folder, manifest


class Current(Generic[T]):
    """What ``read(name, folder)`` makes of the current version; made anew as soon as CURRENT names
    another one. Safe to use from several threads."""

    def __init__(
        self, index: Path, expected: Mapping[str, object], read: Callable[[str, Path], T]
    ) -> None:
        self._index = index
        self._expected = expected
        self._read = read
        self._lock = threading.Lock()
        self._made: tuple[str, T] | None = None

    def __call__(self) -> T:
        """Raises as ``open_version`` and ``read`` do."""
        with self._lock:
            if self._made is None or current(self._index) != self._made[0]:
                name, folder, _ = open_version(self._index, self._expected)
                self._made = name, self._read(name, folder)
            return self._made[1]


def article_hashes(index: Path, name: str) -> dict[str, str]:
    """sha256 by article id of a version; {} if its manifest cannot be read."""
    manifest = _manifest(index / "versions" / name) if name in versions(index) else None
    articles = (manifest or {}).get("articles")
    return dict(articles) if isinstance(articles, dict) else {}


def damaged(folder: Path, manifest: Mapping[str, object]) -> list[str]:
    """The files of a version that are missing or not what they were, each in a few words."""
    files = manifest.get("files")
    if not isinstance(files, dict) or not files:
        return ["the manifest names no files"]
    found = []
    for name, digest in files.items():
        if not (folder / name).is_file():
            found.append(f"{name} is missing")
        elif _sha256(folder / name) != digest:
            found.append(f"{name} is damaged")
    return found


def _manifest(folder: Path) -> dict[str, object] | None:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) else None


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
