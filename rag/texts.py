"""The page's texts, from page/texts.toml, and how a text is made harmless for HTML."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from rag.types import Article

PAGE = Path(__file__).parent / "page"
SCRIPTS = ("reader", "page")  # in the order in which they are loaded
LANGUAGES = {"de": "/", "en": "/en/"}  # and the path of the page in each
EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class Texts:
    """The page's texts in one language; ``texts(key, name=value)`` fills in and does not escape."""

    table: Mapping[str, str]
    errors: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        return re.sub(r"\{(\w+)\}", lambda m: str(values.get(m[1], m[0])), self.table[key])

    def lines(self, first: int, last: int) -> str:
        """The name of one line, or of several."""
        return self("line" if first == last else "lines", first=first, last=last)

    def day(self, day: date) -> str:
        """A date as the language writes it."""
        return self("date", day=day.day, month=day.month, year=day.year, iso=day.isoformat())


@cache
def load_texts(language: str = "de") -> Texts:
    """The texts of texts.toml in ``language``. KeyError if it has none."""
    table: dict[str, Any] = tomllib.loads((PAGE / "texts.toml").read_text("utf-8"))[language]
    errors = table.pop("errors")
    return Texts(table, errors)


def esc(text: object) -> str:
    """Text made harmless for HTML content and attributes."""
    return html.escape(str(text), quote=True)


def examples(texts: Texts, articles: Sequence[Article], count: int = EXAMPLES) -> list[str]:
    """Questions a reader could start with, made of what is known about each article."""
    per_article: list[list[str]] = []
    for article in articles:
        title = _short(article.metadata.title or article.id)
        keys = [
            ("example_author", article.metadata.author),
            ("example_date", article.metadata.date),
        ]
        known = [key for key, value in keys if value] or ["example_topic"]
        per_article.append([texts(key, title=title) for key in known])
    rounds = max(map(len, per_article), default=0)
    return [own[n] for n in range(rounds) for own in per_article if n < len(own)][:count]


def _short(title: str) -> str:
    """The part of a title before ": " or " – " where that is still telling."""
    head = re.split(r": | – ", title, maxsplit=1)[0]
    return head if len(head) >= 15 else title
