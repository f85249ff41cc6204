"""Is a date meant as the source means it? "nach 1850" is neither "im Jahr 1850" nor "vor 1850"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rag.ranges import Measured, measured

Bound = Literal["at", "before", "after", "from", "until"]
"""How a date bounds the time that is told of."""

_BOUNDS: dict[str, Bound] = {
    "vor": "before", "nach": "after", "seit": "from", "ab": "from", "bis": "until",
}  # fmt: skip
_WORDS = "|".join(_BOUNDS)
_BEFORE = re.compile(
    rf"\b({_WORDS})[ \u00a0](?:(?:zum|dem|der|Jahre?|Anfang|Ende|Mitte|etwa|rund|ca\.)[ \u00a0])*$",
    re.IGNORECASE,
)
_ALIKE = frozenset(map(frozenset, (
    ("from", "at"),  # "ist seit 2001 ein Museum", "wurde 2001 ein Museum"
    ("until", "at"),  # "dauerte bis 1990", "endete 1990"
    ("after", "from"),
)))  # fmt: skip
"""Bounds that may stand for each other."""


def misdated(sentence: str, text: str) -> list[str]:
    """Reasons: dates that the source gives only as another bound of the time it tells of."""
    there = [(one.date, *_bound(text, one)) for one in _dates(text)]
    reasons = []
    for claim in _dates(sentence):
        bound, said = _bound(sentence, claim)
        bounds = [(other, words) for date, other, words in there if date == claim.date]
        if bounds and not any(b == bound or {b, bound} in _ALIKE for b, _ in bounds):
            reasons.append(f"time: {said!r}, the source says {bounds[0][1]!r}")
    return reasons


def _dates(text: str) -> Iterator[Measured]:
    return (one for one in measured(text) if one.kind == "date")


def _bound(text: str, date: Measured) -> tuple[Bound, str]:
    """How a date bounds, and the words that say so."""
    found = _BEFORE.search(text, 0, date.start)
    if not found:
        return "at", date.text
    return _BOUNDS[found[1].lower()], text[found.start() : date.end]
