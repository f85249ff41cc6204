"""The articles and chunks of one index version, in one SQLite file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path

from rag.corpus import RECORDS
from rag.errors import CorpusError, IndexMismatch
from rag.types import Article, Chunk, Metadata, Place, Sentence

FILE = "records.sqlite"

_SCHEMA = """
CREATE TABLE article (
    id TEXT PRIMARY KEY, text TEXT NOT NULL, sha256 TEXT NOT NULL,
    title TEXT, author TEXT, publisher TEXT, date TEXT
) WITHOUT ROWID;
CREATE TABLE chunk (
    row INTEGER PRIMARY KEY, article TEXT NOT NULL REFERENCES article(id),
    first_line INTEGER NOT NULL, last_line INTEGER NOT NULL,
    start INTEGER NOT NULL, end INTEGER NOT NULL, headings TEXT NOT NULL
);
CREATE TABLE sentence (
    row INTEGER PRIMARY KEY, chunk INTEGER NOT NULL REFERENCES chunk(row),
    start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE TABLE place (
    article TEXT NOT NULL REFERENCES article(id), field TEXT NOT NULL,
    source TEXT NOT NULL REFERENCES article(id), start INTEGER NOT NULL, end INTEGER NOT NULL,
    PRIMARY KEY (article, field)
) WITHOUT ROWID;
"""


def write_records(
    folder: Path,
    articles: Sequence[Article],
    chunks: Sequence[Chunk],
    sentences: Sequence[Sequence[Sentence]],
    places: Mapping[str, Mapping[str, Place]],
) -> None:
    """Writes all tables; chunk n gets row n, with ``sentences[n]``; sentences are
    numbered through. ``places``: by article id and metadata field."""
    with closing(sqlite3.connect(folder / FILE)) as db, db:
        db.executescript(_SCHEMA)
        db.executemany(
            "INSERT INTO article VALUES (?,?,?,?,?,?,?)",
            (
                (
                    a.id,
                    a.text,
                    a.sha256,
                    a.metadata.title,
                    a.metadata.author,
                    a.metadata.publisher,
                    a.metadata.date.isoformat() if a.metadata.date else None,
                )
                for a in articles
            ),
        )
        db.executemany(
            "INSERT INTO chunk VALUES (?,?,?,?,?,?,?)",
            (
                (row, c.article, c.first_line, c.last_line, c.start, c.end, json.dumps(c.headings))
                for row, c in enumerate(chunks)
            ),
        )
        db.executemany(
            "INSERT INTO sentence (chunk, start, end) VALUES (?,?,?)",
            ((row, s.start, s.end) for row, found in enumerate(sentences) for s in found),
        )
        db.executemany(
            "INSERT INTO place VALUES (?,?,?,?,?)",
            (
                (article, field, p.article, p.start, p.end)
                for article, fields in places.items()
                for field, p in fields.items()
            ),
        )


class Records:
    """An open set of records, held in memory: texts are needed at every answer."""

    def __init__(self, folder: Path) -> None:
        try:
            with closing(_connect(folder)) as db:
                self._articles = {
                    name: Article(
                        name,
                        text,
                        sha256,
                        Metadata(
                            title, author, publisher, date.fromisoformat(day) if day else None
                        ),
                    )
                    for name, text, sha256, title, author, publisher, day in db.execute(
                        "SELECT * FROM article ORDER BY id"
                    )
                }
                self._chunks = tuple(
                    Chunk(article, first, last, start, end, tuple(json.loads(headings)))
                    for article, first, last, start, end, headings in db.execute(
                        "SELECT article, first_line, last_line, start, end, headings "
                        "FROM chunk ORDER BY row"
                    )
                )
                self._row_of = {chunk: row for row, chunk in enumerate(self._chunks)}
                self._sentences: tuple[tuple[int, Sentence], ...] = tuple(
                    (chunk, Sentence(start, end))
                    for chunk, start, end in db.execute(
                        "SELECT chunk, start, end FROM sentence ORDER BY row"
                    )
                )
                self._rows: dict[int, list[int]] = {}
                for row, (chunk, _) in enumerate(self._sentences):
                    self._rows.setdefault(chunk, []).append(row)
                self._places = {
                    (article, field): Place(source, start, end)
                    for article, field, source, start, end in db.execute("SELECT * FROM place")
                }
        except sqlite3.DatabaseError as error:
            raise IndexMismatch(f"{folder / FILE} cannot be read.", "rag index") from error

    @property
    def articles(self) -> tuple[Article, ...]:
        return tuple(self._articles.values())

    @property
    def without_record(self) -> tuple[Article, ...]:
        """All articles but the record of sources, which can be cited but is none."""
        return tuple(each for each in self.articles if each.id != RECORDS)

    def article(self, name: str) -> Article:
        """The article with this id, as it was indexed. CorpusError if there is none."""
        try:
            return self._articles[name]
        except KeyError:
            raise CorpusError(f"There is no article {name} in the index.", "rag index") from None

    def place(self, article: str, field: str) -> Place | None:
        """Where a field of an article's metadata can be read."""
        return self._places.get((article, field))

    def chunk(self, row: int) -> Chunk:
        return self._chunks[row]

    def row(self, chunk: Chunk) -> int:
        """The row of a chunk. KeyError if it is none of this index."""
        return self._row_of[chunk]

    def sentence_rows(self, chunk: int) -> list[int]:
        """The rows of a chunk's sentences, in order."""
        return self._rows.get(chunk, [])

    def sentence(self, row: int) -> Sentence:
        return self._sentences[row][1]

    def chunk_of_sentence(self, row: int) -> int:
        return self._sentences[row][0]

    def __len__(self) -> int:
        return len(self._chunks)


def _connect(folder: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{folder / FILE}?mode=ro", uri=True)
