"""Numbers with their units, percentages and dates, in every German spelling.

Values are exact (``Decimal``): "2,5 Mrd. Euro" = "2,5 Milliarden Euro" = "2.500 Mio. €",
"6. Februar 2025" = "06.02.2025" = "2025-02-06", "zwölf" = "12", "30 bis 50 Milliarden Dollar" is
30 and 50 milliards. "ein" is an article and no number, except before a scale ("eine Milliarde").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

_SCALES = {
    "tausend": 3, "tsd": 3,
    "million": 6, "millionen": 6, "mio": 6, "mill": 6,
    "milliarde": 9, "milliarden": 9, "mrd": 9, "billion": 12, "billionen": 12, "bio": 12,
    "thousand": 3, "billiarde": 15, "billiarden": 15,
}  # fmt: skip
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
_EXCLUSIVE = frozenset({"EUR", "USD", "GBP", "CHF", "JPY", "CNY", "RUB", "DEM", "%", "pp", "ct"})
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
_ONES = {
    "null": 0, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7,
    "acht": 8, "neun": 9, "zehn": 10, "elf": 11, "zwölf": 12, "sechzehn": 16, "siebzehn": 17,
}  # fmt: skip
_TENS = {
    "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "sechzig": 60,
    "siebzig": 70, "achtzig": 80, "neunzig": 90,
}  # fmt: skip
_ARTICLES = frozenset({"ein", "eine", "einer", "einem", "einen", "eines"})
_DIGITS = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+\.\d{1,2}(?![\d.])|\d+(?:,\d+)?"
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_NUMERIC_DATE = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})\b")
_MONTH_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_WORD_DATE = re.compile(
    rf"(?:\b(\d{{1,2}})\.[ \u00a0]{{0,3}})?\b({_MONTH_NAMES})\b\.?(?:[ \u00a0]{{1,3}}(\d{{4}})\b)?",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(r"\b(\d{1,2})\.[ \u00a0](?:und|bis|oder|/|–|-)[ \u00a0]$")
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:{_DIGITS})(?![\d])|[€$£][ \u00a0]?(?:{_DIGITS})|[A-Za-zÄÖÜäöüß]+"
)
_AFTER = re.compile(r"[ \u00a0\u202f]{0,2}[-‑]?(%|€|\$|£|°C?|(?:US-)?[A-Za-zÄÖÜäöüß]+\.?)")
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
        if source.date is not None:
            return all(c in (0, s) for c, s in zip(claim.date, source.date, strict=True))
        return source.value is not None and claim.date == (int(source.value), 0, 0)
    if source.date is not None:
        return claim.value is not None and claim.unit == "" and claim.value in source.date[:1]
    if claim.value != source.value:
        return False
    if claim.unit == source.unit:
        return True
    if claim.unit == "":
        return source.unit not in ("%", "pp")
    return source.unit == "" and claim.unit not in _EXCLUSIVE


def number_word(word: str) -> int | None:
    """The value of a German number word up to 999,999 ("zweiundvierzig"), None if it is none."""
    word = word.casefold()
    if word in _ARTICLES:
        return None
    return _parse_word(word)


def _parse_word(word: str) -> int | None:
    if not word:
        return None
    if word in _ONES:
        return _ONES[word]
    if word in _TENS:
        return _TENS[word]
    for name, factor in (("tausend", 1000), ("hundert", 100)):
        head, found, tail = word.partition(name)
        if found:
            left = 1 if head in ("", "ein") else _parse_word(head)
            right = 0 if not tail else _parse_word(tail.removeprefix("und"))
            return None if left is None or right is None else left * factor + right
    if word.endswith("zehn"):
        unit = _ONES.get(word.removesuffix("zehn"))
        return None if unit is None or not 3 <= unit <= 9 else unit + 10
    head, found, tail = word.partition("und")
    if found and tail in _TENS:
        unit = 1 if head == "ein" else _ONES.get(head)
        return None if unit is None or not 1 <= unit <= 9 else _TENS[tail] + unit
    return None


def _dates(text: str) -> list[Quantity]:
    found = []
    for m in _ISO.finditer(text):
        found.append(_date(m.start(), m.end(), text, int(m[1]), int(m[2]), int(m[3])))
    for m in _NUMERIC_DATE.finditer(text):
        year = int(m[3]) + (2000 if len(m[3]) == 2 else 0)
        found.append(_date(m.start(), m.end(), text, year, int(m[2]), int(m[1])))
    for m in _WORD_DATE.finditer(text):
        if m[1] is None and not (m[2][0].isupper() or m[3]):
            continue  # "mai" or "mar" inside other languages
        day, month, year = int(m[1] or 0), _MONTHS[m[2].casefold()], int(m[3] or 0)
        found.append(_date(m.start(), m.end(), text, year, month, day))
        before = _DAY_BEFORE.search(text, max(0, m.start() - 12), m.start())
        if day and before:
            found.append(_date(before.start(1), before.end(1), text, year, month, int(before[1])))
    return [d for d in found if d is not None]


def _date(start: int, end: int, text: str, year: int, month: int, day: int) -> Quantity | None:
    if not (0 < month <= 12 and 0 <= day <= 31):
        return None
    return Quantity(start, end, text[start:end], date=(year, month, day))


def _numbers(text: str) -> list[Quantity]:
    found: list[Quantity] = []
    for m in _NUMBER.finditer(text):
        word = m.group()
        unit = _UNITS.get(word[0], "") if word[0] in "€$£" else ""
        digits = word.lstrip("€$£ \u00a0")
        value: Decimal | None
        if digits[0].isdigit():
            value = _decimal(digits)
        else:
            spelled = number_word(digits)
            value = None if spelled is None else Decimal(spelled)
            if digits.casefold() in _ARTICLES and _scale_follows(text, m.end()):
                value = Decimal(1)
        if value is None:
            continue
        found.append(_with_unit(text, m.start(), m.end(), value, unit))
    return _share_units(text, found)


def _decimal(digits: str) -> Decimal:
    """German digits; a lone point before one or two digits is a decimal point ("Claude 3.5")."""
    if re.fullmatch(r"\d+\.\d{1,2}", digits):
        return Decimal(digits)
    return Decimal(digits.replace(".", "").replace(",", "."))


def _scale_follows(text: str, at: int) -> bool:
    follower = _AFTER.match(text, at)
    return follower is not None and _SCALES.get(follower[1].rstrip(".").casefold(), 0) >= 6


def _with_unit(text: str, start: int, end: int, value: Decimal, unit: str) -> Quantity:
    noun = ""
    follower = _AFTER.match(text, end)
    scale = follower and _SCALES.get(follower[1].rstrip(".").casefold())
    if follower and scale:
        value = value.scaleb(scale)
        end = follower.end(1)
        follower = _AFTER.match(text, end)
    if follower and not unit:
        name = follower[1].rstrip(".").casefold()
        unit = _UNITS.get(name, "")
        if unit:
            end = follower.end(1) - (1 if follower[1].endswith(".") else 0)
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
