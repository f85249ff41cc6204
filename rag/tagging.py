"""The part of speech of German words, and their lemmas. Home of HanTa.

HanTa (Wartena 2019) tags a word by its morphology and its neighbours, with STTS tags: "NE" is a
proper noun, "VV(FIN)" a finite full verb.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache

from HanTa import HanoverTagger

_TOKEN = re.compile(r"[^\W_]+(?:[-‑'’&.][^\W_]+)*|[^\w\s]")
_LONGEST = 2000  # characters looked at; a sentence is shorter
_lock = threading.Lock()


@dataclass(frozen=True, slots=True)
class Tagged:
    """A word or mark where it stands, ``text[start:end]``, with its tag."""

    text: str
    start: int
    end: int
    tag: str


@lru_cache(maxsize=4096)
def tagged(text: str) -> tuple[Tagged, ...]:
    """The words and marks of a sentence in order."""
    tokens = list(_TOKEN.finditer(text[:_LONGEST]))
    tags = _tags(tuple(t.group() for t in tokens))
    return tuple(
        Tagged(m.group(), m.start(), m.end(), tag) for m, tag in zip(tokens, tags, strict=True)
    )


def tag_of(word: str) -> str:
    """The tag of a word that stands alone."""
    return _tags((word,))[0]


@lru_cache(maxsize=65_536)
def lemma(word: str, tag: str) -> str:
    """The dictionary form of a word of that tag: "gründete" -> "gründen"."""
    with _lock:
        return str(_tagger().analyze(word, pos=tag)[0])


@lru_cache(maxsize=8192)
def _tags(tokens: tuple[str, ...]) -> tuple[str, ...]:
    if not tokens:
        return ()
    with _lock:
        return tuple(_tagger().tag_sent(list(tokens), taglevel=0))


@lru_cache(maxsize=1)
def _tagger() -> HanoverTagger.HanoverTagger:
    tagger = HanoverTagger.HanoverTagger("morphmodel_ger.pgz")
    # What takes nearly all its time: the same word is analysed anew wherever it stands.
    tagger.analyze_forward = lru_cache(maxsize=65_536)(tagger.analyze_forward)
    return tagger
