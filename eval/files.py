"""A file of a data set -> its text, may be gzip."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path

from eval.errors import EvalError


def read_text(path: Path) -> str:
    """The text, unpacked where the name ends in .gz. EvalError names the file, or its line."""
    try:
        raw = path.read_bytes()
        return (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise EvalError(f"{path}:{line}: is not UTF-8.") from error
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise EvalError(f"{path}: cannot be read ({why}).", f"ls {path}") from error


def stem(path: Path) -> str:
    """The name without its ending: "news" of news.jsonl and of news.jsonl.gz."""
    return Path(path.name.removesuffix(".gz")).stem
