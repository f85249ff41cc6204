"""Is a number meant as the source means it? "140" is neither "more than 140" nor "at most 140", and
what rises from 100 to 140 rises neither to 100 nor by 140.
"""

from __future__ import annotations

import re
from typing import Literal

from rag.quantities import Quantity, quantities, says

Bound = Literal["", "more", "less", "about", "exact", "only"]
"""How a number bounds the amount that is told of; "": not at all."""

_BOUNDS: dict[Bound, str] = {
    "more": r"mehr als|mindestens|wenigstens|gut|more than|at least",
    "less": r"weniger als|höchstens|maximal|bis zu|knapp|fast|nahezu|beinahe|less than|at most|"
    r"almost|nearly",
    "about": r"rund|etwa|circa|ca\.|zirka|ungefähr|schätzungsweise|about|around",
    "exact": r"genau|exakt|exactly",
    "only": r"nur|lediglich|bloß|gerade einmal|gerade mal|only",
}
_BEFORE = re.compile(
    r"\b(?:" + "|".join(f"(?P<{b}>{words})" for b, words in _BOUNDS.items()) + r")[ \u00a0]$",
    re.IGNORECASE,
)
_LOOSE: dict[str, Bound] = {"über": "more", "unter": "less"}  # or mere prepositions
_LOOSELY = re.compile(r"\b(über|unter)[ \u00a0]$", re.IGNORECASE)
_FITS: dict[Bound, frozenset[Bound]] = {
    "more": frozenset(("more",)),
    "less": frozenset(("less",)),
    "exact": frozenset(("", "exact")),
    "only": frozenset(("only",)),
}
"""What the source must say where a claim bounds a number like that."""

_CHANGE = re.compile(
    r"\b(von|auf|um)[ \u00a0](?:(?:rund|etwa|knapp|fast|gut|über|mehr als)[ \u00a0])?$",
    re.IGNORECASE,
)
_OTHERWISE = frozenset((("um", "auf"), ("um", "von"), ("auf", "um"), ("auf", "von")))


def misbounded(sentence: str, text: str) -> list[str]:
    """Reasons: numbers that the source gives only as another bound, or another end of a change."""
    there = [q for q in quantities(text) if q.value is not None]
    reasons = []
    for claim in quantities(sentence):
        same = [q for q in there if says(q, claim)]
        if claim.value is None or not same:
            continue
        bound, word = _bound(sentence, claim)
        fitting = _FITS.get(bound)
        if fitting and not any(
            _bound(text, q)[0] in fitting or _loosely(text, q) == bound for q in same
        ):
            reasons.append(f"number: {word!r} {claim.text}, the source does not say so")
        change = _change(sentence, claim)
        if change and all((change, _change(text, q)) in _OTHERWISE for q in same):
            reasons.append(
                f"number: {change!r} {claim.text}, the source says {_change(text, same[0])!r}"
            )
    return reasons


def _bound(text: str, quantity: Quantity) -> tuple[Bound, str]:
    found = _BEFORE.search(text, 0, quantity.start)
    if found is None:
        return "", ""
    bound = next(b for b in _BOUNDS if found[b])
    return bound, found[bound]


def _loosely(text: str, quantity: Quantity) -> Bound:
    found = _LOOSELY.search(text, 0, quantity.start)
    return _LOOSE[found[1].lower()] if found else ""


def _change(text: str, quantity: Quantity) -> str:
    found = _CHANGE.search(text, 0, quantity.start)
    return found[1].lower() if found else ""
