"""Which articles are asked: some by name, by publisher, by date. Nothing chosen is all of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rag.types import Article


@dataclass(frozen=True, slots=True)
class Scope:
    """``since`` and ``until`` are inclusive; an article without a date is in no span of time."""

    articles: tuple[str, ...] = ()
    publishers: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    def among(self, articles: Sequence[Article]) -> tuple[str, ...] | None:
        """The ids of those in scope, maybe none; None if nothing was chosen."""
        if self == Scope():
            return None
        return tuple(each.id for each in articles if self.holds(each))

    def holds(self, article: Article) -> bool:
        known = article.metadata
        if self.articles and article.id not in self.articles:
            return False
        if self.publishers and known.publisher not in self.publishers:
            return False
        if self.since or self.until:
            first, last = self.since or date.min, self.until or date.max
            return known.date is not None and first <= known.date <= last
        return True


def read_scope(given: Any) -> Scope:
    """The scope of ``{"articles": [], "publishers": [], "since": "2025-02-01", "until": ""}``.

    What is no such thing chooses nothing.
    """
    if not isinstance(given, dict):
        return Scope()
    return Scope(
        _texts(given.get("articles")),
        _texts(given.get("publishers")),
        _day(given.get("since")),
        _day(given.get("until")),
    )


def read_given(text: str | None) -> dict[str, Any]:
    """The JSON object in ``text``; empty if it is none."""
    try:
        given = json.loads(text or "{}")
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _texts(given: Any) -> tuple[str, ...]:
    return tuple(each for each in given if isinstance(each, str)) if isinstance(given, list) else ()


def _day(given: Any) -> date | None:
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError):
        return None
