"""A sentence laid beside its source, word by word: what stands in the same place.

Ratcliff and Obershelp's matching (``difflib``) over stems; at most a few hundred words a side.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

from rag.german import stem, stop_stems, words

_LONGEST = 2000  # characters looked at; a sentence is shorter
_STATEMENT = 4  # words it has at least
_STRESS = frozenset("gar überhaupt noch mehr auch so ganz sehr etwa wirklich".split())
_JOINTS = frozenset(("und", "oder", "aber", "doch", "sondern", "sowie"))
_BREAKS = frozenset(",;:–—.!?()\n")


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands. ``clause`` counts the marks before it, ``content`` says that it is
    no mere function word."""

    text: str
    start: int
    end: int
    root: str
    content: bool
    clause: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """``same``: pairs (in the claim, in the source) of equal words; ``changed``: pairs of ranges
    where the claim says something else."""

    claim: tuple[Token, ...]
    source: tuple[Token, ...]
    same: frozenset[tuple[int, int]]
    changed: tuple[tuple[range, range], ...]

    def meet(self, i: int, j: int) -> bool:
        """Whether the claim's i-th and the source's j-th word stand in the same place."""
        return (i, j) in self.same or any(i in a and j in b for a, b in self.changed)


@lru_cache(maxsize=8192)
def tokens(text: str) -> tuple[Token, ...]:
    """The words of a sentence in order."""
    found = []
    clause = end = 0
    for word in words(text[:_LONGEST]):
        clause += any(c in _BREAKS for c in text[end : word.start])
        end = word.end
        root = stem(word.text)
        content = len(root) > 1 and root not in stop_stems()
        found.append(Token(word.text, word.start, word.end, root, content, clause))
    return tuple(found)


def by_clause(text: str) -> list[list[Token]]:
    """The same, clause by clause."""
    found: dict[int, list[Token]] = {}
    for token in tokens(text):
        found.setdefault(token.clause, []).append(token)
    return list(found.values())


@lru_cache(maxsize=1024)
def align(claim: str, source: str) -> Alignment:
    """Lays the claim beside the source."""
    ours, theirs = tokens(claim), tokens(source)
    matcher = SequenceMatcher(None, [t.root for t in ours], [t.root for t in theirs], False)
    same: set[tuple[int, int]] = set()
    changed = []
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            same |= set(zip(range(a, b), range(c, d), strict=True))
        elif tag == "replace":
            changed.append((range(a, b), range(c, d)))
    return Alignment(ours, theirs, frozenset(same), tuple(changed))


def is_fragment(tokens: tuple[Token, ...]) -> bool:
    """Whether it is a bare name or phrase: it says too little to drop a denial."""
    return len(tokens) < _STATEMENT


def beside(tokens: tuple[Token, ...], at: int, reach: int = 1) -> tuple[list[Token], list[Token]]:
    """Up to ``reach`` content words before and behind a word in its clause, nearest first."""
    return (
        list(_first(reversed(tokens[:at]), tokens[at].clause, reach)),
        list(_first(iter(tokens[at + 1 :]), tokens[at].clause, reach)),
    )


def _first(tokens: Iterator[Token], clause: int, count: int) -> Iterator[Token]:
    for token in tokens:
        if token.clause != clause or token.text in _JOINTS or count == 0:
            return
        if token.content and token.text not in _STRESS:
            count -= 1
            yield token
