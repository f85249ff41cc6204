"""Do two places of different articles speak of the same thing? Rules on what tells things apart.

A name, a year, a share, a plan that one has and the other has not: then they may be two things.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rag.german import stem, stop_stems, words
from rag.names import names
from rag.ranges import Measured, comparable, differ, measured
from rag.select import leans
from rag.tagging import tagged
from rag.types import Evidence
from rag.wording import has_stem, name_stems, stems_of

_TELLING = 3  # digits of a number that hardly occurs twice by chance

_PART = re.compile(
    r"\b(?:davon|darunter|weitere[nrsm]?|zusätzlich\w{0,4}|zudem|außerdem|ebenfalls|zunächst|allein|"
    r"noch|andere[nrsm]?|teil(?:s|weise)?|hälfte|drittel|viertel|fünftel|übrige[nrs]?|restliche[nr]?|"
    r"knapp jede[rns]?|jede[rnms]?)\b",
    re.IGNORECASE,
)
_SCOPE = re.compile(
    r"\b(jährlich|monatlich|täglich|wöchentlich|stündlich|pro|je|jeweils|insgesamt|gesamt|bisher|"
    r"bislang|inzwischen|mittlerweile|künftig|früher|zuvor|damals|ursprünglich|derzeit|aktuell|"
    r"heute|zuletzt|quartal|halbjahr|monat|woche|vorjahr|vergleich|durchschnitt|mindest|"
    r"anstieg|plus|minus|mehr|weniger|gestiegen|gesunken|gewachsen|höher|niedriger|größer)\w{0,6}",
    re.IGNORECASE,
)
_PLANNED = re.compile(
    r"\b(?:soll(?:en|te|ten)?|könn(?:en|te|ten)|kann|würden?|wird|werden|will|wollen|wollte|geplant\w*|"
    r"prognos\w*|erwarte\w*|rechne\w*|schätz\w*|veranschlag\w*|vorgesehen\w*|angesetzt|kalkulier\w*|"
    r"gefordert\w*|fordert\w*|ziel\w*)\b",
    re.IGNORECASE,
)
_DIMENSION = re.compile(
    r"\b(lang|läng|kurz|breit|hoh|hoch|höh|tief|dick|schwer|weit|entfern|groß|größ|schnell|fläche)"
)
_OF_NAME = re.compile(r"\b(?:von|in|aus|bei|nach|für) ([A-ZÄÖÜ][\w-]+)")


@dataclass(frozen=True, slots=True)
class Side:
    """One place that measures something, how much of the question it covers, in [0, 1], and the
    words of the question that it lacks."""

    place: Evidence
    value: Measured
    covered: float
    lacking: frozenset[str]


def one_matter(own: Side, other: Side) -> bool:
    """Whether nothing tells the two apart: a name, a year, a share, an unfulfilled plan."""
    lost = own.lacking ^ other.lacking
    if any(word[0].isupper() for word in lost):
        return False
    one, two = own.place.text, other.place.text
    if not all(_is_only(side) and _is_said(side) for side in (own, other)):
        return False
    if own.value.kind == "date":
        if any(word[0].islower() for word in own.lacking | other.lacking):
            return False
    elif _years(one) != _years(two):
        return False
    if _PART.search(one) or _PART.search(two) or _scopes(one) != _scopes(two):
        return False
    sizes = [set(_DIMENSION.findall(text.casefold())) for text in (one, two)]
    if all(sizes) and not sizes[0] & sizes[1]:
        return False
    if bool(_PLANNED.search(one)) != bool(_PLANNED.search(two)):
        return False
    if own.value.kind == "age" and not _name_roots(one) & _name_roots(two):
        return False
    if _foreign(one, two) and _foreign(two, one):
        return False
    return not (_strange(own.place, other.place) or _strange(other.place, own.place))


def same_sum(own: Side, other: Side) -> bool:
    """For the same number of two currencies: nothing says that it is another sum or converted."""
    for side, unit in ((own, other.value.unit), (other, own.value.unit)):
        if any(m.unit == unit for m in measured(side.place.text)):
            return False  # "109 Milliarden Euro (112 Milliarden Dollar)"
    one, two = own.place, other.place
    years = _years(one.text), _years(two.text)
    if all(years) and not years[0] & years[1]:
        return False
    telling = max(len(n.normalize().as_tuple().digits) for n in own.value.named)
    return telling >= _TELLING or not (_strange(one, two) and _strange(two, one))


def agree(one: Measured, other: Measured) -> bool:
    same = comparable(one, other) and one.unit == other.unit
    return same and not differ(one, other)


def _is_only(side: Side) -> bool:
    """Whether the sentence measures nothing else of the kind."""
    return sum(comparable(side.value, m) for m in measured(side.place.text)) == 1


def _is_said(side: Side) -> bool:
    """Whether a verb says it of something: a row of a table or a headline does not."""
    return any("(FIN)" in word.tag or "(PP)" in word.tag for word in tagged(side.place.text))


def _years(text: str) -> set[int]:
    return {m.date[0] for m in measured(text) if m.date and m.date[0]}


def _scopes(text: str) -> set[str]:
    return {m[1].casefold() for m in _SCOPE.finditer(text)}


def _strange(place: Evidence, other: Evidence) -> list[str]:
    """Names of a place that the other one does not know: it may speak of someone else."""
    known = stems_of(f"{other.text}\n{context(other)}")
    return [roots[-1] for roots in _named(place.text) if not has_stem(roots[-1], known)]


def _foreign(text: str, other: str) -> list[str]:
    """What a text is of or in, as far as no article stands before it, and the other is not:
    places that no dictionary knows are often taken for nouns."""
    known = stems_of(other)
    roots = [stem(each) for each in _OF_NAME.findall(text)]
    return [root for root in roots if not has_stem(root, known)]


def _named(text: str) -> list[list[str]]:
    """The stems of each name, without numbers ("34-jährige")."""
    spoken = (" ".join(p for p in name.split() if not p[0].isdigit()) for name in names(text))
    return [roots for name in spoken if (roots := name_stems(name))]


def _name_roots(text: str) -> set[str]:
    return {root for roots in _named(text) for root in roots}


def context(place: Evidence) -> str:
    """What is above a sentence, and before it if it leans on that."""
    m = place.metadata
    above = (m.title or "", m.publisher or "", *place.headings)
    return "\n".join((*above, place.before if leans(place.text) else ""))


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems of a sentence without its values and what says how sure they are."""
    spans = [(m.start, m.end) for m in measured(text)]
    stop = stop_stems()
    return frozenset(
        root
        for w in words(text)
        if not any(a <= w.start < b for a, b in spans)
        and (root := stem(w.text)) not in stop
        and len(root) > 1
        and not root.isdigit()
    )
