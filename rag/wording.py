"""How much of a sentence's wording a source has: stems, parts of compounds, kindred words."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from rag.german import stem, stop_stems, words
from rag.quantities import quantities
from rag.short_forms import short_forms
from rag.synonyms import alike
from rag.tagging import lemma, tagged

_CONTEXT_WEIGHT = 0.9  # a word proven by the heading, or by another for it, counts a little less
ECHO_WEIGHT = 0.3
"""Of a word of the question that the source says in other words."""

_COMPOUND_PART = 4  # characters a shared part of a compound must have
_NOUN_ENDING = re.compile(r"(?:(?:at|it)?ion|ung)(?:s|en)?$")  # Investition, Gründungen
_VERB_ENDING = re.compile(r"(?:(?:ier)?en|(?<=e[rl])n)$")
_LOOSE_E = re.compile(r"el$")  # entwickeln: Entwicklung
_ROOT = 3  # characters that must be left of a word without its ending
_HYPHENATED = re.compile(r"(?<!\w)\w+(?:-\w+)+")


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


def name_stems(name: str) -> list[str]:
    """The stems of a name that have to be there: no single letters, no stop words."""
    roots = [stem(w.text) for w in words(name) if len(w.text) > 1]
    return [root for root in roots if root not in stop_stems()]


@lru_cache(maxsize=4096)
def stems_of(text: str) -> frozenset[str]:
    """The stems of all words, hyphenated ones also joined."""
    found = [stem(w.text) for w in words(text)]
    joined = [stem(m.replace("-", "")) for m in _HYPHENATED.findall(text)]
    return frozenset((*found, *joined))


@lru_cache(maxsize=4096)
def actions_of(text: str) -> dict[int, str]:
    """What is done, by the place of the word that says so: "gründete", "Gründung", "gegründet"
    are one, "investieren" and "Investition" too."""
    found = {}
    for word in tagged(text):
        if word.tag.startswith("VV"):
            found[word.start] = stem(
                _LOOSE_E.sub("l", _VERB_ENDING.sub("", lemma(word.text, word.tag)))
            )
        elif word.tag == "NN":
            head = word.text.rpartition("-")[2]
            if _NOUN_ENDING.search(head):
                found[word.end - len(head)] = stem(_NOUN_ENDING.sub("", head))
    return {start: action for start, action in found.items() if len(action) >= _ROOT}


def coverage(
    sentence: str,
    text: str,
    context: str = "",
    question: str = "",
    echo: float = ECHO_WEIGHT,
    matches: Callable[[str, frozenset[str]], bool] = has_stem,
) -> tuple[float, tuple[str, ...]]:
    """Weighted share of the sentence's content words that the source has, and those it lacks.

    A word of the question that the source lacks weighs ``echo`` of another.
    """
    in_text, in_context, echoed = stems_of(text), stems_of(context), stems_of(question)
    done, doing = frozenset(actions_of(text).values()), actions_of(sentence)
    known = in_text | done
    short, short_above = short_forms(sentence, text), short_forms(sentence, context)
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
        action = doing.get(word.start, "")
        stands = matches(root, in_text) or root in short or has_stem(action, done)
        if root in echoed and not stands:
            weight *= echo
        total += weight
        if stands:
            found += weight
        elif matches(root, in_context) or root in short_above or _otherwise(root, action) & known:
            found += weight * _CONTEXT_WEIGHT
        else:
            lacking.append(word.text)
    return (found / total if total else 1.0), tuple(lacking)


def _otherwise(root: str, action: str) -> frozenset[str]:
    return alike(root) | alike(action)
