"""What the article viewer is given: links to places, and an article as JSON. page.js reads both.

A place is the link ``#artikel=ID&zeile=FIRST-LAST&von=START&bis=END``, with the ID percent-coded.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from rag.lines import line_count, line_starts
from rag.texts import esc
from rag.types import Article, Chunk, Citation


def href(place: Citation | Chunk) -> str:
    """The link to a place, safe inside an attribute."""
    lines = f"{place.first_line}-{place.last_line}"
    return f"{href_of(place.article)}{esc(f'&zeile={lines}&von={place.start}&bis={place.end}')}"


def href_of(article: str) -> str:
    """The link to an article by its id, safe inside an attribute."""
    return esc(f"#artikel={quote(article)}")


def article_json(article: Article) -> dict[str, Any]:
    """The facts, the lines without their "\\n", and the offset at which each line begins."""
    count = line_count(article.text)
    return {
        "id": article.id,
        "title": article.metadata.title or article.id,
        "facts": [fact for fact in article_facts(article) if fact],
        "lines": article.text.split("\n")[:count],
        "starts": line_starts(article.text)[:count],
    }


def article_facts(article: Article) -> tuple[str, str, str]:
    """Author, publisher and date in German writing; "" where unknown."""
    known = article.metadata
    date = f"{known.date.day}.{known.date.month}.{known.date.year}" if known.date else ""
    return known.author or "", known.publisher or "", date
