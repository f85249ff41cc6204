"""Short forms and what they stand for: "VAE" is "Vereinigte Arabische Emirate"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from rag.alignment import Token, tokens
from rag.german import stem
from rag.tagging import tag_of

_SHORT = re.compile(r"[A-ZÄÖÜ]{2,6}")
_OTHERWISE = (
    ("USA", "US", "Vereinigte Staaten"),
    ("UK", "GB", "Vereinigtes Königreich", "Großbritannien"),
    ("KI", "AI", "künstliche Intelligenz"),
)  # the same, though the letters are others


@lru_cache(maxsize=4096)
def short_forms(sentence: str, text: str) -> frozenset[str]:
    """Stems of the sentence's words that the source says in short, or in full where the sentence
    is short."""
    ours, theirs = tokens(sentence), tokens(text)
    found: set[str] = set()
    for short in _shorts(ours):
        if any(_spelled(short, theirs)):
            found.add(stem(short))
    for short in _shorts(theirs):
        for run in _spelled(short, ours):
            found |= {t.root for t in run}
    said, stood = {t.root for t in ours}, {t.root for t in theirs}
    for forms in _otherwise():
        if any(form <= stood for form in forms):
            found |= {root for form in forms if form <= said for root in form}
    return frozenset(found)


def _shorts(words: tuple[Token, ...]) -> set[str]:
    return {t.text for t in words if _SHORT.fullmatch(t.text)}


def _spelled(short: str, of: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """Runs of capitalised words with these first letters; the first of two may be an adjective."""
    count = len(short)
    for i in range(len(of) - count + 1):
        run = of[i : i + count]
        if "".join(t.text[0] for t in run).upper() != short or run[0].clause != run[-1].clause:
            continue
        nouns = run[1:] if count == 2 and tag_of(run[0].text) == "ADJ(A)" else run
        if all(t.text[0].isupper() and len(t.text) > 1 for t in nouns):
            yield run


@lru_cache(maxsize=1)
def _otherwise() -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(
        tuple(frozenset(stem(w) for w in form.split()) for form in forms) for forms in _OTHERWISE
    )
