"""How the places of an answer are numbered and named, on the page and in what is copied from it."""

from __future__ import annotations

from collections.abc import Mapping

from rag.texts import Texts
from rag.types import Answer, Article, Citation


class Numbers:
    """[1], [2], ... for the places of one answer; the same place keeps its number."""

    def __init__(self) -> None:
        self._places: dict[Citation, int] = {}

    def of(self, cited: Citation) -> int:
        return self._places.setdefault(cited, len(self._places) + 1)

    def all(self) -> list[tuple[int, Citation]]:
        return [(number, cited) for cited, number in self._places.items()]


def where(cited: Citation, texts: Texts, articles: Mapping[str, Article]) -> str:
    """Title, publisher, date and lines of a place, as far as they are known."""
    lines = texts.lines(cited.first_line, cited.last_line)
    article = articles.get(cited.article)
    if article is None:
        return f"{cited.article}, {lines}"
    known = article.metadata
    day = texts.day(known.date) if known.date else None
    return ", ".join(filter(None, (article.title, known.publisher, day, lines)))


def seconds(texts: Texts, answer: Answer) -> str:
    """How long the answer took, with one decimal."""
    return f"{answer.times.total / 1000:.1f}".replace(".", texts("decimal"))
