"""Whole or not there: checksums, stamps beside files, renames after the bytes are on the disk."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

SUMS = "SHA256SUMS"


def sha256_of(path: Path) -> str:
    """The checksum of a file's bytes, in hex; about a second a gigabyte."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp_of(path: Path) -> Path:
    """Where the stamp of a file lies: one line in the form of sha256sum, written once checked."""
    return path.with_name(f"{path.name}.sha256")


def is_stamped(path: Path, size: int, sha256: str) -> bool:
    """Whether the file has this size and was found to have this checksum; does not read it."""
    try:
        stamp = stamp_of(path).read_text(encoding="utf-8")
        return path.stat().st_size == size and stamp.split()[:1] == [sha256]
    except OSError:
        return False


def put(fresh: Path, target: Path, sha256: str) -> None:
    """Move a checked file to its place (the same disk) and stamp it. Raises OSError."""
    settle(fresh)
    fresh.replace(target)
    stamp = fresh.with_name(f"{fresh.name}.stamp")
    stamp.write_text(f"{sha256}  {target.name}\n", encoding="utf-8")
    stamp.replace(stamp_of(target))


def put_folder(fresh: Path, target: Path) -> None:
    """Write the checksums of a folder's files into it, then give it its name. Raises OSError."""
    paths = sorted(path for path in fresh.rglob("*") if path.is_file())
    sums = [f"{sha256_of(path)}  {path.relative_to(fresh).as_posix()}\n" for path in paths]
    (fresh / SUMS).write_text("".join(sums), encoding="utf-8")
    for path in [*paths, fresh / SUMS]:
        settle(path)
    fresh.rename(target)


def sums_hold(folder: Path) -> bool:
    """Whether each file of the folder still has the checksum written into it; reads them all."""
    try:
        lines = (folder / SUMS).read_text(encoding="utf-8").split("\n")[:-1]
        return bool(lines) and all(sha256_of(folder / line[66:]) == line[:64] for line in lines)
    except (OSError, UnicodeDecodeError):
        return False


def discard(folder: Path) -> None:
    """Remove a folder so that it is never seen half-empty under its name."""
    doomed = folder.with_name(f".gone-{folder.name}")
    shutil.rmtree(doomed, ignore_errors=True)
    folder.rename(doomed)
    shutil.rmtree(doomed)


def settle(path: Path) -> None:
    """Have the bytes on the disk before a rename makes them visible."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
