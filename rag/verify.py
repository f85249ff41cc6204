"""Does evidence prove a sentence? Deterministic, one threshold, every verdict explained.

A sentence is supported if its numbers stand there with their units, its quotations stand there
word for word, its names stand there or in the headings above, it is not negated where the source
is not, and enough of its wording (stems, parts of compounds) is covered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.german import stem, stop_stems, words
from rag.names import names
from rag.quantities import quantities, says
from rag.types import Verdict

THRESHOLD = 0.7
"""Share of a sentence's wording that must be covered. Chosen by hand, not calibrated yet."""

_CLAUSE_SHARE = 0.5  # of a sentence in one clause: then a "not" there is about it
_CONTEXT_WEIGHT = 0.9  # a word proven by the heading or the sentence before counts a little less
_ECHO_WEIGHT = 0.3  # a word of the question that the source says in other words
_COMPOUND_PART = 4  # characters a shared part of a compound must have
_QUOTED = re.compile(r"[„“\"»]([^„“”\"«»\n]{3,400})[“”\"«]")
_NEGATIONS = frozenset({"nicht", "kein", "nie", "niemals", "weder", "ohne", "not", "no", "never"})
_NOT_ONLY = re.compile(r"\bnicht (?:nur|allein|zuletzt|mehr nur)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"[,;:–]|\bund\b|\baber\b|\bsondern\b|\bdoch\b")


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence is held against: the lines themselves, and what stands above them.

    ``context`` (headings, title, the sentences before in the paragraph) may prove a name or a
    word, never a number.
    """

    text: str
    context: str = ""


def check(sentence: str, sources: Sequence[Source], question: str = "") -> Verdict:
    """The verdict on one sentence against all the sources together.

    Words the sentence takes over from the question are no claim of its own and weigh little, if
    they are neither names nor numbers: "the alliance that fights ..." may be the reader's wording.
    """
    text = "\n".join(s.text for s in sources)
    context = "\n".join(s.context for s in sources)
    missing = [
        *_missing_numbers(sentence, text),
        *_missing_quotes(sentence, text),
        *_missing_names(sentence, text, context),
        *_negated(sentence, text),
    ]
    score, uncovered = coverage(sentence, text, context, question)
    if missing:
        return Verdict("unsupported", round(score, 3), tuple(missing))
    if score < THRESHOLD:
        return Verdict("unsupported", round(score, 3), (f"wording: {', '.join(uncovered)}",))
    return Verdict("supported", round(score, 3))


def has_stem(root: str, stems: frozenset[str]) -> bool:
    """Whether the stem is there, alone or as the beginning or end of a compound, or holds one."""
    if root in stems:
        return True
    if len(root) < _COMPOUND_PART:
        return False
    return any(
        (len(s) > len(root) and (s.startswith(root) or s.endswith(root)))
        or (
            _COMPOUND_PART < len(s) < len(root)
            and (root.endswith(s) or (root.startswith(s) and len(s) > 5))
        )
        for s in stems
    )


def coverage(
    sentence: str,
    text: str,
    context: str = "",
    question: str = "",
    matches: Callable[[str, frozenset[str]], bool] = has_stem,
) -> tuple[float, tuple[str, ...]]:
    """Weighted share of the sentence's content words that the source has, and those it lacks."""
    in_text, in_context, echoed = _stems(text), _stems(context), _stems(question)
    numbers = [(q.start, q.end) for q in quantities(sentence)]
    total = found = 0.0
    lacking = []
    for word in words(sentence):
        if any(a <= word.start < b for a, b in numbers):
            continue  # numbers are checked for themselves
        root = stem(word.text)
        if root in stop_stems() or len(root) < 2:
            continue
        weight = 2.0 if word.text[0].isupper() else 1.0
        stands = matches(root, in_text)
        if root in echoed and not stands:
            weight *= _ECHO_WEIGHT
        total += weight
        if stands:
            found += weight
        elif matches(root, in_context):
            found += weight * _CONTEXT_WEIGHT
        else:
            lacking.append(word.text)
    return (found / total if total else 1.0), tuple(lacking)


def _stems(text: str) -> frozenset[str]:
    found = [stem(w.text) for w in words(text)]
    joined = [stem(m.replace("-", "")) for m in re.findall(r"(?<!\w)\w+(?:-\w+)+", text)]
    return frozenset((*found, *joined))


def _missing_numbers(sentence: str, text: str) -> list[str]:
    there = quantities(text)
    return [
        f"number: {q.text}"
        for q in quantities(sentence)
        if not any(says(source, q) for source in there)
    ]


def _missing_quotes(sentence: str, text: str) -> list[str]:
    flat = _flat(text)
    return [f"quote: {m[1]}" for m in _QUOTED.finditer(sentence) if _flat(m[1]) not in flat]


def _flat(text: str) -> str:
    return " ".join(w.text for w in words(text)).casefold()


def _missing_names(sentence: str, text: str, context: str) -> list[str]:
    known = _stems(text) | _stems(context)
    for quantity in quantities(sentence):  # "Mio." and "Franken" are checked as numbers
        known |= _stems(quantity.text)
    return [
        f"name: {name}"
        for name in names(sentence)
        if not all(has_stem(root, known) for root in name_stems(name))
    ]


def name_stems(name: str) -> list[str]:
    """The stems of a name that have to be there: no single letters, no stop words."""
    roots = [stem(w.text) for w in words(name) if len(w.text) > 1]
    return [root for root in roots if root not in stop_stems()]


def _negated(sentence: str, text: str) -> list[str]:
    if _negations(sentence) and not _negations(text):
        return ["negation: the source does not say no"]
    if not _negations(sentence):
        clause = max(_CLAUSE.split(text), key=lambda c: coverage(sentence, c)[0], default="")
        if _negations(clause) and coverage(sentence, clause)[0] >= _CLAUSE_SHARE:
            return ["negation: the source says no"]
    return []


def _negations(text: str) -> int:
    text = _NOT_ONLY.sub(" ", text)
    return sum(
        1
        for w in words(text)
        if w.text.casefold() in _NEGATIONS or w.text.casefold().startswith("kein")
    )
