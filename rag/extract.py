"""Answers without a model: which evidence answers a question by itself, and whether it fits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from rag.german import is_english, stem, stop_stems, words
from rag.names import names
from rag.sought import OPEN, Asked, asked_for, gives
from rag.types import Evidence
from rag.wording import coverage, has_stem, name_stems, stems_of

FIT = 0.35
"""Share of the question's wording that the evidence of an answer must have."""

FIT_ALONE = 0.6
"""The same for evidence that is quoted as the answer, with no model that understood it."""

_CHOICE = re.compile(r"\b(?:oder|or)\b", re.IGNORECASE)
_MOST, _NEARLY = 2, 0.95  # pieces quoted, and the share of the best one's score for more
_SHORT = 4  # letters; shorter words are too alike to be misspelt
_ALIKE = 0.8  # Ratcliff/Obershelp similarity of a misspelt word to the one that was meant


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a proven sentence answers a question.

    ``missing``: the kind of thing that is asked for and not there. ``names`` and ``doubts``: names
    and other words of the question that the evidence does not say; it may say them in other words,
    or speak of something else. ``share``: of the question's wording that the evidence has, in
    [0, 1].
    """

    missing: Asked | None
    names: tuple[str, ...]
    doubts: tuple[str, ...]
    share: float


@lru_cache(maxsize=1024)
def fit(own: str, question: str, sentence: str, evidence: tuple[Evidence, ...]) -> Fit:
    """How ``sentence``, proven by ``evidence``, fits the question.

    ``own`` is the question as it was asked: its names have to meet in the evidence, and what it
    asks for (a number, a time) has to be in the sentence. ``question`` is what it is understood
    as: what the conversation was about may be meant or not.
    """
    text = "\n".join(e.text for e in evidence)
    context = "\n".join(_context(e) for e in evidence)
    known = frozenset(stem(w.text) for w in words(f"{text}\n{context}"))
    asked = asked_for(own)
    missing = None if gives(asked, sentence, question) else asked
    share, doubts = coverage(question, text, context, matches=_known)
    lacking = tuple(
        name for name in names(own) if not all(_known(root, known) for root in name_stems(name))
    )
    # English words do not stand there, however well the evidence fits
    return Fit(missing, () if is_english(own) else lacking, doubts, share)


def _context(evidence: Evidence) -> str:
    """What may explain a word of the question: "according to WirtschaftsWoche", a heading."""
    m = evidence.metadata
    about = (m.title, m.author, m.publisher)
    return "\n".join((*evidence.headings, evidence.before, *(t for t in about if t)))


def _known(root: str, stems: frozenset[str]) -> bool:
    """As ``has_stem``, but forgiving a slip of the pen: it is the reader's word, not a claim."""
    return has_stem(root, stems) or bool(
        len(root) > _SHORT and get_close_matches(root, stems, n=1, cutoff=_ALIKE)
    )


def repeats(question: str, sentence: str) -> bool:
    """Whether a sentence says no word that its question did not say, and so answers nothing, unless
    it is asked whether, or which of two."""
    if _CHOICE.search(question) or not OPEN.search(question):
        return False
    return not stems_of(sentence) - stems_of(question) - stop_stems()


def best_sentences(
    question: str, evidence: Sequence[Evidence], share: float = FIT_ALONE
) -> tuple[Evidence, ...]:
    """The piece of evidence that helps most, of those that fit the question, and one that helps
    nearly as much; none if none fits."""
    fits = {e: fit(question, question, e.text, (e,)) for e in evidence}
    fitting = [e for e, f in fits.items() if not f.missing and not f.names and f.share >= share]
    ranked = sorted(fitting, key=lambda e: -e.score)
    return tuple(e for e in ranked[:_MOST] if e.score >= _NEARLY * ranked[0].score)


def likely(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The pieces that help most of those that give what is asked for, the best first, for someone
    else to judge."""
    giving = [e for e in evidence if not fit(question, question, e.text, (e,)).missing]
    return tuple(sorted(giving, key=lambda e: -e.score)[:_MOST])
