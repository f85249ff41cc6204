"""The head of a page and its bylines: front matter, headline, who and when, picture credits.

Finds the lines and not the values in them; knows nothing of headings below the headline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.boilerplate import is_label, label_of, navigation
from rag.byline import Byline, is_people, read_byline
from rag.shape import Line, read_lines, title_text

_CREDIT_WORD = (
    r"(?:Fotos?|Bild(?:er|quelle|nachweis)?|Grafik|Quelle|Symbol(?:foto|bild)|Archivfoto"
    r"|Illustration)"
)
_CREDIT = re.compile(rf"[(\[*_–-]{{0,2}}\s?(?:{_CREDIT_WORD}\s?:|©|\(c\)|!\[)", re.IGNORECASE)
_CREDIT_END = re.compile(
    rf"(?:[.!?)\s–|/-](?:{_CREDIT_WORD}\s?:|©)|\b(?:Symbol|Archiv)(?:bild|foto)\b)[^!?]{{0,50}}$"
)
_CAPTION_CHARS = 260
_CREDIT_CHARS = 120
_SENTENCE_CHARS = 40
KEY = re.compile(r"([A-Za-zÄÖÜäöüß_-]{2,24})\s?[:=]\s?(.{0,400})")
"""A line of front matter: key and value."""
_HEAD_LINES = 40
_FOOT_LINES = 6


@dataclass(frozen=True, slots=True)
class Head:
    """The lines of an article, and indices of those that tell about it.

    ``front`` counts the lines of front matter; ``bylines`` are those of the article's head and
    foot, also lines that only end in one; ``meta`` are all lines that are a byline, nothing else.
    """

    lines: tuple[Line, ...]
    labels: tuple[str, ...]
    front: int
    bylines: Mapping[int, Byline]
    captions: frozenset[int]
    title: int | None
    meta: frozenset[int]


def read_head(text: str, known_title: str | None) -> Head:
    """Where the headline, the bylines and the picture credits of an article are."""
    lines = read_lines(text)
    labels = [label_of(line) for line in lines]
    front = _front_matter(lines)
    bylines, others = _bylines(lines, front)
    captions = frozenset(i for i, line in enumerate(lines) if _is_caption(line))
    whole = {i for i, found in bylines.items() if found.whole}
    skipped = navigation(lines, labels) | captions | whole
    skipped |= {i for i, label in enumerate(labels[:_HEAD_LINES]) if is_label(label)}
    head = [i for i in range(front, min(len(lines), front + _HEAD_LINES)) if i not in skipped]
    title = _title(lines, head, known_title)
    bylines |= _lone_authors(lines, bylines, title)
    meta = {i for i, found in bylines.items() if found.whole} | set(range(front)) | others
    return Head(
        tuple(lines), tuple(labels), front, bylines, captions, title, frozenset(meta - {title})
    )


def _title(lines: Sequence[Line], head: Sequence[int], known: str | None) -> int | None:
    """The line that bears the title: the known one, else the first that looks like one."""
    if known:
        likeness, place = max(
            ((_alike(known, title_text(lines[i])), -i) for i in head), default=(0.0, 0)
        )
        if likeness >= 0.6:
            return -place
    marked = next((i for i in head if lines[i].level == 1), None)
    return _first_title(lines, head) if marked is None else marked


def _first_title(lines: Sequence[Line], head: Sequence[int]) -> int | None:
    for at, i in enumerate(head):
        line = lines[i]
        if line.prose or i + 1 == len(lines):
            return None
        if not line.titular or line.listed or len(line.text) < 5:
            continue
        below = head[at + 1] if at + 1 < len(head) else i
        longer = lines[below].titular and lines[below].words >= 4 and not lines[below].listed
        if line.words <= 3 and len(line.text) <= 30 and longer and below + 1 < len(lines):
            return below  # what stands above it is its kicker
        return i
    return None


def _front_matter(lines: Sequence[Line]) -> int:
    """How many lines the block of keys between "---" at the top takes up; 0 if there is none."""
    if not lines or lines[0].text.lstrip("\ufeff") not in ("---", "+++"):
        return 0
    fence = lines[0].text.lstrip("\ufeff")
    for i, line in enumerate(lines[1:_HEAD_LINES], start=1):
        if line.text == fence:
            return i + 1 if any(KEY.match(inner.text) for inner in lines[1:i]) else 0
    return 0


def _bylines(lines: Sequence[Line], front: int) -> tuple[dict[int, Byline], set[int]]:
    """The bylines of the head and the foot; and lines elsewhere that only name an author."""
    found: dict[int, Byline] = {}
    other = set()
    body = 0
    for i, line in enumerate(lines[front:], start=front):
        head = body < 2 and i < front + _HEAD_LINES
        edge = head or i >= len(lines) - _FOOT_LINES
        body += line.prose
        if line.listed or line.level or not (edge or line.text[:4] in ("von ", "Von ")):
            continue
        byline = read_byline(line.text)
        if byline and edge and (byline.whole or head):
            found[i] = byline
        elif byline and byline.whole and byline.named:
            other.add(i)
    return found, other


def _lone_authors(
    lines: Sequence[Line], bylines: Mapping[int, Byline], title: int | None
) -> dict[int, Byline]:
    """Lines with nothing but names directly above or below a line with the date."""
    lone = {}
    for i, found in bylines.items():
        if not found.whole or found.author or not found.date:
            continue
        for j in (i - 1, i + 1):
            if 0 <= j < len(lines) and j != title and j not in bylines and is_people(lines[j].text):
                lone[j] = Byline((0, len(lines[j].text)), None, None, whole=True, named=False)
    return lone


def _is_caption(line: Line) -> bool:
    """A picture's credit, alone or behind a title; a whole sentence before it stays text."""
    text = line.text
    if len(text) > _CAPTION_CHARS or line.level:
        return False
    if _CREDIT.match(text):
        return len(text) <= _CREDIT_CHARS or text.startswith("![")
    found = _CREDIT_END.search(text) if ":" in text or "©" in text or "bild" in text else None
    if not found:
        return False
    before = text[: found.start() + 1].rstrip(" (–|/-")
    return before[-1:] not in ".!" or len(before) < _SENTENCE_CHARS


def _alike(known: str, text: str) -> float:
    """How much of the shorter one's words stand in the other, 0 to 1, for titles."""
    if known and known in text:
        return 1.0 if len(text) <= 2 * len(known) + 40 else 0.0
    mine, other = _words(known), _words(text[:600])
    if not mine or not other:
        return 0.0
    return len(mine & other) / max(len(mine), len(other))


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))
