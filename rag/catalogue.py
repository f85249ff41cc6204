"""The catalogue of models: the values of models.toml, nothing of what lies on the disk."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rag import e5small
from rag.fetch import Hub, Source, Wheel


@dataclass(frozen=True, slots=True)
class File:
    """A file of a model: bytes, checksum, and where to get it, best source first."""

    name: str
    size: int
    sha256: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Adapter:
    """What a language model was tuned with for this program (eval/tuning); it comes with it."""

    file: str
    sha256: str

    @property
    def path(self) -> Path:
        return Path(__file__).with_name(self.file)

    @property
    def fingerprint(self) -> str:
        """A short name of its bytes."""
        return self.sha256[:8]


@dataclass(frozen=True, slots=True)
class Model:
    """An entry of the catalogue. ``build`` names what turns the files into a usable folder."""

    name: str
    task: Literal["embedding", "llm"]
    licence: str
    purpose: str
    files: tuple[File, ...]
    build: Literal["e5small"] | None = None
    adapter: Adapter | None = None

    @property
    def size(self) -> int:
        """Bytes to download."""
        return sum(file.size for file in self.files)

    @property
    def fingerprint(self) -> str:
        """The identity of what the model computes: its files and the way they are rebuilt."""
        parts = [file.sha256 for file in self.files] + [f"{self.build}-{e5small.VERSION}"]
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def load_catalogue() -> dict[str, Model]:
    """The models by name, in the order of models.toml."""
    text = Path(__file__).with_name("models.toml").read_text(encoding="utf-8")
    models = (_model(entry) for entry in tomllib.loads(text)["model"])
    return {model.name: model for model in models}


def _model(entry: dict[str, Any]) -> Model:
    files = tuple(
        File(**{**file, "sources": tuple(_source(source) for source in file["sources"])})
        for file in entry["files"]
    )
    adapter = Adapter(**entry["adapter"]) if "adapter" in entry else None
    return Model(**{**entry, "files": files, "adapter": adapter})


def _source(entry: dict[str, Any]) -> Source:
    if "hub" in entry:
        return Hub(entry["hub"], entry["file"])
    return Wheel(entry["wheel"], entry["member"], entry.get("parts", 1))
