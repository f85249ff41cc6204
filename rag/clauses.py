"""A sentence in its main clauses, each a claim of its own."""

from __future__ import annotations

import re

from rag.tagging import Tagged, tagged

_STRONG = re.compile(r"; | – |, (?:und|aber|doch|jedoch|während|sondern|denn) ")
_WEAK = re.compile(r" (?:und|aber|doch|sowie) ")
_QUOTED = re.compile(r"[„“\"»][^„“”\"«»\n]{0,400}[“”\"«]")
_FINITE = re.compile(r"V[AMV]\(FIN\)")


def clauses(sentence: str) -> tuple[str, ...]:
    """The clauses that ", und", "aber", ";" and their like join, each with a finite verb of its
    own; where there is none, those that a bare "und" joins. A clause that begins with its verb is
    given the subject of the first; a quotation is never cut. The sentence alone if it has one
    clause only."""
    found = _split(sentence, _STRONG)
    if len(found) == 1:
        found = _split(sentence, _WEAK)
    first = _subject(found[0])
    return (found[0], *(f"{first}{c}" if _leading_verb(c) else c for c in found[1:]))


def _split(sentence: str, joint: re.Pattern[str]) -> list[str]:
    quoted = [m.span() for m in _QUOTED.finditer(sentence)]
    joints = [m for m in joint.finditer(sentence) if not any(a <= m.start() < b for a, b in quoted)]
    found: list[str] = []
    start = 0
    ends = [*(m.start() for m in joints[1:]), len(sentence)]
    for m, end in zip(joints, ends, strict=False):  # one end too many where nothing is joined
        if _finite(sentence[start : m.start()]) and _finite(sentence[m.end() : end]):
            found.append(sentence[start : m.start()])
            start = m.end()
    return [*found, sentence[start:]]


def _finite(text: str) -> list[Tagged]:
    return [t for t in tagged(text) if _FINITE.fullmatch(t.tag)]


def _leading_verb(clause: str) -> bool:
    verbs = _finite(clause)
    return bool(verbs) and verbs[0].start == 0


def _subject(clause: str) -> str:
    verbs = _finite(clause)
    return clause[: verbs[0].start] if verbs else ""
