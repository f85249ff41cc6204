"""The page's texts, from page/texts.toml, and how a text is made harmless for HTML."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parent / "page"
SCRIPTS = frozenset(file.name for file in (PAGE / "scripts").glob("*.js"))
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
