"""Who is where: names and numbers of a sentence in the places the source gives them.

What stands right before and behind a name tells its place in the sentence. Two names (or numbers)
are exchanged if each stands where the source has the other; a name is foreign if it stands where
the source has another one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from rag.alignment import Token, tokens
from rag.names import named
from rag.quantities import Quantity, quantities
from rag.tagging import tagged
from rag.wording import has_stem, name_stems, stems_of

_WINDOW = ((-2, 1), (-1, 2), (1, 2), (2, 1))  # (words away, what an equal word there counts)
_EXCHANGED = 3  # how much more alike the exchanged places have to be
_SAME_PLACE = 4  # how alike two places are that are one
_NOUNS = frozenset(("NN", "NE", "FM"))
_DESCRIBED = frozenset(
    "ART APPRART ADJ(A) CARD PDAT PPOSAT PIAT PIDAT PRELAT PWAT TRUNC".split()
)  # before an ordinary noun
_MOST = 24  # names or numbers compared; a sentence has fewer, and pairs are many
_LIST = re.compile(r"(?:[\s,/]|\b(?:und|oder|sowie|bzw|beziehungsweise)\b)*")


@dataclass(frozen=True, slots=True)
class _Held:
    """A name or number where it stands, and the words around it by their distance."""

    text: str
    start: int
    end: int
    roots: frozenset[str]
    around: dict[int, str]
    proper: bool
    quantity: Quantity | None = None


def exchanged(claim: str, source: str) -> list[str]:
    """Reasons: two names or two numbers of the claim that the source has in each other's place."""
    reasons = []
    for find, same in ((_names, _same_name), (_numbers, _same_number)):
        ours, theirs = find(claim), find(source)
        for one, other in combinations(ours, 2):
            if same(one, other) or _listed(claim, one, other, ours):
                continue
            places = [[h for h in theirs if same(h, x)] for x in (one, other)]
            if not all(places):
                continue
            kept = _likeness(one, places[0]) + _likeness(other, places[1])
            turned = _likeness(one, places[1]) + _likeness(other, places[0])
            if turned >= kept + _EXCHANGED:
                reasons.append(f"roles: {one.text} and {other.text} are exchanged")
    return reasons


def foreign(claim: str, source: str, question: str = "") -> list[str]:
    """Reasons: a name or number the source lacks, where it has another one that the claim lacks.
    A noun of the question is the reader's word for what stands there and no name."""
    reasons = []
    for kind, find in (("roles", _names), ("number", _numbers)):
        ours, theirs = find(claim), find(source)
        new = [h for h in ours if not _among(h, theirs, source, question)]
        lost = [h for h in theirs if not _among(h, ours, claim)] if new else []
        reasons += [
            f"{kind}: {n.text}, the source says {there.text}"
            for n in new
            for there in lost
            if _likeness(n, [there]) >= _SAME_PLACE
        ]
    return reasons


def _among(held: _Held, others: Sequence[_Held], text: str, question: str = "") -> bool:
    if held.quantity:
        return any(_same_number(held, other) for other in others)
    known = stems_of(text) | (frozenset() if held.proper else stems_of(question))
    return all(has_stem(root, known) for root in held.roots)


def _names(text: str) -> list[_Held]:
    """Names, and nouns that stand like names: capitalised without an article or adjective."""
    proper = [(n.start, n.end) for n in named(text)]
    spans: list[tuple[str, int, int, Quantity | None]] = []
    before = ""
    for word in tagged(text):
        is_proper = any(a <= word.start < b for a, b in proper)
        like = word.tag in _NOUNS and before not in _DESCRIBED
        joins = bool(spans) and text[spans[-1][2] : word.start] in (" ", "\u00a0", "-")
        surname = joins and before == "NE"  # "Petra Lind", "Karl Grün"
        if is_proper or ((like or surname) and word.text[0].isupper()):
            start = spans.pop()[1] if joins else word.start
            spans.append((text[start : word.end], start, word.end, None))
        before = word.tag
    return _held(text, spans, proper)


def _numbers(text: str) -> list[_Held]:
    return _held(text, [(q.text, q.start, q.end, q) for q in quantities(text)])


def _held(
    text: str,
    spans: Sequence[tuple[str, int, int, Quantity | None]],
    proper: Sequence[tuple[int, int]] = (),
) -> list[_Held]:
    words = tokens(text)
    masks = {i: "\0" for i, t in enumerate(words) for _, a, b, _ in spans if a <= t.start < b}
    found = []
    for held, start, end, quantity in spans[:_MOST]:
        inside = [i for i, t in enumerate(words) if start <= t.start < end]
        if inside:
            around = _around(words, masks, inside[0], inside[-1])
            own = " ".join(text[a:b] for a, b in proper if start <= a < end)
            roots = frozenset(name_stems(own or held))
            found.append(_Held(held, start, end, roots, around, bool(own), quantity))
    return found


def _around(words: Sequence[Token], masks: dict[int, str], first: int, last: int) -> dict[int, str]:
    around = {}
    for away, _ in _WINDOW:
        at = (first if away < 0 else last) + away
        if at in masks:
            around[away] = masks[at]
        elif 0 <= at < len(words):
            around[away] = words[at].root
        elif at in (-1, len(words)):
            around[away] = "\n"  # the edge of the sentence
    return around


def _likeness(held: _Held, places: Sequence[_Held]) -> int:
    """How much the surroundings are alike, those of the likest place."""
    return max(
        sum(
            weight
            for away, weight in _WINDOW
            if away in held.around and held.around[away] == place.around.get(away)
        )
        for place in places
    )


def _listed(text: str, one: _Held, other: _Held, held: Sequence[_Held]) -> bool:
    """Whether only others of their kind stand between the two ("LG, Samsung und Naver")."""
    between = [h for h in held if one.end <= h.start and h.end <= other.start]
    ends, starts = [one.end, *(h.end for h in between)], [*(h.start for h in between), other.start]
    return all(_LIST.fullmatch(text, a, b) for a, b in zip(ends, starts, strict=True))


def _same_name(one: _Held, other: _Held) -> bool:
    return bool(one.roots & other.roots)


def _same_number(one: _Held, other: _Held) -> bool:
    if one.quantity is None or other.quantity is None:
        return False
    return (one.quantity.value, one.quantity.date) == (other.quantity.value, other.quantity.date)
