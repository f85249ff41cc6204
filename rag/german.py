"""German words: tokens, stems, stop words. Home of PyStemmer and of bm25s' stop-word list.

A token is a run of letters and digits, or a whole number ("2,5", "1.000"). A hyphenated word gives
its parts and itself joined ("Start-up": start, up, startup), so that every spelling meets.
Snowball's German stemmer folds umlauts, their two-letter spellings and ß (snowballstem.org).
"""

from __future__ import annotations

import re
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import Stemmer
from bm25s.stopwords import STOPWORDS_EN, STOPWORDS_GERMAN

# A letter may be decomposed ("u" + U+0308), a word may hold soft hyphens (U+00AD).
_LETTER = r"[^\W\d_][\u0300-\u036f\u00ad]{0,4}"
_TOKEN = re.compile(rf"\d+(?:[.,]\d+)*|(?:{_LETTER})+\d*|\w")
_PART = rf"(?:{_LETTER}|\d)+"
_HYPHENATED = re.compile(
    rf"(?<![\w\u0300-\u036f\u00ad]){_PART}(?:[-‐‑]{_PART})+"
)  # from a word's start: linear time
_SOFT_HYPHEN = "\u00ad"
_local = threading.local()

_ASKING = frozenset(
    "wer wem wen wessen was wo wohin woher wann warum weshalb wieso wie wieviel wieviele welche "
    "welcher welches welchem welchen worum womit wofür wodurch worauf worin wozu bitte gibt gab "
    "hat habe haben hatte hatten heißt heissen genau eigentlich mal laut etwa rund wurde wurden "
    "hey hallo hi ach tja naja sag sagt mir denn "
    "wird werden worden würde sowie dabei dazu dafür daran darin davon damit ja nein schon".split()
)

_ASKING_ENGLISH = frozenset(
    "who whom whose what which when where why how does did do has have had was were been can "
    "could would should much many from about its than on".split()
)


@dataclass(frozen=True, slots=True)
class Word:
    """A token where it stands: ``text[start:end]``."""

    text: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The tokens of a text in order, with offsets."""
    return [Word(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one token: compatibility-normalised, lower case, umlauts and ß folded, without
    soft hyphens."""
    stemmer = getattr(_local, "stemmer", None)
    if stemmer is None:  # PyStemmer objects must not be shared between threads
        stemmer = _local.stemmer = Stemmer.Stemmer("german", 0)
    folded = unicodedata.normalize("NFKC", word.replace(_SOFT_HYPHEN, "")).casefold()
    return str(stemmer.stemWord(folded))


@lru_cache(maxsize=1)
def stop_stems() -> frozenset[str]:
    """Stems that carry no meaning of their own, German and English ones (questions may be either).

    English "will", "not", "no" and "or" are left out of the list as they are German words too.
    """
    english = {*STOPWORDS_EN, *_ASKING_ENGLISH} - {"will", "not", "no", "or"}
    return frozenset(stem(w) for w in (*STOPWORDS_GERMAN, *_ASKING, *english))


def terms(text: str) -> list[str]:
    """Stems for lexical search, stop words left out, hyphenated words also joined."""
    stop = stop_stems()
    found = [s for w in words(text) if (s := stem(w.text)) not in stop]
    for match in _HYPHENATED.finditer(text):
        found.append(stem(re.sub(r"[-‐‑]", "", match.group())))
    return found


@lru_cache(maxsize=1024)
def is_english(text: str) -> bool:
    """Whether more of its function words are English than German."""
    found = [w.text.casefold() for w in words(text)]
    english = sum(w in _ENGLISH_ONLY for w in found)
    return english > sum(w in _GERMAN_ONLY for w in found)


_GERMAN_ONLY = frozenset({*STOPWORDS_GERMAN, *_ASKING} - {*STOPWORDS_EN, *_ASKING_ENGLISH})
_ENGLISH_ONLY = frozenset({*STOPWORDS_EN, *_ASKING_ENGLISH} - {*STOPWORDS_GERMAN, *_ASKING})
