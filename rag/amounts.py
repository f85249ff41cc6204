"""Does the source say a sentence's numbers, of the same things and in the same units?"""

from __future__ import annotations

import re

from rag.german import stem, words
from rag.quantities import MONEY, Quantity, factor_of, quantities, says, unit_of
from rag.synonyms import alike
from rag.wording import has_stem, stems_of

_ADJECTIVE = re.compile(r"[a-zäöüß-]{2,}(?:e[mnrs]?|er)\b")
_NOUN = re.compile(r"[A-ZÄÖÜ][\w-]+(?:[ \u00a0][A-ZÄÖÜ][\w-]+)?")  # also "WM Titel"
_BETWEEN = re.compile(r"[ \u00a0]")
_ADJECTIVES = 2  # between a number and what it counts: "140 neue europäische Stellen"
_FUNCTION = frozenset(
    "der die das den dem des ein eine einen einem einer eines als wie oder aber pro je seine "
    "seiner ihre ihrer ihren seinen diese dieser dieses diesen alle aller allen keine keiner hatte "
    "hätte wurde werde habe sollte konnte könnte musste war wäre wenige weniger mehrere unter über "
    "gegen hinter neben außer bisher immer wieder weiter nieder unser unsere dieser jeder".split()
)


def missing_amounts(sentence: str, text: str) -> list[str]:
    """Reasons: numbers, dates, counted things and currencies the source does not say."""
    there = quantities(text)
    reasons = []
    for claim in quantities(sentence):
        same = [source for source in there if _proves(source, claim, text)]
        if not same:
            reasons.append(f"number: {claim.text}")
            continue
        noun = _counted(sentence, claim)
        if not noun or claim.date is not None or any(s.date is not None for s in same):
            continue
        nouns = [_counted(text, source) for source in same]
        if not any(_alike(noun, n) for n in nouns if n):
            if all(nouns):
                reasons.append(f"number: {claim.text} {noun}, the source says {nouns[0]}")
            elif not _stands(noun, text):
                reasons.append(f"number: {claim.text} {noun}")
    known = _bare(text) | {u for q in there for u in _measures(q)}
    for word, measure in _bare_words(sentence):
        if measure not in known:
            reasons.append(f"number: {word}")
    return reasons


def _proves(source: Quantity, claim: Quantity, text: str) -> bool:
    """As ``says``; a bare number proves a unit only if the unit stands in the source too ("von 60
    auf 65 Jahre")."""
    if not says(source, claim):
        return False
    if claim.unit and not source.unit and source.date is None:
        units = {q.unit for q in quantities(text)} | {unit_of(w.text) for w in words(text)}
        return claim.unit in units
    return True


def _counted(text: str, quantity: Quantity) -> str:
    """The noun a number counts, also behind adjectives; empty if it has a unit or none is there."""
    if quantity.unit or quantity.date is not None:
        return ""
    at = quantity.end
    for _ in range(_ADJECTIVES + 1):
        if not _BETWEEN.match(text, at):
            return ""
        noun = _NOUN.match(text, at + 1)
        if noun:
            return noun.group().replace(" ", "-").replace("\u00a0", "-")
        adjective = _ADJECTIVE.match(text, at + 1)
        if not adjective or adjective.group() in _FUNCTION:
            return ""
        at = adjective.end()
    return ""


def _alike(one: str, other: str) -> bool:
    """Whether two nouns may be the same; of compounds the first or the last part decides."""
    return any(
        has_stem(a, frozenset((b,))) or has_stem(b, frozenset((a,))) or b in alike(a)
        for a in _ends(one)
        for b in _ends(other)
    )


def _ends(noun: str) -> set[str]:
    parts = noun.split("-")
    return {stem(parts[0]), stem(parts[-1])}


def _stands(noun: str, text: str) -> bool:
    roots = [stem(w.text) for w in words(noun)]
    known = stems_of(text)
    return all(has_stem(r, known) for r in roots) or bool(alike(roots[-1]) & known)


def _bare_words(text: str) -> list[tuple[str, str]]:
    """Currencies and scales outside numbers ("mehrere Milliarden Dollar"): (word, what it is)."""
    spans = [(q.start, q.end) for q in quantities(text)]
    found = []
    for word in words(text):
        if any(a <= word.start < b for a, b in spans) or not word.text[0].isupper():
            continue
        measure = unit_of(word.text)
        if measure in MONEY:
            found.append((word.text, measure))
        elif (factor := factor_of(word.text)) >= 10**6:
            found.append((word.text, str(factor)))
    return found


def _bare(text: str) -> set[str]:
    return {measure for _, measure in _bare_words(text)}


def _measures(quantity: Quantity) -> list[str]:
    scales = [str(f) for w in words(quantity.text) if (f := factor_of(w.text)) > 1]
    return [quantity.unit, *scales]
