"""Files below corpus/ -> articles, with the metadata QUELLEN.toml holds about them.

A file that cannot be used is refused with its reason, the others go on. QUELLEN.toml is a source
of its own: where an article does not name its publisher, the line there is what can be cited.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from rag.errors import CorpusError
from rag.types import Article, Metadata, Refusal

RECORDS = "QUELLEN.toml"
SUFFIXES = (".txt", ".md")


@dataclass(frozen=True, slots=True)
class Corpus:
    """What was found: articles by id, refused files, and remarks that stop nothing."""

    articles: tuple[Article, ...]
    records: Article | None
    refused: tuple[Refusal, ...]
    remarks: tuple[str, ...]


def read_corpus(folder: Path) -> Corpus:
    """All articles below a folder, sorted by id. CorpusError if there is none at all."""
    if not folder.is_dir():
        raise CorpusError(f"There is no folder {folder}.", f"mkdir -p {folder}")
    records, described, refused = _read_records(folder)
    articles: list[Article] = []
    remarks: list[str] = []
    for path in sorted(p for p in folder.rglob("*") if p.suffix.lower() in SUFFIXES):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if any(part.startswith(".") for part in Path(name).parts) or not path.is_file():
            continue
        try:
            text, digest = read_text(path)
        except CorpusError as error:
            refused.append(Refusal(name, str(error)))
            continue
        entry = described.get(name, {})
        if "sha256" in entry and entry["sha256"] != digest:
            remarks.append(f"{name}: its text differs from the sha256 in {RECORDS}.")
        articles.append(Article(name, text, digest, _metadata(entry)))
    missing = sorted(set(described) - {a.id for a in articles} - {r.article for r in refused})
    remarks += [f"{name}: described in {RECORDS}, but there is no such file." for name in missing]
    if not articles and not refused:
        raise CorpusError(
            f"There is no article (.txt or .md) in {folder}.", f"cp ARTICLE.txt {folder}/"
        )
    return Corpus(tuple(articles), records, tuple(refused), tuple(remarks))


def read_text(path: Path) -> tuple[str, str]:
    """A file's text exactly as it stands there, and its sha256. CorpusError says why not."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"It cannot be read: {error.strerror}.", f"chmod u+r {path}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise CorpusError(
            f"It is not UTF-8 (byte {error.start}, line {line}).",
            f"iconv -f WINDOWS-1252 -t UTF-8 {path} > new && mv new {path}",
        ) from error
    if "\0" in text:
        raise CorpusError("It holds NUL bytes, so it is not a text file.", f"rm {path}")
    if not text.strip():
        raise CorpusError("It is empty.", f"rm {path}")
    return text, hashlib.sha256(data).hexdigest()


def _read_records(
    folder: Path,
) -> tuple[Article | None, Mapping[str, Mapping[str, object]], list[Refusal]]:
    path = folder / RECORDS
    if not path.exists():
        return None, {}, []
    try:
        text, digest = read_text(path)
        entries = {
            unicodedata.normalize("NFC", name): entry
            for name, entry in tomllib.loads(text).items()
            if isinstance(entry, dict)
        }
    except tomllib.TOMLDecodeError as error:
        return None, {}, [Refusal(RECORDS, f"It is not TOML: {error}. Mend it: edit {path}")]
    except CorpusError as error:
        return None, {}, [Refusal(RECORDS, str(error))]
    return Article(RECORDS, text, digest, Metadata()), entries, []


def _metadata(entry: Mapping[str, object]) -> Metadata:
    def text(key: str) -> str | None:
        value = entry.get(key)
        return value.strip() if isinstance(value, str) and value.strip() else None

    day = entry.get("date")
    if isinstance(day, datetime):
        day = day.date()
    elif isinstance(day, str):
        try:
            day = date.fromisoformat(day)
        except ValueError:
            day = None
    return Metadata(
        title=text("title"),
        author=text("author"),
        publisher=text("publisher"),
        date=day if isinstance(day, date) else None,
    )


def record_span(records: Article, article: str, field: str) -> tuple[int, int] | None:
    """Where QUELLEN.toml gives a field of an article: the span of that one line, or None."""
    header = re.compile(r'^\[\s*"?([^"\]]+)"?\s*\][^\n]*$', re.MULTILINE)
    for match in header.finditer(records.text):
        if unicodedata.normalize("NFC", match[1].strip()) != article:
            continue
        following = header.search(records.text, match.end())
        stop = following.start() if following else len(records.text)
        line = re.compile(rf"^{re.escape(field)}[ \t]*=[^\n]*$", re.MULTILINE).search(
            records.text, match.end(), stop
        )
        return (line.start(), line.start() + len(line.group().rstrip())) if line else None
    return None
