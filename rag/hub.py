"""Embedding models that are not in the catalogue: a folder, or a name on the model hub.

Each becomes a local folder and an identity that changes whenever the weights do. The home of
huggingface_hub and of httpx2, whose errors it lets through.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from pathlib import Path

import httpx2
from huggingface_hub import HfApi, snapshot_download
from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError
from huggingface_hub.utils.tqdm import disable_progress_bars

from rag.fetch import SourceFailed, hub_url, reach

HUB_NAME = re.compile(r"[\w.-]{1,96}(/[\w.-]{1,96})?")
_WEIGHTS = ("*.safetensors", "pytorch_model*.bin")
_SAFETENSORS = ["*.json", "*.txt", "*.model", _WEIGHTS[0]]
_PICKLED = [*_SAFETENSORS, _WEIGHTS[1]]  # torch reads them with weights_only, unpickles no code


def snapshot(name: str) -> Path:
    """The folder of a hub model, named for its commit; from the hub's own cache if it is there.

    Raises SourceFailed, within seconds when it is neither there nor reachable.
    """
    if not HUB_NAME.fullmatch(name):
        raise SourceFailed("has no such names")
    try:
        cached = _cached(name)
        if cached is None:
            reach(hub_url(name, "config.json"))
        return cached or _download(name)
    except HFValidationError as error:
        raise SourceFailed("has no such names") from error
    except (OSError, httpx2.HTTPError) as error:
        reason = str(error).strip().split("\n")[0].rstrip(".")
        raise SourceFailed(f"failed: {reason or type(error).__name__}") from error


def _cached(name: str) -> Path | None:
    """The cached folder if all wanted files are in it."""
    for wanted in (_SAFETENSORS, _PICKLED):
        try:
            folder = Path(snapshot_download(name, allow_patterns=wanted, local_files_only=True))
        except LocalEntryNotFoundError:
            continue
        if any(next(folder.rglob(weights), None) for weights in _WEIGHTS):
            return folder
    return None


def _download(name: str) -> Path:
    disable_progress_bars()
    siblings = HfApi().model_info(name).siblings or []
    safe = any(sibling.rfilename.endswith(".safetensors") for sibling in siblings)
    wanted = _SAFETENSORS if safe else _PICKLED
    return Path(snapshot_download(name, allow_patterns=wanted))


def folder_identity(folder: Path, notes: Path) -> str:
    """sha256 over all files of a model folder.

    Kept in the JSON file ``notes`` for as long as no size and no time of change differs, because
    hashing takes a second a gigabyte.
    """
    files = sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix != ".md")
    looks = [(str(p.relative_to(folder)), p.stat().st_size, p.stat().st_mtime_ns) for p in files]
    seen = hashlib.sha256(json.dumps([str(folder), looks]).encode()).hexdigest()
    known = _read_notes(notes)
    if seen not in known:
        total = hashlib.sha256()
        for path in files:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{path.relative_to(folder).as_posix()}\0{digest}\n".encode())
        known[seen] = total.hexdigest()
        notes.parent.mkdir(parents=True, exist_ok=True)
        fresh = notes.with_suffix(f".{os.getpid()}")
        fresh.write_text(json.dumps(known, indent=1), encoding="utf-8")
        fresh.replace(notes)
    return known[seen]


def _read_notes(notes: Path) -> dict[str, str]:
    """What was hashed before; unreadable notes are as good as none."""
    try:
        return dict(json.loads(notes.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}
