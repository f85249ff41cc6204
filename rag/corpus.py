"""Files below corpus/ -> articles, with the metadata QUELLEN.toml holds about them.

A file that cannot be used is refused with its reason, the others go on. QUELLEN.toml is a source
of its own: where an article does not name its publisher, the line there is what can be cited.
"""

from __future__ import annotations

import hashlib
import shlex
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from rag.errors import CorpusError
from rag.lines import line_span, line_starts, strip_span
from rag.types import Article, Metadata, Refusal

RECORDS = "QUELLEN.toml"
SUFFIXES = (".txt", ".md")
MAX_BYTES = 20_000_000
"""Of one file. A book has about one million; what is larger is no article but a mistake."""

_BOM = "\ufeff"
_TEXT_FIELDS = ("title", "author", "publisher")


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
    articles: dict[str, Article] = {}
    remarks: list[str] = []
    for path in sorted(folder.rglob("*")):
        name = unicodedata.normalize("NFC", path.relative_to(folder).as_posix())
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        if path.is_dir():
            if path.is_symlink():
                remarks.append(f"{_shown(name)}: a link to a folder is not followed.")
            continue
        if path.suffix.lower() not in SUFFIXES:
            continue
        try:
            if name in articles:
                raise CorpusError("Another file has the same name, in other Unicode characters.")
            if _shown(name) != name:
                raise CorpusError("Its name holds characters that cannot be shown.")
            text, digest = read_text(path)
        except CorpusError as error:
            refused.append(Refusal(_shown(name), str(error)))
            continue
        entry = described.get(name, {})
        if "sha256" in entry and str(entry["sha256"]).lower() != digest:
            remarks.append(f"{name}: its text differs from the sha256 in {RECORDS}.")
        metadata = _metadata(entry)
        for field in (*_TEXT_FIELDS, "date"):
            if field in entry and getattr(metadata, field) is None:
                kind = "date such as 2025-02-11" if field == "date" else "text in quotes"
                remarks.append(f"{name}: its {field} in {RECORDS} is no {kind}.")
        articles[name] = Article(name, text, digest, metadata)
    missing = sorted(set(described) - set(articles) - {r.article for r in refused})
    remarks += [f"{name}: described in {RECORDS}, but there is no such file." for name in missing]
    if not articles and not refused:
        raise CorpusError(
            f"There is no article (.txt or .md) in {folder}.", f"cp ARTICLE.txt {folder}/"
        )
    found = tuple(articles[name] for name in sorted(articles))
    return Corpus(found, records, tuple(refused), tuple(remarks))


def read_text(path: Path) -> tuple[str, str]:
    """A file's text exactly as it stands there, and its sha256. CorpusError says why not."""
    quoted = shlex.quote(str(path))
    try:
        if not path.is_file() and path.exists():
            raise CorpusError("It is no ordinary file.", f"rm -r {quoted}")
        if path.stat().st_size > MAX_BYTES:
            raise CorpusError(
                f"It is larger than {MAX_BYTES // 1_000_000} MB.",
                f"split --line-bytes=1M --additional-suffix={path.suffix} {quoted} {quoted}-",
            )
        data = path.read_bytes()
    except OSError as error:
        raise CorpusError(f"It cannot be read: {error.strerror}.", f"chmod u+r {quoted}") from error
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        encoding = "UTF-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "WINDOWS-1252"
        raise CorpusError(
            f"It is not UTF-8 (byte {error.start}, line {line}).",
            f"iconv -f {encoding} -t UTF-8 {quoted} > new && mv new {quoted}",
        ) from error
    if "\0" in text:
        raise CorpusError("It holds NUL bytes, so it is not a text file.", f"rm {quoted}")
    if not text.strip().strip(_BOM):
        raise CorpusError("It is empty.", f"rm {quoted}")
    return text, hashlib.sha256(data).hexdigest()


def _read_records(
    folder: Path,
) -> tuple[Article | None, Mapping[str, Mapping[str, object]], list[Refusal]]:
    path = folder / RECORDS
    if not path.exists() and not path.is_symlink():
        return None, {}, []
    try:
        text, digest = read_text(path)
        entries = {
            unicodedata.normalize("NFC", name): entry
            for name, entry in tomllib.loads(text.removeprefix(_BOM)).items()
            if isinstance(entry, dict)
        }
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return (
            None,
            {},
            [Refusal(RECORDS, f"It is not TOML: {error}. Mend it: edit {shlex.quote(str(path))}")],
        )
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
    title, author, publisher = (text(field) for field in _TEXT_FIELDS)
    return Metadata(title, author, publisher, day if isinstance(day, date) else None)


def _shown(name: str) -> str:
    """A name with what cannot be printed or encoded spelled out, so that it stays one line."""
    return "".join(
        f"<U+{ord(c):04X}>" if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c
        for c in name
    )


def record_span(records: Article, article: str, field: str) -> tuple[int, int] | None:
    """Where QUELLEN.toml gives a field of an article: the span of that one line, or None.

    The line read for itself has to say what the whole file says; what is spread over several lines
    (an inline table, a long string) has no place.
    """
    return _record_lines(records.text).get((article, field))


@lru_cache(maxsize=8)
def _record_lines(text: str) -> Mapping[tuple[str, str], tuple[int, int]]:
    found: dict[tuple[str, str], tuple[int, int]] = {}
    whole = _toml(text)
    section = None
    for number in range(1, len(line_starts(text)) + 1):
        start, end = strip_span(text, *line_span(text, number))
        if text.startswith(_BOM, start):
            start += 1
        line = text[start:end]
        said = _toml(line)
        if line.startswith("["):
            section = next(iter(said), None) if list(said.values()) == [{}] else None
        elif section is not None:
            given = whole.get(section)
            for field, value in said.items():
                if isinstance(given, dict) and field in given and given[field] == value:
                    name = unicodedata.normalize("NFC", section)
                    found.setdefault((name, field), (start, end))
    return found


def _toml(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text.removeprefix(_BOM))
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
