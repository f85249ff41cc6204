"""What a text measures: quantities as ranges, with what they measure and how sure they are.

"bis zu 50 Milliarden Euro" is money from 0 to 50 milliards, "rund 100 Gäste" counts guests from
90 to 110, "am 3. Mai 2020" is a date. Rounding is no difference: "2,5 Millionen" meets 2,48.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from rag.german import stem
from rag.quantities import MONEY, Quantity, quantities
from rag.wording import has_stem

_NEVER = frozenset({"pp", "DEM", "ct"})
_ROUNDED = Decimal("0.05")  # relative difference of a rounded number and the exact one, at most
_JOINED = re.compile(r"[ \u00a0]bis(?: zu)?[ \u00a0]|[ \u00a0]?[–-][ \u00a0]?")
_BETWEEN = re.compile(r"\bzwischen[ \u00a0]$", re.IGNORECASE)
_HEDGES: tuple[tuple[str, str, str], ...] = (
    (r"mehr als|über|mindestens|wenigstens|ab|jenseits von", "1", "2"),
    (r"bis(?: zu)?|maximal|höchstens|weniger als|unter", "0", "1"),
    (r"fast|knapp|nahezu|beinahe", "0.85", "1"),
    (r"gut|etwas über|etwas mehr als", "1", "1.15"),
    (r"rund|etwa|circa|ca\.|ungefähr|annähernd|schätzungsweise|um die|geschätzte?n?|zirka",
     "0.9", "1.1"),
)  # fmt: skip
_HEDGE = tuple(
    (re.compile(rf"\b(?:{words})[ \u00a0](?:(?:die|den|der|dem)[ \u00a0])?$", re.I), low, high)
    for words, low, high in _HEDGES
)
_HEDGE_CHARS = 24
_AGE_AFTER = re.compile(r"[ \u00a0]alt\b|[ \u00a0]alte[nrsm]?\b")
_AGE_BEFORE = re.compile(r"\bAlter von (?:rund |etwa |nur |gerade )?$")
_AGE = re.compile(r"jährige?[nrsm]?$", re.IGNORECASE)
_YEAR_BEFORE = re.compile(
    r"\b(?:Jahre?[ns]?|seit|ab|bis|Ende|Anfang|Mitte|Sommer|Herbst|Winter|Frühjahr|Frühling|"
    r"gegründet|geboren|von|nach|vor|in)[ \u00a0]$"
)
_COUNTED = re.compile(r"(?:[ \u00a0][a-zäöüß-]{2,}(?:e[mnrs]?|er)\b){1,2}[ \u00a0]([A-ZÄÖÜ][\w-]+)")
_DETERMINERS = re.compile(
    r"[ \u00a0](?:d(?:er|ie|as|en|em|es)|(?:k?ein|sein|ihr|unser)\w*|als|wie|oder|aber|pro|je|"
    r"unter|über|gegen|bisher|immer|wieder|weiter)\b"
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What is measured from ``low`` to ``high``, or a ``date`` (0 = not said).

    ``kind`` is "money", "age", "date", "count" or a unit; ``unit`` the currency, ``noun`` the
    stem of what is counted. ``named`` are the numbers as they stand. ``text`` is the slice
    [start, end) of the text it was read from, with the words that make it vague.
    """

    kind: str
    start: int
    end: int
    text: str
    low: Decimal = Decimal(0)
    high: Decimal = Decimal(0)
    named: frozenset[Decimal] = frozenset()
    unit: str = ""
    noun: str = ""
    date: tuple[int, int, int] | None = None


@lru_cache(maxsize=8192)
def measured(text: str) -> tuple[Measured, ...]:
    """Everything a sentence measures, in order. Bare numbers are left out."""
    found: list[Measured] = []
    pending = list(quantities(text))
    while pending:
        first = pending.pop(0)
        last = pending.pop(0) if pending and _is_range(text, first, pending[0]) else first
        one = _read(text, first, last)
        if one:
            found.append(one)
    return tuple(found)


def comparable(one: Measured, other: Measured) -> bool:
    """Whether both measure the same kind of thing, in the same unit or as money."""
    if one.kind != other.kind:
        return False
    if one.kind != "count":
        return one.kind == "money" or one.unit == other.unit
    return has_stem(one.noun, frozenset((other.noun,))) or has_stem(
        other.noun, frozenset((one.noun,))
    )


def same_number(one: Measured, other: Measured) -> bool:
    """Whether both name the same number, whatever the currency."""
    return bool(one.named & other.named)


def differ(one: Measured, other: Measured) -> bool:
    """Whether two comparable values cannot both be right.

    Of two currencies only the same number differs: another one may be the sum converted.
    """
    if one.date and other.date:
        return _dates_differ(one.date, other.date)
    if one.unit != other.unit:
        return same_number(one, other)
    if one.low <= other.high and other.low <= one.high:
        return False
    return not any(_rounds(a, b) for a in one.named for b in other.named)


def _dates_differ(one: tuple[int, int, int], other: tuple[int, int, int]) -> bool:
    """Whether a part that both say differs. Another day of another year may be another time of
    what happens every year."""
    parts = [(a, b) for a, b in zip(one, other, strict=True) if a and b]
    unlike = [a != b for a, b in parts]
    if one[0] and other[0] and unlike[0] and any(unlike[1:]):
        return False
    return any(unlike)


def _rounds(one: Decimal, other: Decimal) -> bool:
    """Whether one number is the other one rounded: 100 and 97, 2.5 and 2.48."""
    if one == other:
        return True
    places = [_place(n) for n in (one, other)]
    step = max(places)
    close = abs(one - other) <= _ROUNDED * max(abs(one), abs(other))
    return close and round(one / step) == round(other / step)


def _place(number: Decimal) -> Decimal:
    """The value of the last digit that is not 0."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(1)


def _is_range(text: str, first: Quantity, second: Quantity) -> bool:
    """ "30 bis 50 Euro", "zwischen 30 und 50 Euro": both numbers have the unit of the second."""
    if first.value is None or second.value is None or _year(text, second):
        return False
    if (first.unit or second.unit) != second.unit:
        return False
    joint = text[first.end : second.start]
    if _JOINED.fullmatch(joint):
        return True
    return joint.strip() == "und" and bool(_BETWEEN.search(text, 0, first.start))


def _read(text: str, first: Quantity, last: Quantity) -> Measured | None:
    if last.date:
        return Measured("date", last.start, last.end, last.text, date=last.date)
    if last.value is None or first.value is None or last.unit in _NEVER:
        return None
    if year := _year(text, last):
        return Measured("date", last.start, last.end, last.text, date=(year, 0, 0))
    kind, noun, end = _kind(text, last)
    if not kind:
        return None
    low, high = sorted((first.value, last.value))
    start = first.start
    for pattern, lowest, highest in _HEDGE:
        hedge = pattern.search(text, max(0, start - _HEDGE_CHARS), start)
        if hedge:
            low, high, start = low * Decimal(lowest), high * Decimal(highest), hedge.start()
            break
    named = frozenset((first.value, last.value))
    return Measured(kind, start, end, text[start:end], low, high, named, last.unit, noun)


def _kind(text: str, q: Quantity) -> tuple[str, str, int]:
    """What a number measures, the stem of what it counts, and where that ends."""
    if q.unit in MONEY:
        return "money", "", q.end
    if q.unit == "a":
        after = _AGE_AFTER.match(text, q.end)
        is_age = after or _AGE.search(q.text) or _AGE_BEFORE.search(text, 0, q.start)
        return ("age" if is_age else "a"), "", after.end() if after else q.end
    if q.unit:
        return q.unit, "", q.end
    if q.noun:
        end = text.find(q.noun, q.end) + len(q.noun)
        return "count", _counted(q.noun), end
    counted = _COUNTED.match(text, q.end)
    if counted and not _DETERMINERS.match(text, q.end):
        return "count", _counted(counted[1]), counted.end()
    return "", "", q.end


def _counted(noun: str) -> str:
    return stem(noun.rpartition("-")[2])


def _year(text: str, q: Quantity) -> int:
    """The year a bare number is, else 0: "1998 gegründet", but "1998 Mitarbeiter"."""
    if q.value is None or q.unit or len(q.text) != 4 or not q.text.isdigit():
        return 0
    year = int(q.text)
    if not 1000 <= year <= 2100:
        return 0
    return year if not q.noun or _YEAR_BEFORE.search(text, 0, q.start) else 0
