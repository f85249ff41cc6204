"""Who wrote an article, when, and where it says so: dates and bylines in German spellings.

Reads single lines; which lines are the head of an article is decided by the caller.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass

_DIGITS = re.compile(r"\d\d")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januar", "jänner", "jan"),
            ("februar", "feber", "feb"),
            ("märz", "mär", "mrz"),
            ("april", "apr"),
            ("mai",),
            ("juni", "jun"),
            ("juli", "jul"),
            ("august", "aug"),
            ("september", "sept", "sep"),
            ("oktober", "okt"),
            ("november", "nov"),
            ("dezember", "dez"),
        ),
        start=1,
    )
    for name in names
}
_DATE = re.compile(
    r"(?<![\d.])(?:(\d{4})-(\d{2})-(\d{2})|(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})"
    rf"|(\d{{1,2}})\.?\s({'|'.join(_MONTHS)})\.?\s(\d{{4}}))(?!\d)",
    re.IGNORECASE,
)
_PARTICLE = r"von|van|der|den|de|del|di|da|du|zu|zur|vom|el|al|bin|ter|ten|le|la"
_CAPITAL = r"[A-ZÄÖÜÀ-ÖØ-Þ][\w'’-]{0,30}\.?"
_NAME = rf"(?:{_CAPITAL})(?: (?:(?:{_PARTICLE}) ){{0,2}}(?:{_CAPITAL})){{1,4}}"
_BARE_NAME = re.compile(_NAME)
_PEOPLE = (
    rf"{_NAME}(?:(?:, | und | & ){_NAME}){{0,5}}(?:,? (?:und|et) (?:weiteren?|andere[nr]?|al\.))?"
)
_PEOPLE_ONLY = re.compile(_PEOPLE)
_AUTHOR_LABEL = re.compile(
    r"(?:Autor(?:in|en|innen)?|Verfasser(?:in)?|Verfasst von|Geschrieben von|Text(?: von)?"
    r"|(?:Ein(?:e)? )?(?:Gastbeitrag|Beitrag|Artikel|Kommentar|Bericht|Essay|Analyse|Interview"
    r"|Reportage)(?: von|:)|Text und Fotos?)\s{0,2}:?\s{1,2}",
    re.IGNORECASE,
)
_BY = re.compile(r"(?:Von|von|VON|By|by)\s{1,2}")
_CREDIT = re.compile(
    rf"(?:Fotos?|Bild(?:er)?|Grafik(?:en)?|Illustration)(?:\s?:| von) ?(?:{_NAME})?"
)
_DATE_LABEL = re.compile(
    r"(?:(?:zuletzt |letzte )?(?:veröffentlicht|aktualisiert|aktualisierung|erschienen|publiziert"
    r"|erstellt|geändert|update|stand|datum|online seit|artikel vom|erstveröffentlichung)"
    r"(?: (?:am|vom|um|seit))?|am|vom|den|um|zuletzt)\s?:?",
    re.IGNORECASE,
)
_UPDATED = re.compile(r"aktualisier|update|geändert", re.IGNORECASE)
_SMALL = re.compile(
    r"(?:(?:um )?\d{1,2}[:.]\d{2}(?: ?Uhr)?|(?:um )?\d{1,2} ?Uhr|Uhr"
    r"|T\d\d:\d\d(?::\d\d)?(?:Z|[+]\d\d:\d\d)?"
    r"|(?:Mo|Di|Mi|Do|Fr|Sa|So)\.?|(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch|Sonnabend"
    r"|(?:Lesezeit|Lesedauer):? ?(?:ca\. ?)?\d{1,3} ?Min(?:uten|ute|\.)?"
    r"|\d{1,3} ?Min(?:uten|ute|\.)? (?:Lesezeit|Lesedauer|Lesen)|dpa|afp|reuters|apa|epd|kna|ots)",
    re.IGNORECASE,
)
_PLACE = re.compile(rf"{_CAPITAL}(?: (?:am|an der|im|ob der) {_CAPITAL})?")
_PLACE_WORDS = frozenset(
    ("Bad", "Sankt", "St.", "New", "San", "Los", "Den", "Redaktion", "Agentur", "Region", "Stadt")
)
_SPLIT = re.compile(r"\s?[|/·•;,()]\s?|\s[–—-]\s|\s{2,}")
_BYLINE_CHARS = 240
_GLUED_CHARS = 160
_SENTENCE_END = frozenset('.!?…“”"»)')


@dataclass(frozen=True, slots=True)
class Byline:
    """What a line says about author and date. ``whole``: it says nothing else.

    ``named``: the author stands behind "Von", "Autor:" or the like. ``updated``: the date is that
    of a later change. Spans are offsets in the line.
    """

    author: tuple[int, int] | None
    date: tuple[int, int] | None
    value: datetime.date | None
    whole: bool
    named: bool
    updated: bool = False


def dates_in(text: str) -> Iterator[tuple[int, int, datetime.date]]:
    """Every valid calendar date written out in full, with its span."""
    for match in _DATE.finditer(text) if _DIGITS.search(text) else ():
        iso_y, iso_m, iso_d, day, month, year, spelled_day, name, spelled_year = match.groups()
        try:
            if iso_y:
                value = datetime.date(int(iso_y), int(iso_m), int(iso_d))
            elif day:
                value = datetime.date(
                    int(year) + (2000 if len(year) == 2 else 0), int(month), int(day)
                )
            else:
                value = datetime.date(int(spelled_year), _MONTHS[name.lower()], int(spelled_day))
        except ValueError:
            continue
        if 1900 <= value.year <= 2100:
            yield match.start(), match.end(), value


def read_byline(text: str) -> Byline | None:
    """What a stripped line says about author and date; None if it is no byline at all."""
    if len(text) <= _BYLINE_CHARS and (whole := _whole(text)):
        return whole
    return _glued(text)


def is_people(text: str) -> bool:
    """Nothing but names of people, such as "Anna Muster und Bernd Beispiel"."""
    return len(text) <= 120 and bool(_PEOPLE_ONLY.fullmatch(text))


def _whole(text: str) -> Byline | None:
    """A line of which every part is a name, a date, a time or a label for one of them."""
    if not (text[:1].isupper() or text[:1].isdigit() or text[:1] in "(|*_v"):
        return None
    found = list(dates_in(text))
    parts: list[tuple[int, str, bool]] = []
    at = 0
    for start, end, _ in [*found, (len(text), len(text), datetime.date.min)]:
        parts += _parts(text, at, start)
        at = end
    author: tuple[int, int] | None = None
    bare: tuple[int, int] | None = None
    named = labelled = False
    for where, part, first in parts:
        match = _AUTHOR_LABEL.match(part) or _BY.match(part)
        if match and _PEOPLE_ONLY.fullmatch(part, match.end()):
            author = author or (where + match.end(), where + len(part))
            named = True
        elif named and author and _PEOPLE_ONLY.fullmatch(part):
            author = (author[0], where + len(part)) if where - author[1] <= 3 else author
        elif _SMALL.fullmatch(part) or _CREDIT.fullmatch(part):
            labelled = labelled or "ese" in part[:8] or "ese" in part[-8:]
        elif _DATE_LABEL.fullmatch(part):
            pass
        elif found and where > found[0][1] and text[max(0, where - 2) : where].strip() == ":":
            return None  # "3. März 2024: Beginn" begins an entry of a chronicle
        elif _PEOPLE_ONLY.fullmatch(part) and part.split(" ", 1)[0] not in _PLACE_WORDS:
            if bare and found and where > found[0][1]:
                return None  # more names behind the date: not who wrote it
            bare = bare or (where, where + len(part))
        elif not (first and _PLACE.fullmatch(part) and ":" not in text[max(0, where - 2) : where]):
            return None
    if not (found or named or labelled):
        return None
    if not named and not found and bare:
        return None
    spot = _published(text, found)
    return Byline(
        author or bare,
        spot[:2] if spot else None,
        spot[2] if spot else None,
        True,
        named,
        bool(spot and _is_update(text, spot[0])),
    )


def _parts(text: str, start: int, end: int) -> list[tuple[int, str, bool]]:
    """The pieces between separators in text[start:end]: offset, piece, is it at either edge."""
    parts = []
    at = start
    for match in [*_SPLIT.finditer(text, start, end), None]:
        stop = match.start() if match else end
        piece = text[at:stop]
        bare = piece.strip(" *_|–—-:,.") if piece.strip(" *_|–—-:,.") else ""
        if bare:
            where = at + piece.index(bare)
            kept = text[where : where + len(bare)]
            parts.append((where, kept, where <= 4 or end == len(text) or stop == end))
        at = match.end() if match else end
    return parts


def _published(
    text: str, found: list[tuple[int, int, datetime.date]]
) -> tuple[int, int, datetime.date] | None:
    """The date of publication among those of a line: the first that is not that of an update."""
    first = [spot for spot in found if not _is_update(text, spot[0])]
    return next(iter(first or found), None)


def _is_update(text: str, at: int) -> bool:
    return bool(_UPDATED.search(text, max(0, at - 24), at))


def _glued(text: str) -> Byline | None:
    """A byline "Name Date" behind the last sentence of a line, with or without a space between."""
    offset = max(0, len(text) - _GLUED_CHARS)
    tail = text[offset:]
    spots = list(dates_in(tail))
    if not spots:
        return None
    start, end, value = spots[-1]
    rest = tail[end:].strip(" ,|–—-")
    if rest and not _SMALL.fullmatch(rest):
        return None
    before = tail[:start].rstrip(" ,|–—-")
    for at in range(max(0, len(before) - 60), len(before)):
        if at and (before[at - 1] in _SENTENCE_END or before[at - 1] == " "):
            name = _BARE_NAME.fullmatch(before, at)
            if name and before[:at].rstrip()[-1:] in _SENTENCE_END:
                span = (offset + at, offset + len(before))
                return Byline(span, (offset + start, offset + end), value, False, False)
    return None
