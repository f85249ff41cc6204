"""Proper names in German text, where every noun is capitalised. Home of HanTa.

HanTa (Wartena 2019) tags a word by its morphology and its neighbours; "NE" is a proper noun. Words
with capitals or digits inside ("OpenAI", "GPT-4o") are names whatever it says.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

from HanTa import HanoverTagger

_TOKEN = re.compile(r"[^\W_]+(?:[-‑'’&.][^\W_]+)*|[^\w\s]")
_JOINS = frozenset({" ", "\u00a0", "-"})
_LONGEST = 2000  # characters looked at; a sentence is shorter
_lock = threading.Lock()


@lru_cache(maxsize=4096)
def names(text: str) -> tuple[str, ...]:
    """The names in a sentence or question in order, neighbouring ones joined ("Sam Altman")."""
    text = text[:_LONGEST]
    tokens = list(_TOKEN.finditer(text))
    found: list[str] = []
    last_end = -1
    for token, tag in zip(tokens, _tags(tuple(t.group() for t in tokens)), strict=True):
        if not _is_name(token.group(), tag):
            continue
        if found and text[last_end : token.start()] in _JOINS:
            found[-1] = f"{found[-1]} {token.group()}"
        else:
            found.append(token.group())
        last_end = token.end()
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
    return "-" in word and head[:1].isupper() and head[1:].islower() and _tags((head,))[0] == "NN"


@lru_cache(maxsize=8192)
def _tags(tokens: tuple[str, ...]) -> tuple[str, ...]:
    with _lock:
        return tuple(tag for _, _, tag in _tagger().tag_sent(list(tokens))) if tokens else ()


@lru_cache(maxsize=1)
def _tagger() -> HanoverTagger.HanoverTagger:
    return HanoverTagger.HanoverTagger("morphmodel_ger.pgz")
