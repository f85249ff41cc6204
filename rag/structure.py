"""What each line of an article is: title, heading, list item, byline, boilerplate, ...

The kind of a line follows from its form, from the lines around it, and from the head of the page.
The text is never altered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.boilerplate import mark
from rag.masthead import locate, publisher_of, read_metadata
from rag.page import Head, read_head
from rag.shape import Line, title_text
from rag.types import Block, BlockKind, Metadata

__all__ = ["locate", "read_metadata", "structure"]

_KEY_VALUE = re.compile(r"[A-ZÄÖÜ][\w ./-]{1,24}:\s\S.{0,44}")
_ADDRESSED = re.compile(r"(?<=[a-zäöüß,] )(?:Sie|Ihnen|Ihre?[nmrs]?|[Dd]u|[Dd]ir|[Dd]ich)\b")
_RUN = 4


def structure(text: str, metadata: Metadata) -> tuple[Block, ...]:
    """One Block for every line that is not blank, in order.

    ``headings`` are the headings above a line, outermost first, without the title (that is
    metadata), the marks of Markdown left away; a list item has its lead-in as the last entry.
    """
    head = read_head(text, metadata.title)
    publisher = metadata.publisher or publisher_of(head)
    marked = mark(head.lines, head.labels, head.title, head.meta, publisher)
    return tuple(_blocks(Page(head, marked - set(range(head.front)))))


class Page(NamedTuple):
    """The head of an article together with the lines that are no part of it."""

    head: Head
    boilerplate: set[int]


def _blocks(page: Page) -> list[Block]:
    lines = page.head.lines
    blocks: list[Block] = []
    path: list[tuple[int, str]] = []
    lead: str | None = None
    kinds = [_kind(page, i) for i in range(len(lines))]
    after = _followers(kinds)
    runs = _titular_runs(page, kinds)
    interview = _is_interview(lines)
    for i, line in enumerate(lines):
        kind: BlockKind = kinds[i]
        if kind == "paragraph":
            kind = _refine(page, kinds, runs, after, i)
            kinds[i] = kind
        if kind == "heading":
            level = 3 if interview and line.stop == "?" and not line.level else _level(line)
            while path and path[-1][0] >= level:
                path.pop()
            lead = None
            headings = tuple(name for _, name in path)
            path.append((level, title_text(line)))
        else:
            if kind == "title":
                path.clear()  # what stands above the title is its kicker
            if kind not in ("item", "boilerplate", "caption"):
                lead = None
            headings = tuple(name for _, name in path)
            if kind == "item" and lead:
                headings = (*headings, lead)
            if kind == "lead_in":
                lead = line.text
        blocks.append(Block(kind, line.number_of_line, line.start, line.end, headings))
    return blocks


def _kind(page: Page, i: int) -> BlockKind:
    """The kind by what is known of the line alone; "paragraph" where its surroundings decide."""
    line = page.head.lines[i]
    if i == page.head.title:
        return "title"
    if i in page.boilerplate:
        return "boilerplate"
    if i in page.head.meta:
        return "meta"
    if i in page.head.captions:
        return "caption"
    if line.level:
        return "heading"
    if line.bullet:
        return "item"
    return "paragraph"


def _followers(kinds: Sequence[BlockKind]) -> list[int | None]:
    """For each line the next one that is part of the article."""
    following: list[int | None] = []
    after = None
    for i in range(len(kinds) - 1, -1, -1):
        following.append(after)
        if kinds[i] not in ("boilerplate", "caption", "meta"):
            after = i
    following.reverse()
    return following


def _refine(
    page: Page,
    kinds: Sequence[BlockKind],
    runs: Sequence[int],
    following: Sequence[int | None],
    i: int,
) -> BlockKind:
    """Paragraph, heading, lead-in or numbered item, by what comes next."""
    lines = page.head.lines
    line = lines[i]
    after = following[i]
    if line.number:
        return _numbered(page, kinds, i, after)
    if line.indent and i and kinds[i - 1] == "item" and line.indent > lines[i - 1].indent:
        return "item"
    if line.stop == ":" and after is not None:
        listed = lines[after].listed
        further = following[after]
        if not listed and lines[after].titular and further is not None:
            listed = lines[further].listed
        return "lead_in" if listed else "heading" if line.bold else "paragraph"
    if line.bold and after is not None:
        return "heading"
    if line.titular and after is not None and runs[i] < _RUN and not _is_fact(lines, i):
        return "heading"
    return "paragraph"


def _numbered(page: Page, kinds: Sequence[BlockKind], i: int, after: int | None) -> BlockKind:
    """ "1. ..." is an item beside its neighbours 0 and 2, a heading above text or a list."""
    lines = page.head.lines
    line = lines[i]
    follower = lines[after] if after is not None else None
    before = lines[i - 1] if i else None
    in_list = bool(
        (before and before.number and before.number == line.number - 1)
        or (follower and follower.number == line.number + 1)
    )
    if in_list:
        return "item"
    if line.titular and follower and not follower.number and not line.indent:
        return "heading"
    numbers = {other.number for other in lines[max(0, i - 12) : i + 13] if other.number}
    return "item" if {line.number - 1, line.number + 1} & numbers else "paragraph"


def _is_fact(lines: Sequence[Line], i: int) -> bool:
    """One of several short "Key: value" lines in a row, such as those of a box of facts."""
    if not _KEY_VALUE.fullmatch(lines[i].text):
        return False
    row = [lines[i].text]
    for step in (-1, 1):
        at = i + step
        while 0 <= at < len(lines) and len(row) < _RUN and _KEY_VALUE.fullmatch(lines[at].text):
            row.append(lines[at].text)
            at += step
    return len(row) >= (2 if any(c.isdecimal() for text in row for c in text) else 3)


def _titular_runs(page: Page, kinds: Sequence[BlockKind]) -> list[int]:
    """For each line how many lines in a row look like headings: as many as four are none."""
    runs = [0] * len(kinds)
    lines = page.head.lines
    start = 0
    for i in range(len(kinds) + 1):
        goes_on = (
            i < len(kinds) and kinds[i] == "paragraph" and lines[i].titular
            and not lines[i].number and not _KEY_VALUE.fullmatch(lines[i].text)
        )  # fmt: skip
        if i == len(kinds) or not goes_on or lines[i].gap:
            runs[start:i] = [i - start] * (i - start)
            start = i if goes_on else i + 1
    return runs


def _level(line: Line) -> int:
    """Depth below the title: 2, but 3 for a numbered heading."""
    if line.level:
        return line.level
    return 3 if line.number else 2


def _is_interview(lines: Sequence[Line]) -> bool:
    """Do several lines put a question to somebody? Then every question is below a heading."""
    questions = (line.text for line in lines if line.stop == "?" and line.titular)
    return sum(bool(_ADDRESSED.search(text)) for text in questions) >= 2
