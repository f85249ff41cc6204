"""What the article viewer is given: links to places, and an article as JSON,
both for scripts/reader.js.

A place is the link ``#artikel=ID&zeile=FIRST-LAST&von=START&bis=END&fassung=SUM``: the ID
percent-coded, SUM how the checksum of the article begins, so that a change of it is noticed.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rag.lines import line_count, line_starts
from rag.texts import Texts, esc
from rag.types import Article, Chunk, Citation

VERSION_DIGITS = 8


def href(place: Citation | Chunk, article: Article | None = None) -> str:
    """The link to a place, safe inside an attribute."""
    return esc(link(place, article))


def link(place: Citation | Chunk, article: Article | None = None) -> str:
    """The link to a place in ``article``, as it is now."""
    lines = f"{place.first_line}-{place.last_line}"
    version = f"&fassung={article.sha256[:VERSION_DIGITS]}" if article else ""
    at = f"&zeile={lines}&von={place.start}&bis={place.end}"
    return f"#artikel={quote(place.article)}{at}{version}"


def href_of(article: str) -> str:
    """The link to an article by its id, safe inside an attribute."""
    return esc(f"#artikel={quote(article)}")


def article_json(article: Article) -> dict[str, Any]:
    """The facts, the lines without their "\n", and the offset at which each line begins."""
    count = line_count(article.text)
    known = article.metadata
    return {
        "id": article.id,
        "title": article.title,
        "author": known.author,
        "publisher": known.publisher,
        "date": known.date.isoformat() if known.date else None,
        "version": article.sha256[:VERSION_DIGITS],
        "lines": article.text.split("\n")[:count],
        "starts": line_starts(article.text)[:count],
    }


def article_facts(article: Article, texts: Texts) -> str:
    """Author, publisher and date, as far as they are known."""
    known = article.metadata
    date = texts.day(known.date) if known.date else None
    return " · ".join(filter(None, (known.author, known.publisher, date)))
