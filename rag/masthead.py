"""Title, author, date and publisher of an article: what its text says, and where.

``read_metadata`` reads the values where nothing else is known; ``locate`` finds known values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from rag.byline import dates_in, read_byline
from rag.page import KEY, Head, read_head
from rag.shape import title_text
from rag.types import Block, Metadata

_KEYS = {
    key: name
    for name, keys in {
        "title": "title titel headline überschrift",
        "author": "author authors autor autorin autoren verfasser verfasserin",
        "publisher": "publisher herausgeber medium site verlag quelle",
        "date": "date datum published veröffentlicht publishdate pubdate",
    }.items()
    for key in keys.split()
}
_RIGHTS = re.compile(
    r"(?:©|\(c\)|copyright)\s{0,2}(?:©\s)?(\d{4}\s(?:[–-]\s?\d{4}\s)?)?([A-ZÄÖÜ].{1,58})",
    re.IGNORECASE,
)
_RESERVED = re.compile(r"[\s.,|–-]{0,4}(?:alle rechte|all rights).{0,60}", re.IGNORECASE)
_PUBLISHED_BY = re.compile(r"(?:Herausgeber(?:in)?|Medium|Erschienen (?:in|bei))\s?:\s?(.{2,60})")
_JOINT = re.compile(r"\s[–—|-]\s")
_FOOT_LINES = 20
_HEAD_BLOCKS = 20
_SAME = str.maketrans("“”„‟«»‘’‚‹›–—‑\u00a0\u202f", '""""""\'\'\'\'\'---  ')
_SPLIT_PEOPLE = re.compile(r",\s|\sund\s|\s&\s|;\s")


def read_metadata(text: str) -> Metadata:
    """The best reading of an article's own words about itself; None where it says nothing."""
    head = read_head(text, None)
    front = _front_values(head)
    found = [(head.bylines[i], head.lines[i].text) for i in sorted(head.bylines)]
    author = front.get("author") or _author(head)
    dates = sorted(
        ((byline.updated, byline.value) for byline, _ in found if byline.value),
        key=lambda pair: pair[0],
    )
    stated = next((value for _, _, value in dates_in(front.get("date", ""))), None)
    title = front.get("title")
    if not title and head.title is not None:
        title = title_text(head.lines[head.title])
    return Metadata(
        title=title,
        author=author,
        publisher=front.get("publisher") or _signature(head, author),
        date=stated or (dates[0][1] if dates else None),
    )


def publisher_of(head: Head) -> str | None:
    """The publisher as the page signs itself, where nothing else is known."""
    return _front_values(head).get("publisher") or _signature(head, _author(head))


def _signature(head: Head, author: str | None) -> str | None:
    """Who publishes the page, as its foot says: "© 2024 Name", or "Name - " and the author."""
    for line in reversed(head.lines[-_FOOT_LINES:]):
        if len(line.text) > 160:
            continue
        if found := _PUBLISHED_BY.match(line.text):
            return found[1].strip()
        found = _RIGHTS.match(line.text)
        if found and (found[1] or _RESERVED.search(line.text)):
            name = _RESERVED.split(found[2])[0].strip(" .,|–-*_")
            if name and not name[0].isdecimal():
                return name
        parts = _JOINT.split(line.text)
        if author and len(parts) == 2 and author in parts and parts[0] != parts[1]:
            return parts[0] if parts[1] == author else parts[1]
    return None


def _author(head: Head) -> str | None:
    """Who wrote it according to the bylines; one that says "Von" or "Autor:" first."""
    found = [
        (not byline.named, i, head.lines[i].text[slice(*byline.author)])
        for i, byline in head.bylines.items()
        if byline.author
    ]
    return min(found)[2] if found else None


def _front_values(head: Head) -> dict[str, str]:
    """The values in the front matter, by field of Metadata; lists joined by commas."""
    values: dict[str, str] = {}
    name = ""
    for line in head.lines[1 : head.front]:
        if found := KEY.match(line.text):
            name = _KEYS.get(found[1].lower(), "")
            value = found[2]
        elif line.bullet and name and (line.indent or name not in values):
            value = line.text[line.content :]
        else:
            continue
        value = ", ".join(part.strip(" \"'[]") for part in value.split(", "))
        if name and value:
            values[name] = f"{values[name]}, {value}" if name in values else value
    return values


def locate(text: str, blocks: Sequence[Block], metadata: Metadata) -> dict[str, tuple[int, int]]:
    """Where the article states what is known about it: [start, end) by "title", "author",
    "publisher", "date". A value the article does not state is absent.

    Quotation marks and dashes may differ in shape, and a date may be spelled in any way.
    """
    meta = [b for b in blocks if b.kind == "meta"]
    title = [b for b in blocks if b.kind == "title"]
    foot = [b for b in blocks if b.kind in ("boilerplate", "caption")]
    glued = [
        b
        for b in blocks[:_HEAD_BLOCKS]
        if b.kind in ("paragraph", "heading") and _has_byline(text[b.start : b.end])
    ]
    found: dict[str, tuple[int, int] | None] = {
        "title": _find(text, title + meta, metadata.title),
        "author": _find_people(text, meta + glued, metadata.author),
        "publisher": _find(text, meta + title, metadata.publisher)
        or _find(
            text, [b for b in foot if _signs(text, b, metadata.publisher)], metadata.publisher
        ),
        "date": _find_date(text, meta + glued, metadata.date),
    }
    return {name: span for name, span in found.items() if span}


def _has_byline(text: str) -> bool:
    found = read_byline(text)
    return found is not None and found.author is not None


def _find(text: str, blocks: Sequence[Block], value: str | None) -> tuple[int, int] | None:
    """The first place of a value in these blocks, whatever the shape of quotation marks."""
    if not value:
        return None
    wanted = value.strip().translate(_SAME)
    for block in blocks:
        at = text[block.start : block.end].translate(_SAME).find(wanted)
        if at >= 0 and wanted:
            return block.start + at, block.start + at + len(wanted)
    return None


def _find_people(text: str, blocks: Sequence[Block], value: str | None) -> tuple[int, int] | None:
    """As ``_find``; several names may be joined otherwise than in the value."""
    whole = _find(text, blocks, value)
    names = [name for name in _SPLIT_PEOPLE.split(value or "") if name]
    if whole or len(names) < 2:
        return whole
    for block in blocks:
        spans = [_find(text, [block], name) for name in names]
        places = [span for span in spans if span]
        if len(places) == len(names):
            return min(places)[0], max(end for _, end in places)
    return None


def _find_date(text: str, blocks: Sequence[Block], value: date | None) -> tuple[int, int] | None:
    for block in blocks:
        for start, end, stated in dates_in(text[block.start : block.end]):
            if stated == value:
                return block.start + start, block.start + end
    return None


def _signs(text: str, block: Block, publisher: str | None) -> bool:
    """A line at the page's edge that begins with the publisher's name or claims its rights."""
    line = text[block.start : block.end]
    return bool(publisher) and (line.startswith(publisher or "") or bool(_RIGHTS.match(line)))
