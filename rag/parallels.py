"""Facts told side by side are not mixed: "Lindmark has 300 workers, Berol 500" proves neither that
Berol has 300 nor that Lindmark has 500.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations
from typing import Literal

from rag.german import stem, stop_stems
from rag.names import named
from rag.quantities import Quantity, quantities, says
from rag.tagging import tagged
from rag.wording import actions_of, has_stem, name_stems

Kind = Literal["name", "number", "date", "noun", "action"]
_BREAK = re.compile(r"[,;:–—.!?\n]|\b(?:und|oder|sowie|aber|während|sondern)\b")
_ASIDE = re.compile(r"\([^()\n]{1,200}\)")
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
_TOLD_OF = {
    "name": frozenset(("number", "date", "action")),  # names stand in lists
    "number": frozenset(("name", "date", "noun", "action")),
    "date": frozenset(("name", "number", "action")),
    "noun": frozenset(("number",)),
    "action": frozenset(("name", "number", "date")),
}  # which kinds belong together in one clause


@dataclass(frozen=True, slots=True)
class _Anchor:
    """What a fact hangs on, where it stands, and in which clause."""

    kind: Kind
    text: str
    clause: int
    roots: frozenset[str] = frozenset()
    quantity: Quantity | None = None

    def same(self, other: _Anchor) -> bool:
        """Whether ``other``, of the source, is what this one, of a claim, means."""
        if self.quantity and other.quantity:
            return says(other.quantity, self.quantity)
        if (self.kind == "action") != (other.kind == "action"):
            return False
        if "name" in (self.kind, other.kind):
            return bool(self.roots & other.roots)
        return any(
            has_stem(r, other.roots) or has_stem(r2, self.roots)
            for r in self.roots
            for r2 in other.roots
        )

    def rivals(self, other: _Anchor, partner: Kind) -> bool:
        """Whether ``other`` could stand where this one does, beside its partner."""
        if self.kind != other.kind:
            return partner == "number" and {self.kind, other.kind} == {"noun", "name"}
        units = {q.unit for q in (self.quantity, other.quantity) if q and q.unit}
        return len(units) < 2


def mixed(claim: str, source: str) -> list[str]:
    """Reasons: two things the claim joins that stand in two clauses of the source, in each of which
    another one of the same kind, which the claim does not tell of, stands in the other's place."""
    if not _BREAK.search(source.rstrip(' .!?…“"')):
        return []
    ours, theirs = _anchors(claim), _anchors(source)
    untold = [a for a in theirs if not any(o.same(a) for o in ours)]
    for one, other in permutations(ours, 2):
        if other.kind not in _TOLD_OF[one.kind]:
            continue
        here = {a.clause for a in theirs if one.same(a)}
        there = {a.clause for a in theirs if other.same(a)}
        if not here or not there or here & there:
            continue
        if all(_has_rival(other, one, untold, c) for c in here) and all(
            _has_rival(one, other, untold, c) for c in there
        ):
            return [f"roles: {one.text} and {other.text} stand apart in the source"]
    return []


def _has_rival(anchor: _Anchor, partner: _Anchor, untold: list[_Anchor], clause: int) -> bool:
    return any(a.clause == clause and anchor.rivals(a, partner.kind) for a in untold)


@lru_cache(maxsize=1024)  # a sentence is held against many places
def _anchors(text: str) -> tuple[_Anchor, ...]:
    return tuple(_found(text))


def _found(text: str) -> Iterator[_Anchor]:
    aside = [m.span() for m in _ASIDE.finditer(text)]
    breaks = (m.end() for m in _BREAK.finditer(text))
    ends = [at for at in breaks if not any(a < at < b for a, b in aside)]

    def clause(at: int) -> int:
        return sum(end <= at for end in ends)

    taken = []
    for q in quantities(text):
        kind: Kind = "date" if q.date or _YEAR.fullmatch(q.text) else "number"
        taken.append((q.start, q.end))
        yield _Anchor(kind, q.text, clause(q.start), quantity=q)
    for name in named(text):
        taken.append((name.start, name.end))
        if roots := frozenset(name_stems(name.text)):
            yield _Anchor("name", name.text, clause(name.start), roots)
    actions = actions_of(text)
    for word in tagged(text):
        if any(a <= word.start < b for a, b in taken):
            continue
        root = stem(word.text)
        if word.tag.startswith("VV") and word.start in actions:
            yield _Anchor(
                "action", word.text, clause(word.start), frozenset((actions[word.start],))
            )
        elif word.tag == "NN" and root not in stop_stems():
            yield _Anchor("noun", word.text, clause(word.start), frozenset((root,)))
