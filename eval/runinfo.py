"""run.json: everything a result depends on, so that it can be continued, repeated and compared."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import rag
from eval.datasets import SEED, Dataset, Distractors
from eval.errors import EvalError
from rag.settings import Settings

FILE = "run.json"
FORMAT = 1
_PACKAGES = (
    *("torch", "sentence-transformers", "faiss-cpu", "bm25s", "xllamacpp", "ollama", "numpy"),
    *("langchain-core", "langchain-openai"),
)

IDENTITY = (
    *("format", "suite", "distractors", "system", "retrieval_only", "limit", "seed", "settings"),
    *("code", "model", "index_version"),
)
"""Entries that must be the same for a run to be continued."""


def describe(
    dataset: Dataset, settings: Settings, system: str, retrieval_only: bool, limit: int | None
) -> dict[str, Any]:
    """What is known before any model is loaded."""
    return {
        "format": FORMAT,
        "suite": {"name": dataset.name, "path": str(dataset.path), "sha256": dataset.sha256},
        "distractors": _distractors(dataset.distractors),
        "questions": len(dataset.questions),
        "system": system,
        "retrieval_only": retrieval_only,
        "limit": limit,
        "seed": SEED,
        "settings": {k: _homely(v) for k, v in settings.model_dump(mode="json").items()},
        "code": code_hash(),
        "commit": commit(),
        "machine": machine(),
        "started": now(),
        "finished": None,
    }


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """The entries of IDENTITY both have that differ, each in a few words."""
    old = {"distractors": None, **old}  # a run from before there were any had none
    found = []
    for key in IDENTITY:
        if key not in old or key not in new or old[key] == new[key]:
            continue
        if key == "suite":
            if old[key].get("sha256") != new[key]["sha256"]:
                found.append(f"the suite was {old[key].get('path')} with other content")
        elif key == "distractors":
            found += distractor_differences(old, new)
        elif key == "settings":
            found += setting_differences(old[key], new[key])
        else:
            found.append(f"{key} was {old[key]!r} and is {new[key]!r}")
    return found


def distractor_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Distractors with other content, in a few words."""
    a, b = old.get("distractors"), new.get("distractors")
    if (a and a["sha256"]) == (b and b["sha256"]):
        return []
    return [f"distractors was {shown_distractors(a)} and is {shown_distractors(b)}"]


def shown_distractors(entry: Mapping[str, Any] | None) -> str:
    """Name of the file, number of articles, first digits of the hash; "None" if there are none."""
    if entry is None:
        return "None"
    return f"{Path(entry['path']).name} ({entry['articles']} articles, {entry['sha256'][:8]})"


def setting_differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Settings that differ, each in a few words."""
    return [
        f"{name} was {old.get(name)!r} and is {new.get(name)!r}"
        for name in sorted({*old, *new})
        if old.get(name) != new.get(name)
    ]


def read(folder: Path) -> dict[str, Any]:
    """The run.json of a folder. Raises EvalError."""
    path = folder / FILE
    try:
        info = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvalError(
            f"{path}: cannot be read ({error.strerror}).", "python -m eval run SUITE"
        ) from error
    except ValueError as error:
        raise EvalError(f"{path}: broken JSON, {error}.") from error
    if not isinstance(info, dict) or info.get("format") != FORMAT:
        raise EvalError(f"{path}: not the description of a run.")
    return info


def write(path: Path, value: object) -> None:
    """Writes JSON whole or not at all."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def code_hash() -> str:
    """Stands for the program as it is on disk, committed or not."""
    folder = Path(rag.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".toml")):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def commit() -> str | None:
    """The checked-out commit, with "+" if files differ from it; None outside a checkout."""
    folder = Path(rag.__file__).parent.parent
    try:
        head = _git(folder, "rev-parse", "--short=12", "HEAD")
        changed = _git(folder, "status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}{'+' if changed else ''}"


def machine() -> dict[str, Any]:
    """Processor, memory, system and the versions of the packages that matter."""
    return {
        "processor": _proc("/proc/cpuinfo", "model name") or platform.processor(),
        "threads": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gib": _memory(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "packages": {name: found for name in _PACKAGES if (found := _version(name))},
    }


def _distractors(given: Distractors | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {"path": str(given.path), "sha256": given.sha256, "articles": given.articles}


def _homely(value: object) -> object:
    """A path below the user's home as "~/...": results are published, home folders are not."""
    home = str(Path.home())
    if isinstance(value, str) and (value == home or value.startswith(f"{home}{os.sep}")):
        return f"~{value[len(home) :]}"
    return value


def _memory() -> float | None:
    total = _proc("/proc/meminfo", "MemTotal")
    return round(int(total.split()[0]) / 2**20, 1) if total else None


def _proc(path: str, key: str) -> str:
    """The first value of a key in a /proc file, "" where there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except OSError:
        return ""
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith(key)), "")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],  # noqa: S607 - whichever git the user has
        capture_output=True,
        text=True,
        check=True,
        timeout=10,
    )
    return done.stdout.strip()
