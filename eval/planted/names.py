"""Names a rule may exchange: persons, countries, cities and short forms, by lists and form alone.

Not the program's own way to find names, or it would be measured only where it finds them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from eval.planted.words import CITIES, COUNTRIES, FIRST_NAMES, NO_ORGANISATIONS

Sort = Literal["person", "surname", "country", "city", "short form"]

_FIRST = "|".join(sorted(FIRST_NAMES))
_FULL = re.compile(
    rf"(?<![\w-])((?:{_FIRST})(?:[ -](?:{_FIRST}))?) "
    r"((?:(?:[Vv]an de[rn]|von der|von|[Vv]an|[Dd]e|[Dd]i|[Dd]el|zu) )?"
    r"[A-ZÄÖÜ][a-zäöüßéèáíóçñ]{2,}(?:-[A-ZÄÖÜ][a-zäöüß]+)?)(?![\w-])"
)
_ALONE = re.compile(r"(?<![\w-])[A-ZÄÖÜ][\w]*(?![\w-])")
_SHORT = re.compile(r"[A-ZÄÖÜ]{2,6}|[A-Z][a-z]+[A-Z]\w+")
_ROLE = re.compile(
    r"(?:[Tt]rainer|[Mm]inister|[Kk]anzler|[Pp]räsident|[Cc]hef|[Rr]egisseur|[Ss]precher)(?:in)?$"
)
_NO_SURNAME = frozenset(("der", "die", "das", "dem", "den", "des", "ein", "eine", "einen"))


@dataclass(frozen=True, slots=True)
class Named:
    """A name where it stands, and what it names."""

    start: int
    end: int
    text: str
    sort: Sort


@lru_cache(maxsize=4096)
def named(text: str, article: str = "") -> tuple[Named, ...]:
    """The names in a text in order; the article tells which single words are surnames."""
    found = [Named(m.start(), m.end(), m.group(), "person") for m in _FULL.finditer(text)]
    taken = [(n.start, n.end) for n in found]
    known = surnames(article or text)
    for m in _ALONE.finditer(text):
        if any(a <= m.start() < b for a, b in taken):
            continue
        sort = _sort(m.group(), known)
        before = text[: m.start()].rstrip().rpartition(" ")[2]
        after = re.match(r" [A-ZÄÖÜ]", text[m.end() :])
        # Behind "Trainer" it is a name, behind a name it is a part of that.
        part = before[:1].isupper() and not _ROLE.search(before)
        if sort == "surname" and (before in _NO_SURNAME or part or after):
            continue
        if sort:
            found.append(Named(m.start(), m.end(), m.group(), sort))
    return tuple(sorted(found, key=lambda n: n.start))


@lru_cache(maxsize=512)
def surnames(article: str) -> frozenset[str]:
    return frozenset(m[2] for m in _FULL.finditer(article))


def _sort(word: str, known: frozenset[str]) -> Sort | None:
    if word in COUNTRIES:
        return "country"
    if word in CITIES:
        return "city"
    if word in known:
        return "surname"
    if _SHORT.fullmatch(word) and word not in NO_ORGANISATIONS:
        return "short form"
    return None
