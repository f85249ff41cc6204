"""Names and quotations made wrong: who it was, and what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import combinations
from random import Random

from eval.planted.names import Named, named
from eval.planted.rule import SYMMETRIC, Piece, exchanged, has_verb

_QUOTE = re.compile(r"[„\"»]([^„“”\"«»]{1,300})[“”\"«]")
_WORD = re.compile(r"[A-Za-zÄÖÜäöüß]{5,}")
_KIN = {"surname": "person"}
_DATELINE = re.compile(r"(?:/[\w/. ]+)? –")
_APART = 140  # characters between two names that are said of each other
_LISTED = re.compile(
    r"\b(?:zwischen|wie|sowohl|weder|beide\w*|neben|samt|inklusive) [^,]*$", re.IGNORECASE
)


def name_elsewhere(piece: Piece, random: Random) -> str | None:
    """A name for another of the article that stands neither in the sentence nor near it."""
    near = " ".join((piece.above, *piece.around))
    return _other_name(piece, random, named(piece.article), lambda n: not _shares(n.text, near))


def name_near(piece: Piece, random: Random) -> str | None:
    """A name for another that stands in the headings or the sentences around: the hard case."""
    near = " ".join((piece.above, *piece.around))
    return _other_name(piece, random, named(near, piece.article), lambda n: True)


def name_swap(piece: Piece, random: Random) -> str | None:
    """Two names exchanged, where who does what to whom is another claim then."""
    found = named(piece.text, piece.article)
    pairs = []
    for one, other in combinations(found, 2):
        between = piece.text[one.end : other.start]
        alike = _KIN.get(one.sort, one.sort) == _KIN.get(other.sort, other.sort)
        if not alike or _shares(one.text, other.text) or len(between) > _APART:
            continue
        if not re.search(r"(?<!\w)[a-zäöüß]{3,}", between) or re.search(r"[–/()]", between):
            continue
        if "," in between and not has_verb(between):
            continue  # two of a list
        # "A kam, und B ging" is no list.
        said = re.sub(r"\b(?:und|oder|sowie)\b", "", between) if has_verb(between) else between
        if SYMMETRIC.search(said) or _LISTED.search(piece.text[: one.start]):
            continue
        if "/" in piece.text[one.start - 1 : one.start] + piece.text[other.end : other.end + 1]:
            continue
        if re.fullmatch(r" (?:nach|bis) ", between):
            continue  # a distance is the same both ways
        pairs.append((one, other))
    if not pairs:
        return None
    one, other = random.choice(pairs)
    return exchanged(piece.text, (one.start, one.end), (other.start, other.end))


def quote_word(piece: Piece, random: Random) -> str | None:
    """One word inside a quotation is another one, taken from another article."""
    found = [(m, w) for m in _QUOTE.finditer(piece.text) for w in _WORD.finditer(m[1])]
    found = [(m, w) for m, w in found if len(m[1].split()) > 2]
    if not found:
        return None
    m, word = random.choice(found)
    upper = word.group()[0].isupper()
    wrong = [w for w in _WORD.findall(piece.foreign) if w[0].isupper() == upper]
    wrong = [w for w in wrong if w[:5].casefold() not in piece.article.casefold()]
    if not wrong:
        return None
    at = m.start(1)
    span = at + word.start(), at + word.end()
    return f"{piece.text[: span[0]]}{random.choice(wrong)}{piece.text[span[1] :]}"


def _other_name(
    piece: Piece, random: Random, others: Sequence[Named], fits: Callable[[Named], bool]
) -> str | None:
    found = list(named(piece.text, piece.article))
    random.shuffle(found)
    for name in found:
        if _DATELINE.match(piece.text, name.end) and name.start < 30:
            continue  # where it was reported from is seldom part of the claim
        wrong = sorted(
            {
                n.text
                for n in others
                if n.sort == name.sort and not _shares(n.text, piece.text) and fits(n)
            }
        )
        if wrong:
            at = random.choice(wrong)
            return f"{piece.text[: name.start]}{at}{piece.text[name.end :]}"
    return None


def _shares(name: str, text: str) -> bool:
    """Whether a word of the name stands in the text: it may be the same person there."""
    return any(part.casefold() in text.casefold() for part in name.split() if len(part) > 1)
