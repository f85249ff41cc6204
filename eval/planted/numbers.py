"""Numbers, dates and units made wrong. A new number stands nowhere in the article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from random import Random

from eval.planted.rule import SYMMETRIC, Piece, exchanged, replaced
from eval.planted.words import COUNTED, MONTHS, NUMBER_WORDS, UNITS

NUMBER = re.compile(
    r"(?<![\w.,:/–+-])(?:\d{1,3}(?:\.\d{3})+|\d{1,9})(?:,\d{1,3})?"
    r"(?![\w:/–+-]|[.,]\d|\.(?!$)|[ \u00a0]?(?:Uhr|zu \d|: ?\d))"
)
YEAR = re.compile(r"(?<=[Ii]m Jahr )(1[0-9]\d\d|20[0-4]\d)\b|(?<=Jahre )(1[0-9]\d\d|20[0-4]\d)\b")
_BOUND = re.compile(r"(?<!\d )\b(nach|vor|seit|ab|bis)(?= (?:1[0-9]|20)\d\d\b)", re.IGNORECASE)
_BOUNDS = {"nach": "vor", "vor": "nach", "seit": "bis", "ab": "vor", "bis": "seit"}
_ANY_YEAR = re.compile(r"1[0-9]\d\d|20[0-4]\d")
DATE = re.compile(rf"\b([1-9]|[12]\d|3[01])\. ({'|'.join(MONTHS)})(?: (\d{{4}}))?\b")
_SCALE = re.compile(r"(?<=\d )(Millionen|Milliarden|Mio\.|Mrd\.)")
_SCALES = {"Millionen": "Milliarden", "Milliarden": "Millionen", "Mio.": "Mrd.", "Mrd.": "Mio."}
_UNIT = re.compile(
    rf"(?:(?<=\d)|(?<=\d[ \u00a0])|(?:(?<=onen )|(?<=rden )|(?<=Mio\. )|(?<=Mrd\. )))"
    rf"({'|'.join(re.escape(u) for u in UNITS)})(?![\w-])"
)
_COUNTED = re.compile(
    r"(?<=\d )(?!Millionen|Milliarden|Prozent|Uhr|Mal|Mio|Mrd|Tausend)"
    r"([A-ZÄÖÜ][a-zäöüß]{2,}(?:en|er|innen|nen))(?![\w-])"
)


def number_digit(piece: Piece, random: Random) -> str | None:
    """Another number of the same length that stands nowhere in the article."""
    found = [m for m in NUMBER.finditer(piece.text) if not _is_year(piece.text, m)]
    return _other_number(piece, random, [m for m in found if not _percent(piece.text, m)])


def percentage(piece: Piece, random: Random) -> str | None:
    found = [m for m in NUMBER.finditer(piece.text) if _percent(piece.text, m)]
    return _other_number(piece, random, found)


def number_scale(piece: Piece, random: Random) -> str | None:
    """Millions for milliards, or a digit more."""
    scale = _SCALE.search(piece.text)
    if scale:
        return replaced(piece.text, scale, _SCALES[scale[1]])
    for m in NUMBER.finditer(piece.text):
        opens = m.start() == 0 or piece.text[m.start() - 2] in ".:"  # "3" may be a company there
        whole = re.fullmatch(r"[2-9]|[1-9]\d", m.group())
        if whole and not opens and not _percent(piece.text, m):
            bigger = f"{m.group()}0"
            if bigger not in piece.article:
                return replaced(piece.text, m, bigger)
    return None


def number_word(piece: Piece, random: Random) -> str | None:
    """Another number word ("drei" for "zwei")."""
    for m in re.finditer(rf"\b(?:{'|'.join(NUMBER_WORDS)})\b(?! (?:oder|bis) )", piece.text):
        value = NUMBER_WORDS.index(m.group()) + 2
        wrong = [
            w
            for i, w in enumerate(NUMBER_WORDS, 2)
            if w not in piece.article and not re.search(rf"\b{i}\b", piece.article) and i != value
        ]
        if wrong:
            return replaced(piece.text, m, random.choice(wrong))
    return None


def number_near(piece: Piece, random: Random) -> str | None:
    """The number of a sentence around it that counts the same ("12 Prozent", "15 Prozent")."""
    for m in NUMBER.finditer(piece.text):
        after = re.match(r" ([A-ZÄÖÜ][a-zäöüß]+|Prozent)", piece.text[m.end() :])
        if not after or _is_year(piece.text, m):
            continue
        same = rf"{NUMBER.pattern} {re.escape(after[1])}\b"
        found = [x.group().split(" ")[0] for s in piece.around for x in re.finditer(same, s)]
        wrong = [n for n in found if not re.search(rf"\b{re.escape(n)}\b", piece.text)]
        if wrong:
            return replaced(piece.text, m, random.choice(wrong))
    return None


def number_swap(piece: Piece, random: Random) -> str | None:
    """Two numbers of the sentence exchanged, unless they are only listed."""
    found = [m for m in NUMBER.finditer(piece.text) if not _is_year(piece.text, m)]
    for one, other in pairwise(found):
        between = piece.text[one.end() : other.start()]
        listed = re.fullmatch(r"[^\w]*(?:\w+ )?(?:und|oder|bis|zu|,|/|sowie)?[^\w]*", between)
        # "Nexus 4 ... Nexus 9": numbers that belong to names may be a list of their own.
        named_so = re.search(r"[A-ZÄÖÜ]\w+ $", piece.text[: other.start()])
        if one.group() == other.group() or listed or named_so or SYMMETRIC.search(between):
            continue
        return exchanged(piece.text, one.span(), other.span())
    return None


def date(piece: Piece, random: Random) -> str | None:
    """Another day, month or year."""
    m = DATE.search(piece.text)
    if m:
        day, month, year = m[1], m[2], m[3]
        part = random.choice(("day", "month", "year") if year else ("day", "month"))
        if part == "day":
            day = random.choice([str(d) for d in range(1, 29) if f"{d}." not in piece.text])
        elif part == "month":
            months = [
                x for x in MONTHS if x not in piece.article and (int(day) < 29 or x[:2] != "Fe")
            ]
            month = random.choice(months)
        else:
            year = _other_year(piece, random, year)
        return replaced(piece.text, m, f"{day}. {month}{f' {year}' if year else ''}")
    years = list(YEAR.finditer(piece.text))
    if years:
        m = random.choice(years)
        return replaced(piece.text, m, _other_year(piece, random, m.group()))
    return None


def bound(piece: Piece, random: Random) -> str | None:
    """A time before a year for one after it, a beginning for an end."""
    m = _BOUND.search(piece.text)
    if not m:
        return None
    other = _BOUNDS[m[1].lower()]
    return replaced(piece.text, m, other.capitalize() if m[1][0].isupper() else other)


def unit(piece: Piece, random: Random) -> str | None:
    """Another unit or currency behind a number, unless the article gives it in both."""
    found = []
    for m in _UNIT.finditer(piece.text):
        other = UNITS[m[1]].strip()
        number = re.search(r"(\d[\d.,]*)\D{0,12}$", piece.text[: m.start()])
        both = number and re.search(
            rf"{re.escape(number[1])}\D{{0,12}}{re.escape(other)}", piece.article
        )
        if other not in piece.text and not both:
            found.append(m)
    if not found:
        return None
    m = random.choice(found)
    return replaced(piece.text, m, UNITS[m[1]])


def counted(piece: Piece, random: Random) -> str | None:
    """The same number of something else ("140 Soldaten" for "140 Mitarbeiter")."""
    found = [m for m in _COUNTED.finditer(piece.text) if m[1] not in UNITS and m[1] not in MONTHS]
    wrong = [w for w in COUNTED if w[:5] not in piece.article]
    if not found or not wrong:
        return None
    return replaced(piece.text, random.choice(found), random.choice(wrong))


def _other_number(piece: Piece, random: Random, found: Sequence[re.Match[str]]) -> str | None:
    if not found:
        return None
    m = random.choice(found)
    digits = [i for i, c in enumerate(m.group()) if c.isdecimal()]
    for _ in range(20):
        at = random.choice(digits)
        lowest = 1 if at == 0 else 0
        wrong = f"{m.group()[:at]}{random.randint(lowest, 9)}{m.group()[at + 1 :]}"
        small = wrong.isdecimal() and int(wrong) < 2  # "1 Prozent" is a word elsewhere
        if not small and not re.search(rf"(?<![\d,.]){re.escape(wrong)}(?!\d)", piece.article):
            return replaced(piece.text, m, wrong)
    return None


def _other_year(piece: Piece, random: Random, year: str) -> str:
    near = [str(y) for y in range(int(year) - 15, int(year) + 16) if str(y) not in piece.article]
    return random.choice(near)


def _is_year(text: str, m: re.Match[str]) -> bool:
    follows = re.match(r" (?:Prozent|Euro|Dollar|[A-ZÄÖÜ][a-z]+en\b)", text[m.end() :])
    return bool(_ANY_YEAR.fullmatch(m.group())) and not follows


def _percent(text: str, m: re.Match[str]) -> bool:
    return bool(re.match(r"[ \u00a0]?(?:Prozent\b|%)", text[m.end() :]))
