"""Numbers with their units, percentages and dates, in every German spelling.

Values are exact (``Decimal``): "2,5 Mrd. Euro" = "2,5 Milliarden Euro" = "2.500 Mio. €",
"6. Februar 2025" = "06.02.2025" = "2025-02-06", "zwölf" = "12", "30 bis 50 Milliarden Dollar" is
30 and 50 milliards. "ein" is an article and no number, except before a scale ("eine Milliarde",
"ein Dutzend"). Numbers of more than 24 digits are none, so that arithmetic stays exact.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from rag.number_words import number_word

_SCALES = {
    "tausend": 3, "tsd": 3,
    "million": 6, "millionen": 6, "mio": 6, "mill": 6,
    "milliarde": 9, "milliarden": 9, "mrd": 9, "billion": 12, "billionen": 12, "bio": 12,
    "thousand": 3, "billiarde": 15, "billiarden": 15,
}  # fmt: skip
_ABBREVIATED = frozenset({"tsd", "mio", "mill", "mrd", "bio"})
_DOZEN = frozenset({"dutzend", "dutzenden"})
_UNITS = {
    "euro": "EUR", "euros": "EUR", "€": "EUR", "eur": "EUR", "dollar": "USD", "dollars": "USD",
    "$": "USD", "usd": "USD", "us-dollar": "USD", "pfund": "GBP", "£": "GBP", "franken": "CHF",
    "chf": "CHF", "yen": "JPY", "yuan": "CNY", "rubel": "RUB", "mark": "DEM", "prozent": "%",
    "%": "%", "percent": "%", "prozentpunkte": "pp", "prozentpunkten": "pp", "prozentpunkt": "pp",
    "cent": "ct", "kilometer": "km", "kilometern": "km", "km": "km", "meter": "m", "metern": "m",
    "m": "m", "zentimeter": "cm", "zentimetern": "cm", "cm": "cm", "millimeter": "mm", "mm": "mm",
    "kilogramm": "kg", "kilo": "kg", "kg": "kg", "gramm": "g", "tonnen": "t", "tonne": "t",
    "liter": "l", "litern": "l", "hektar": "ha", "quadratmeter": "m2", "quadratkilometer": "km2",
    "grad": "deg", "°": "deg", "°c": "deg", "watt": "W", "kilowatt": "kW", "kw": "kW",
    "megawatt": "MW", "mw": "MW", "gigawatt": "GW", "gw": "GW", "terawatt": "TW",
    "kilowattstunden": "kWh", "kwh": "kWh", "megawattstunden": "MWh", "gigawattstunden": "GWh",
    "terawattstunden": "TWh", "sekunde": "s", "sekunden": "s", "minute": "min", "minuten": "min",
    "stunde": "h", "stunden": "h", "tag": "d", "tage": "d", "tagen": "d", "woche": "wk",
    "wochen": "wk", "monat": "mo", "monate": "mo", "monaten": "mo", "jahr": "a", "jahre": "a",
    "jahren": "a", "uhr": "clock",
}  # fmt: skip
MONEY = frozenset({"EUR", "USD", "GBP", "CHF", "JPY", "CNY", "RUB"})
"""Currencies of today."""

_EXCLUSIVE = MONEY | {"DEM", "%", "pp", "ct"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan jänner january", "februar feb february", "märz mrz maerz march",
            "april apr", "mai may", "juni jun june", "juli jul july", "august aug",
            "september sep sept",
            "oktober okt october", "november nov", "dezember dez december",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ARTICLES = frozenset({"ein", "eine", "einer", "einem", "einen", "eines"})
_HALF = frozenset({"halbe", "halben", "halber", "halbes"})
_GROUP = "[.'’ \u00a0\u202f]"
_SEPARATOR = re.compile(_GROUP)
_DIGITS = (
    rf"\d{{1,3}}(?:{_GROUP}\d{{3}}(?!\d)){{1,6}}(?:,\d{{1,9}})?"
    r"|\d{1,9}\.\d{1,2}(?![\d.])|\d{1,15}(?:,\d{1,9})?"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b")
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORD_DATE = re.compile(
    rf"(?:\b(\d{{1,2}})\.[ \u00a0]{{0,3}})?\b({_MONTH_NAMES})\b\.?(?:[ \u00a0]{{1,3}}(\d{{4}})\b)?",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(
    r"\b(\d{1,2})\.(?:[ \u00a0](?:und|bis(?: zum)?|oder)[ \u00a0]|[ \u00a0]?[/–-][ \u00a0]?)$"
)
_BEHIND_PARENTHESIS = re.compile(r"[ \u00a0]\([^()\n]{1,40}\)(?=[ \u00a0])|\)(?=[ \u00a0])")
_MEASURED = re.compile(
    r"(jähr|monat|wöch|täg|stünd|minüt|sekünd|prozent|meter|kilometer)(?:l?ig|lich)?(?:e[mnrs]?)?"
)
_MEASURES = {
    "jähr": "a", "monat": "mo", "wöch": "wk", "täg": "d", "stünd": "h", "minüt": "min",
    "sekünd": "s", "prozent": "%", "meter": "m", "kilometer": "km",
}  # fmt: skip
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:{_DIGITS})(?![\d])|[€$£][ \u00a0]?(?:{_DIGITS})|[A-Za-zÄÖÜäöüß]+"
)
_AFTER = re.compile(r"[ \u00a0\u202f]{0,2}[-‑]?(%|€|\$|£|°C?|(?:US-)?[A-Za-zÄÖÜäöüß]+\.?)")
_MINUS = re.compile(r"(?:(?:^|(?<!\d)[\s(])[-−]|\b[Mm]inus[ \u00a0])$")
_MARK = re.compile("[\u0300-\u036f]")
_CLUSTER = re.compile("[^\u0300-\u036f]?[\u0300-\u036f]{0,8}", re.DOTALL)
_RANGE = re.compile(r"[ \u00a0](?:bis(?: zu)?|und|oder)[ \u00a0]$|[ \u00a0]?[–-][ \u00a0]?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number (``value`` with ``unit``) or a date (``date``: year, month, day; 0 = not said).

    ``unit`` is canonical ("EUR", "%", "km") or "" where none is known. ``noun`` is the word that
    follows a number without a known unit ("140 Mitarbeiter"), else "". ``start``/``end`` are
    offsets in the text it was read from.
    """

    start: int
    end: int
    text: str
    value: Decimal | None = None
    unit: str = ""
    noun: str = ""
    date: tuple[int, int, int] | None = None


@lru_cache(maxsize=8192)
def quantities(text: str) -> tuple[Quantity, ...]:
    """All quantities of a text in the order they stand in it."""
    if not _MARK.search(text):
        return _quantities(text)
    # Decomposed letters ("Ma" + U+0308 + "rz") are composed in a copy, offsets kept.
    composed: list[str] = []
    places: list[int] = []
    for m in _CLUSTER.finditer(text):
        composed.append(unicodedata.normalize("NFC", m.group()))
        places += [m.start()] * len(composed[-1])
    places.append(len(text))
    return tuple(
        replace(q, start=(a := places[q.start]), end=(b := places[q.end]), text=text[a:b])
        for q in _quantities("".join(composed))
    )


def _quantities(text: str) -> tuple[Quantity, ...]:
    dates = _dates(text)
    taken = [(d.start, d.end) for d in dates]
    numbers = [n for n in _numbers(text) if not any(a < n.end and n.start < b for a, b in taken)]
    return tuple(sorted((*dates, *numbers), key=lambda q: q.start))


def says(source: Quantity, claim: Quantity) -> bool:
    """Whether the source's quantity proves the claimed one.

    A claim may say less (a year of a full date, no unit), never something else. A currency or a
    percentage that is claimed has to stand in the source.
    """
    if claim.date is not None:
        return source.date is not None and all(
            c in (0, s) for c, s in zip(claim.date, source.date, strict=True)
        )
    if source.date is not None:
        return claim.value is not None and claim.unit == "" and claim.value in source.date[:1]
    if claim.value != source.value:
        return False
    if claim.unit == source.unit:
        return True
    if claim.unit == "":
        return source.unit not in ("%", "pp")
    return source.unit == "" and claim.unit not in _EXCLUSIVE


def unit_of(word: str) -> str:
    """The unit a word names, in any form ("Monaten", "15-jährig"); empty if none."""
    name = word.rstrip(".").casefold()
    if name in _UNITS:
        return _UNITS[name]
    measured = _MEASURED.fullmatch(name)
    return _MEASURES[measured[1]] if measured else ""


def _dates(text: str) -> list[Quantity]:
    found = []
    for m in _ISO.finditer(text):
        found.append(_date(m.start(), m.end(), text, int(m[1]), int(m[2]), int(m[3])))
    for m in _NUMERIC_DATE.finditer(text):
        year = int(m[3]) + (2000 if len(m[3]) == 2 else 0)
        found.append(_date(m.start(), m.end(), text, year, int(m[2]), int(m[1])))
        found.append(_day_before(text, m.start(), year, int(m[2])))
    for m in _WORD_DATE.finditer(text):
        if m[1] is None and not (m[2][0].isupper() or m[3]):
            continue  # "mai" or "mar" inside other languages
        day, month, year = int(m[1] or 0), _MONTHS[m[2].casefold()], int(m[3] or 0)
        found.append(_date(m.start(), m.end(), text, year, month, day))
        if day:
            found.append(_day_before(text, m.start(), year, month))
    return [d for d in found if d is not None]


def _day_before(text: str, start: int, year: int, month: int) -> Quantity | None:
    """The 10th of "am 10. und 11. Februar"."""
    m = _DAY_BEFORE.search(text, max(0, start - 16), start)
    return _date(m.start(1), m.end(1), text, year, month, int(m[1])) if m else None


def _date(start: int, end: int, text: str, year: int, month: int, day: int) -> Quantity | None:
    if not (0 < month <= 12 and 0 <= day <= 31):
        return None
    return Quantity(start, end, text[start:end], date=(year, month, day))


def _numbers(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for m in _NUMBER.finditer(text):
        if found and m.start() < found[-1].end:
            continue  # the "tausend" of "3 tausend"
        word = m.group()
        unit = _UNITS.get(word[0], "") if word[0] in "€$£" else ""
        digits = word.lstrip("€$£ \u00a0")
        value: Decimal | None
        if digits[0].isdigit():
            value = _decimal(digits)
        else:
            value = number_word(digits)
            if digits.casefold() in _ARTICLES and _scale_follows(text, m.end()):
                value = Decimal(1)
            if digits.casefold() in _HALF and _scale_follows(text, m.end()):
                value = Decimal("0.5")
        if value is None:
            continue
        if _MINUS.search(text, max(0, m.start() - 8), m.start()):
            value = -value
        found.append(_with_unit(text, m.start(), m.end(), value, unit))
    return _share_units(text, found)


def _decimal(digits: str) -> Decimal:
    """German digits; a lone point before one or two digits is a decimal point ("Claude 3.5")."""
    if re.fullmatch(r"\d+\.\d{1,2}", digits):
        return Decimal(digits)
    return Decimal(_SEPARATOR.sub("", digits).replace(",", "."))


def _scale_follows(text: str, at: int) -> bool:
    follower = _AFTER.match(text, at)
    return follower is not None and factor_of(follower[1]) >= 12 and factor_of(follower[1]) != 1000


def factor_of(word: str) -> int:
    """What a word after a number multiplies it by; 1 if it is none ("Bio" is, "Bio-" is not)."""
    name = word.casefold()
    if name.rstrip(".") in _DOZEN:
        return 12
    if name == "bio":
        return 1
    return int(10 ** _SCALES.get(name.rstrip("."), 0))


def _with_unit(text: str, start: int, end: int, value: Decimal, unit: str) -> Quantity:
    noun = ""
    behind = _BEHIND_PARENTHESIS.match(text, end)
    if behind:  # "6,31 (2014: 4,86) Millionen Euro"
        scaled = _AFTER.match(text, behind.end())
        if scaled and factor_of(scaled[1]) > 1:
            measure = _with_unit(text, behind.end(), behind.end(), value, unit)
            return replace(measure, start=start, end=end, text=text[start:end])
    follower = _AFTER.match(text, end)
    if follower and (factor := factor_of(follower[1])) > 1:
        value *= factor
        word = follower[1].rstrip(".")
        ends = follower[1].endswith(".") and word.casefold() not in _ABBREVIATED
        end = follower.end(1) - ends
        follower = None if ends else _AFTER.match(text, end)
    if follower and not unit:
        unit = unit_of(follower[1])
        if unit:
            end = follower.end(1) - follower[1].endswith(".")
        elif follower[1][0].isupper():
            noun = follower[1].rstrip(".")
    return Quantity(start, end, text[start:end], value, unit, noun)


def _share_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """ "30 bis 50 Milliarden Dollar": the first number takes scale and unit of the second."""
    shared = list(found)
    for i in range(len(found) - 2, -1, -1):
        left, right = found[i], shared[i + 1]
        if left.unit or left.noun or left.value is None or right.value is None:
            continue
        if not left.text[-1].isdigit() or not _RANGE.search(text, left.end, right.start):
            continue
        if text[left.end : right.start].strip() == "und" and not right.unit:
            continue
        bare = _NUMBER.match(text, right.start)
        digits = bare.group() if bare else ""
        if digits[:1].isdigit():
            base = _decimal(digits)
            factor = right.value / base if base else Decimal(1)
            shared[i] = replace(left, value=left.value * factor, unit=right.unit, noun=right.noun)
    return shared
