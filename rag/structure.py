"""What each line of an article is: title, heading, list item, byline, boilerplate, ...

The kind of a line follows from its form, from the lines around it, and from the head of the page.
The text is never altered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rag.boilerplate import mark
from rag.masthead import locate, read_metadata, publisher_of
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
    titular_runs = _titular_runs(page, kinds)
    for i, line in enumerate(lines):
        kind: BlockKind = kinds[i]
        if kind == "paragraph":
            kind = _refine(page, kinds, titular_runs, i)
            kinds[i] = kind
        if kind == "heading":
            level = _level(line)
            while path and path[-1][0] >= level:
                path.pop()
            lead = None
            headings = tuple(name for _, name in path)
            path.append((level, title_text(line)))
        else:
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


def _next(kinds: Sequence[BlockKind], i: int) -> int | None:
    """The next line that is part of the article."""
    for j in range(i + 1, min(len(kinds), i + 12)):
        if kinds[j] not in ("boilerplate", "caption", "meta"):
            return j
    return None


def _refine(page: Page, kinds: Sequence[BlockKind], runs: Sequence[int], i: int) -> BlockKind:
    """Paragraph, heading, lead-in or numbered item, by what comes next."""
    line = page.head.lines[i]
    after = _next(kinds, i)
    if line.number:
        return _numbered(page, kinds, i, after)
    if i and line.indent and not line.gap and kinds[i - 1] == "item":
        if line.indent > page.head.lines[i - 1].indent:
            return "item"
    if line.stop == ":" and after is not None:
        listed = page.head.lines[after].listed
        if not listed and page.head.lines[after].titular and (further := _next(kinds, after)):
            listed = page.head.lines[further].listed
        return "lead_in" if listed else "heading" if line.bold else "paragraph"
    if line.bold and after is not None:
        return "heading"
    if line.titular and after is not None and runs[i] < _RUN and not _is_fact(page.head.lines, i):
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
    first = last = i
    while first and _KEY_VALUE.fullmatch(lines[first - 1].text):
        first -= 1
    while last + 1 < len(lines) and _KEY_VALUE.fullmatch(lines[last + 1].text):
        last += 1
    digits = any(c.isdecimal() for line in lines[first : last + 1] for c in line.text)
    return last - first >= (1 if digits else 2)


def _titular_runs(page: Page, kinds: Sequence[BlockKind]) -> list[int]:
    """For each line how many lines in a row, itself included, look like headings."""
    runs = [0] * len(kinds)
    start = None
    for i in range(len(kinds) + 1):
        line = page.head.lines[i] if i < len(kinds) else None
        if line and kinds[i] == "paragraph" and line.titular and not line.number:
            start = i if start is None else start
        elif start is not None:
            runs[start:i] = [i - start] * (i - start)
            start = None
    return runs


def _level(line: Line) -> int:
    """Depth below the title: 2 for a plain heading, 3 for a numbered one or a question to someone."""
    if line.level:
        return line.level
    if line.number or (line.stop == "?" and _ADDRESSED.search(line.text)):
        return 3
    return 2
