"""Proper names in German text, where every noun is capitalised.

A proper noun is a name, and so is a word with capitals or digits inside ("OpenAI", "GPT-4o"),
whatever its tag says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from rag.tagging import tag_of, tagged

_JOINS = frozenset({" ", "\u00a0", "-"})


@dataclass(frozen=True, slots=True)
class Name:
    """A name where it stands: ``text[start:end]``."""

    text: str
    start: int
    end: int


def names(text: str) -> tuple[str, ...]:
    """The names in a sentence or question in order, neighbouring ones joined ("Sam Altman")."""
    return tuple(name.text for name in named(text))


@lru_cache(maxsize=4096)
def named(text: str) -> tuple[Name, ...]:
    """The same with their places."""
    found: list[Name] = []
    for token in tagged(text):
        if not _is_name(token.text, token.tag):
            continue
        if found and text[found[-1].end : token.start] in _JOINS:
            last = found.pop()
            found.append(Name(f"{last.text} {token.text}", last.start, token.end))
        else:
            found.append(Name(token.text, token.start, token.end))
    return tuple(found)


def _is_name(word: str, tag: str) -> bool:
    if not any(c.isalpha() for c in word):
        return False
    inside = word[1:].replace("-", "")
    # "KI-Strategie" is a noun with a short form in front, "GPT-4o" and "OpenAI" are names.
    if any(c.isupper() or c.isdigit() for c in inside) and not _is_compound(word):
        return True
    return tag == "NE" and word[0].isupper() and not _is_compound(word)


def _is_compound(word: str) -> bool:
    """A hyphenated word that ends in an ordinary noun: only its parts may be names."""
    head = word.rpartition("-")[2]
    return "-" in word and head[:1].isupper() and head[1:].islower() and tag_of(head) == "NN"
