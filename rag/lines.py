"""The one definition of a line: text between "\\n", counted from 1.

Never ``str.splitlines``: it also breaks at form feed, U+0085 and U+2028, and then disagrees with
every editor. A "\\r" before the "\\n" belongs to the line.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache


@lru_cache(maxsize=4096)
def line_starts(text: str) -> tuple[int, ...]:
    """The offset at which each line begins; ``line_starts(text)[n - 1]`` for line n."""
    starts = [0]
    at = text.find("\n")
    while at != -1:
        starts.append(at + 1)
        at = text.find("\n", at + 1)
    return tuple(starts)


def line_of(text: str, offset: int) -> int:
    """The 1-based line that holds the character at ``offset``."""
    return bisect_right(line_starts(text), offset)


def line_count(text: str) -> int:
    """How many lines there are; a final "\\n" does not open another one."""
    starts = line_starts(text)
    return len(starts) - (1 if starts[-1] == len(text) and len(starts) > 1 else 0)


def line_span(text: str, line: int) -> tuple[int, int]:
    """[start, end) of a line without its "\\n". IndexError if there is no such line."""
    starts = line_starts(text)
    if not 1 <= line <= len(starts):
        raise IndexError(f"line {line} of {len(starts)}")
    end = starts[line] - 1 if line < len(starts) else len(text)
    return starts[line - 1], end


def strip_span(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) without the white space at both ends; empty at ``start`` if nothing is left."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
