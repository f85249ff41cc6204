"""All settings: a frozen value read from RAG_* variables. An unknown RAG_ name is an error."""

from __future__ import annotations

import os
from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from rag.errors import SettingsError

_FOLDERS = ("corpus", "index", "model_dir")


class Settings(BaseSettings):
    """Each field is set by ``RAG_`` and its name in capitals; units are in the description."""

    model_config = SettingsConfigDict(
        env_prefix="RAG_",
        env_ignore_empty=True,
        frozen=True,
        extra="forbid",
        protected_namespaces=(),
    )

    corpus: Path = Field(Path("corpus"), description="folder of the articles")
    index: Path = Field(Path("index"), description="folder of the built index")
    model_dir: Path = Field(
        Path("~/.cache/zeilentreu"), description="folder of the downloaded models"
    )
    embedding_model: str = Field(
        "multilingual-e5-small",
        description="name in the catalogue, or any sentence-transformers name or path",
    )
    llm: str = Field(
        "auto",
        description="auto, ollama:MODEL, llamacpp:NAME_OR_PATH or extractive",
        pattern=r"^(auto|extractive|ollama(:.+)?|llamacpp(:.+)?)$",
    )
    threads: int = Field(0, ge=0, description="processor threads; 0: all of them")
    chunk_chars: int = Field(1200, ge=200, le=4000, description="longest chunk, characters")
    passages: int = Field(8, ge=1, le=100, description="passages retrieved, count")
    evidence_tokens: int = Field(
        400, ge=50, le=8000, description="evidence shown to the model, tokens (estimated)"
    )
    answer_tokens: int = Field(160, ge=16, le=4000, description="longest answer, tokens")
    question_chars: int = Field(2000, ge=50, le=100_000, description="longest question, characters")
    llm_seconds: float = Field(
        120, gt=0, le=86_400, description="longest wait for the model, seconds"
    )


def load_settings(**overrides: object) -> Settings:
    """Settings from the environment; ``overrides`` (not None) win. Raises SettingsError."""
    known = {f"RAG_{name.upper()}" for name in Settings.model_fields}
    unknown = sorted(n for n in os.environ if n.startswith("RAG_") and n not in known)
    if unknown:
        raise SettingsError(
            f"Unknown setting {', '.join(unknown)}; known are {', '.join(sorted(known))}.",
            f"unset {unknown[0]}",
        )
    try:
        settings = Settings(**{k: v for k, v in overrides.items() if v is not None})  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        name = f"RAG_{str(first['loc'][0]).upper()}"
        raise SettingsError(
            f"{name}={first['input']!s}: {first['msg']}.", f"unset {name}"
        ) from error
    return settings.model_copy(
        update={name: _expanded(name, getattr(settings, name)) for name in _FOLDERS}
    )


def _expanded(name: str, folder: Path) -> Path:
    try:
        return folder.expanduser()
    except RuntimeError as error:  # "~somebody"
        raise SettingsError(
            f"RAG_{name.upper()}={folder}: there is no such home.", f"unset RAG_{name.upper()}"
        ) from error
