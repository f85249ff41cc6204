"""Where another article says something else about the same thing than the answer does.

Values are compared (sums, counts, ages, dates, measures) and a person's offices. A missed conflict
is better than a false one: what may be another thing, another time, a part of it or a rounded
number is none.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from rag.cite import at
from rag.german import stem, words
from rag.matter import Side, agree, content, context, one_matter, same_sum
from rag.offices import exclude, offices
from rag.quantities import MONEY, factor_of, unit_of
from rag.ranges import Measured, comparable, differ, measured
from rag.sought import asked_for
from rag.types import Article, Conflict, Evidence, Statement
from rag.wording import coverage, has_stem, stems_of

_MOST = 3  # conflicts told, and articles told of in one
_COVERED = 0.5  # of the question's wording that both sentences have
_LESS = 0.2  # less of it the other sentence may have
_NUMBER_COVERED = 0.3  # the first, if both name the same number of two currencies
_ALIKE: dict[bool, tuple[float, float]] = {False: (0.25, 0.5), True: (0.15, 0.3)}
"""Share of the wording of both and of the shorter sentence that they share, otherwise and if they
name the same number of two currencies: that alone is a sign that they mean the same."""
_WELL, _WELL_ALIKE = 0.8, (0.2, 0.35)  # less is enough where both have most of the question
_MAIN = (0.4, 0.6)  # the same if the question did not ask for a value
_AGREES = 0.5  # of the own place's share of the question that one has which says the same

_AGE = re.compile(r"\bwie alt\b|\bwelchem alter\b", re.IGNORECASE)
_COUNT = re.compile(r"\b[Ww]ie ?viele?n? (?:[a-zäöüß]+e[nr]? )?([A-ZÄÖÜ][\w-]+)")
_ASKED_MONEY = re.compile(r"\b(?:geld|euro|dollar|kost\w*|teuer|preis\w*)\b", re.IGNORECASE)


def find(
    question: str,
    statements: Sequence[Statement],
    evidence: Sequence[Evidence],
    article: Callable[[str], Article],
) -> tuple[Conflict, ...]:
    """The conflicts between what the statements cite and the other articles' evidence.

    ``evidence`` holds all sentences that were found, shown to a model or not.
    """
    matter = _Matter(question, evidence)
    found: list[Conflict] = []
    told: set[tuple[str, int, str]] = set()
    for statement in statements:
        for own in matter.answering(statement):
            sides = (own, *matter.against(own))
            if len(sides) > 1 and _key(own) not in told:
                told |= {_key(side) for side in sides}
                found.append(_conflict([(s.place, s.value.text) for s in sides], article))
        if pairs := matter.other_office(statement):
            found.append(_conflict(pairs, article))
    return tuple(dict.fromkeys(found))[:_MOST]


def _key(side: Side) -> tuple[str, int, str]:
    return side.place.article, side.place.start, side.value.kind


def _conflict(sides: Sequence[tuple[Evidence, str]], article: Callable[[str], Article]) -> Conflict:
    owners = _labels([place for place, _ in sides])
    said = [
        f"{_flat(text).rstrip('.')} ({who})" for (_, text), who in zip(sides, owners, strict=True)
    ]
    places = tuple(at(article(place.article), place.start, place.end) for place, _ in sides)
    return Conflict(f"Die Artikel nennen Verschiedenes: {', '.join(said)}.", places)


def _labels(places: Sequence[Evidence]) -> list[str]:
    """What names each article: its publisher, its title, or its id, if that tells them apart."""
    for names in ([p.metadata.publisher for p in places], [p.metadata.title for p in places]):
        told = [_flat(name) for name in names if name]
        if len(set(told)) == len(places):
            return told
    return [p.article for p in places]


def _flat(text: str) -> str:
    return " ".join(text.split())


class _Matter:
    """One question with all that was found for it."""

    def __init__(self, question: str, evidence: Sequence[Evidence]) -> None:
        self.question = question
        self.evidence = {(e.article, e.start): e for e in evidence}
        self._asked = asked_for(question)
        count = Counter(root for e in evidence for root in content(e.text))
        self._weight = {root: math.log(1 + len(evidence) / n) for root, n in count.items()}

    def answering(self, statement: Statement) -> Iterator[Side]:
        """The values of the cited places that answer the question."""
        said = measured(statement.text)
        for citation in statement.citations:
            place = self.evidence.get((citation.article, citation.start))
            for value in measured(place.text) if place else ():
                if place and self._wanted(value, said) and any(agree(value, s) for s in said):
                    yield self._side(place, value)

    def against(self, own: Side) -> list[Side]:
        """The best place of each other article that says something else, none of an article that
        says the same too, and none that says what the own article says elsewhere."""
        best: dict[str, tuple[float, Side]] = {}
        agreeing = set()
        elsewhere: list[Measured] = []
        for place, value in self._values():
            if not comparable(own.value, value):
                continue
            if place.article == own.place.article:
                if self._side(place, value).covered >= _AGREES * own.covered:
                    elsewhere.append(value)
            elif agree(own.value, value):
                if self._side(place, value).covered >= _AGREES * own.covered:
                    agreeing.add(place.article)
            elif differ(own.value, value):
                side = self._side(place, value)
                alike = self._same(own, side)
                if alike > best.get(place.article, (0.0, side))[0]:
                    best[place.article] = alike, side
        ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
        told = [side for name, (_, side) in ranked if name not in agreeing]
        return [s for s in told if not any(agree(s.value, e) for e in elsewhere)][: _MOST - 1]

    def other_office(self, statement: Statement) -> list[tuple[Evidence, str]]:
        """The office of a person that the question asks for, where the statement says it, and
        another one that this person cannot hold too, where another article says that."""
        said = offices(self.question, statement.text)
        held = [(e, o) for e in self.evidence.values() for o in offices(self.question, e.text)]
        cited = {(c.article, c.start) for c in statement.citations}
        for place, own in held:
            if (place.article, place.start) not in cited or own.key not in {o.key for o in said}:
                continue
            alike = {e.article for e, o in held if o.key == own.key} | {place.article}
            others = {e.article: (e, o.text) for e, o in held if exclude(own, o)}
            told = [pair for name, pair in others.items() if name not in alike]
            if told and place.article not in others:
                return [(place, own.text), *told][:_MOST]
        return []

    def _values(self) -> Iterator[tuple[Evidence, Measured]]:
        return (
            (place, value) for place in self.evidence.values() for value in measured(place.text)
        )

    def _side(self, place: Evidence, value: Measured) -> Side:
        covered, lacking = coverage(self.question, place.text, context(place))
        return Side(place, value, covered, frozenset(lacking))

    def _wanted(self, value: Measured, said: Sequence[Measured]) -> bool:
        """Whether the value is of the kind that is asked for."""
        if self._asked == "time":
            return value.kind == "date"
        if value.kind == "date":
            return False
        if self._asked != "amount":
            return len(said) == 1
        if _AGE.search(self.question):
            return value.kind == "age"
        if _ASKED_MONEY.search(self.question):
            return value.kind == "money"
        counted = _COUNT.search(self.question)
        if not counted or factor_of(counted[1]) > 1:  # "wie hoch", "wie viele Milliarden"
            return value.kind not in ("count", "age")
        if unit := unit_of(counted[1]):
            return value.unit == unit
        roots = frozenset(stem(w.text) for w in words(counted[1]))
        only = sum(m.kind == "count" for m in said) == 1
        return value.kind == "count" and (only or has_stem(value.noun, roots))

    def _same(self, own: Side, other: Side) -> float:
        """How alike two places are that may speak of the same thing; 0 if they do not."""
        currencies = own.value.unit != other.value.unit and own.value.unit in MONEY
        enough = _NUMBER_COVERED if currencies else _COVERED
        if min(own.covered, other.covered) < enough or other.covered < own.covered - _LESS:
            return 0.0
        if not (same_sum(own, other) if currencies else one_matter(own, other)):
            return 0.0
        there = self._shared(own.place, other.place)
        back = self._shared(other.place, own.place)
        low, high = _ALIKE[currencies]
        if min(own.covered, other.covered) >= _WELL and not currencies:
            low, high = _WELL_ALIKE
        if self._asked not in ("amount", "time"):
            low, high = _MAIN
        if min(there, back) < low or max(there, back) < high:
            return 0.0
        return there + back + own.covered + other.covered

    def _shared(self, one: Evidence, other: Evidence) -> float:
        """The share of one's content words, weighted by how rare they are, that the other has."""
        roots = content(one.text)
        total = sum(self._weight.get(root, 1.0) for root in roots)
        known = stems_of(f"{other.text}\n{context(other)}")
        there = sum(self._weight.get(root, 1.0) for root in roots if has_stem(root, known))
        return there / total if total else 1.0
