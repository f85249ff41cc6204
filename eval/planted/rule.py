"""What every rule that plants a sentence is given, and how it changes a text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from eval.planted.words import VERBS


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence of an article: what stands above it (title, headings, the sentences before in its
    paragraph), the sentences around it, the whole article, a sentence of another article, and the
    next sentence of its own paragraph."""

    text: str
    above: str
    around: tuple[str, ...]
    article: str
    foreign: str = ""
    after: str = ""


Rule = Callable[[Piece, Random], str | None]
"""The changed sentence, None where the rule does not apply."""

SYMMETRIC = re.compile(
    r"\b(?:mit|gegen|zwischen|wie|gleich\w*|beide\w*|sowohl|treff\w*|traf\w*|auch|neben|sowie|samt|inklusive|und|oder|bzw)\b"
)
"""Between two things that may change places without another claim."""


def has_verb(text: str) -> bool:
    return any(v in VERBS for v in text.rstrip(".").split(" "))


def replaced(text: str, m: re.Match[str], by: str) -> str:
    return f"{text[: m.start()]}{by}{text[m.end() :]}"


def exchanged(text: str, one: tuple[int, int], other: tuple[int, int]) -> str:
    (a, b), (c, d) = one, other
    return f"{text[:a]}{text[c:d]}{text[b:c]}{text[a:b]}{text[d:]}"
