"""The office a sentence gives a person: "Vizepremier Jan Moor". Only the heads of a state and of a
government and their deputies are known, as nobody is two of them. One person may well be minister
of two things, or of another one a year later."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.german import words

_HEADS = {
    "ministerpräsident": "premier", "premierminister": "premier", "premier": "premier",
    "staatspräsident": "president", "bundespräsident": "president", "präsident": "president",
    "bundeskanzler": "chancellor", "kanzler": "chancellor",
}  # fmt: skip
"""Without "Staatschef" and "Regierungschef": other offices are called that too."""
_OFFICE = re.compile(
    r"(?<![\w-])(vize-?|stellvertretende[rnm]? )?"
    rf"({'|'.join(sorted(_HEADS, key=len, reverse=True))})(?:in)?"
    r"((?:[ \u00a0](?-i:[A-ZÄÖÜ])[\w-]{1,30}){1,3})",
    re.IGNORECASE,
)
_NOT_NOW = re.compile(
    r"\b(?:ex|ehemalig\w*|früher\w*|damalig\w*|einstig\w*|designiert\w*|künftig\w*|neue[rnms]?|"
    r"alt|vormalig\w*|kandidat\w*|ernannt\w*|gewählt\w*)\b",
    re.IGNORECASE,
)
_ASKED = re.compile(
    r"\b(?:amt|ämter|funktion|position|posten|titel|rolle|wer ist|\w{0,12}präsident\w{0,4}|"
    r"\w{0,12}premier\w{0,10}|\w{0,12}kanzler\w{0,4})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Office:
    """Who holds which office, ``text`` as it stands. ``vice`` and ``head`` are what is compared,
    ``person`` is the part of the name that was asked for, ``named`` its first two words."""

    text: str
    vice: bool
    head: str
    person: frozenset[str]
    named: tuple[str, ...]

    @property
    def key(self) -> tuple[bool, str]:
        return self.vice, self.head


def offices(question: str, text: str) -> tuple[Office, ...]:
    """The offices of the persons a question asks for, if it asks for an office."""
    if not _ASKED.search(question) or _NOT_NOW.search(text):
        return ()
    asked = {w.text.casefold() for w in words(question) if w.text[0].isupper()}
    found = []
    for m in _OFFICE.finditer(text):
        named = [w.text.casefold() for w in words(m[3])]
        person = frozenset(named) & asked
        if person:
            head = _HEADS[m[2].casefold()]
            found.append(
                Office(" ".join(m.group().split()), bool(m[1]), head, person, tuple(named[:2]))
            )
    return tuple(found)


def exclude(one: Office, other: Office) -> bool:
    """Whether nobody holds both: a vice president is no vice premier. Somebody's vice in one text
    only may hold two offices."""
    if not one.person & other.person or one.vice != other.vice:
        return False
    same = set(one.named) <= set(other.named) or set(other.named) <= set(one.named)
    return same and one.head != other.head
