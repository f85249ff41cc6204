"""Answers without a model: which evidence answers a question by itself, and whether it fits."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from rag.german import stem, words
from rag.names import names
from rag.quantities import quantities
from rag.question import asked_for
from rag.types import Evidence
from rag.verify import coverage, has_stem, name_stems

FIT = 0.35
"""Share of the question's wording that proven sentence and evidence must have."""

FIT_ALONE = 0.6
"""The same for evidence that is quoted as the answer, with no model that understood it."""

_MOST, _NEARLY = 2, 0.95  # pieces quoted, and the share of the best one's score for more
_SHORT = 4  # letters; shorter words are too alike to be misspelt
_ALIKE = 0.8  # Ratcliff/Obershelp similarity of a misspelt word to the one that was meant


def fits(
    question: str, sentence: str, evidence: Sequence[Evidence], share: float = FIT
) -> tuple[str, ...]:
    """Why a proven sentence does not answer the question; empty if it does.

    The names of the question have to meet in the evidence, enough of its wording too, and what is
    asked for (a number, a time) has to be in the sentence.
    """
    text = "\n".join(e.text for e in evidence) + "\n" + sentence
    context = "\n".join(_context(e) for e in evidence)
    known = frozenset(stem(w.text) for w in words(f"{text}\n{context}"))
    reasons = [
        f"question: {name}"
        for name in names(question)
        if not all(_known(root, known) for root in name_stems(name))
    ]
    score, lacking = coverage(question, text, context, matches=_known)
    if score < share:
        reasons.append(f"question: {', '.join(lacking)}")
    asked = asked_for(question)
    if asked == "amount" and not any(q.value is not None for q in quantities(sentence)):
        reasons.append("question: asks for a number")
    if asked == "time" and not quantities(sentence):
        reasons.append("question: asks for a time")
    if asked == "name" and not _new_names(question, sentence):
        reasons.append("question: asks for a name")
    return tuple(reasons)


def _new_names(question: str, sentence: str) -> list[str]:
    """Names the sentence has and the question has not."""
    asked = frozenset(stem(w.text) for w in words(question))
    return [n for n in names(sentence) if not all(has_stem(r, asked) for r in name_stems(n))]


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


def best_sentences(question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The piece of evidence that helps most, of those that fit the question, and one that helps
    nearly as much; none if none fits."""
    fitting = [e for e in evidence if not fits(question, e.text, (e,), FIT_ALONE)]
    ranked = sorted(fitting, key=lambda e: -e.score)
    return tuple(e for e in ranked[:_MOST] if e.score >= _NEARLY * ranked[0].score)
