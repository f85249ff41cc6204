"""Is a sentence denied where its source is, and nowhere else?

Each "nicht" belongs to a place: it is met by a denial of the source that stands in the same place
or beside the same word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.alignment import Token, align, beside, is_fragment, tokens
from rag.wording import has_stem

_DENIALS = frozenset(
    "nicht nie niemals nimmer weder ohne kaum nichts niemand niemanden niemandem niemandes "
    "nirgends nirgendwo keinesfalls keineswegs keinerlei mitnichten not no never none".split()
)
_NOT_ONLY = re.compile(
    r"\bnicht (?:etwa |mehr )?"
    r"(?:nur|allein|alleine|lediglich|bloß|zuletzt|einfach|ausschließlich)\b",
    re.IGNORECASE,
)
_KEIN = re.compile(r"kein(?:e[mnrs]?)?", re.IGNORECASE)
_NEAR = 2  # content words beside a denial that may be what it denies


def denials(claim: str, source: str) -> list[str]:
    """Reasons: what one of the two denies and the other does not; empty if they agree."""
    ours, theirs = _denials(claim), _denials(source)
    if not ours and not theirs:
        return []
    found = align(claim, source)
    said, stood = tokens(claim), tokens(source)
    reasons = []
    for i in ours:
        near = _roots(beside(said, i))
        if not any(
            found.meet(i, j)
            or (_share(near, _roots(beside(stood, j, _NEAR))) and _same_clause(said, i, stood, j))
            for j in theirs
        ):
            reasons.append(f"negation: the source does not say {said[i].text!r}")
    if is_fragment(said):
        return reasons
    everything = frozenset(t.root for t in said)
    for j in theirs:
        before, behind = beside(stood, j)
        taken_over = all(has_stem(t.root, everything) for t in (*before, *behind))
        near = _roots((before, behind))
        if not near or not taken_over:
            continue
        if not any(found.meet(i, j) or _share(near, _roots(beside(said, i, _NEAR))) for i in ours):
            reasons.append(f"negation: the source says {stood[j].text!r}")
    return reasons


def denies(text: str) -> bool:
    """Whether anything is denied in it."""
    return bool(_denials(text))


def _denials(text: str) -> list[int]:
    only = [m.span() for m in _NOT_ONLY.finditer(text)]
    return [
        i
        for i, token in enumerate(tokens(text))
        if (token.text.casefold() in _DENIALS or _KEIN.fullmatch(token.text))
        and not any(a <= token.start < b for a, b in only)
    ]


def _same_clause(claim: tuple[Token, ...], i: int, source: tuple[Token, ...], j: int) -> bool:
    """Whether the two clauses share half of what one of them says."""
    ours = {t.root for t in claim if t.content and t.clause == claim[i].clause}
    theirs = {t.root for t in source if t.content and t.clause == source[j].clause}
    return 2 * len(ours & theirs) >= min(len(ours), len(theirs))


def _roots(sides: Iterable[Iterable[Token]]) -> frozenset[str]:
    return frozenset(token.root for side in sides for token in side)


def _share(some: frozenset[str], others: frozenset[str]) -> bool:
    return any(has_stem(root, others) for root in some)
