"""Does a place prove a sentence? Deterministic, one threshold, every verdict explained.

A sentence is supported if the source says its numbers of the same things and in the same units,
its dates as the same bound of time, its quotations word for word, its names and nouns in the lines
or above them and in the same places, its verbs, its denials and its reservations, and if enough of
its wording is covered; and if the source says it to be so, and of the same. One that says the same
words twice is none: its model lost the thread.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from rag.amounts import missing_amounts
from rag.assertion import unasserted
from rag.attribution import misattributed
from rag.bounds import misbounded
from rag.german import stem, stop_stems, words
from rag.moments import misdated
from rag.names import names
from rag.naming import missing_names, missing_things
from rag.negation import denials
from rag.opposites import turned, unreserved
from rag.parallels import mixed
from rag.predicate import singled_out, undone
from rag.quantities import quantities
from rag.roles import exchanged, foreign
from rag.tagging import tagged
from rag.types import Support, Verdict
from rag.wording import ECHO_WEIGHT, coverage, has_stem, stems_of

THRESHOLD = 0.7
"""Share of a sentence's wording that must be covered. Chosen by hand, not calibrated yet."""

_OWN = 0.5  # of the wording has to stand in the lines themselves, not above them
_ECHOED = frozenset({"wording", "verb", "thing"})  # kinds of reasons
_AGAIN = 3  # words in a row that only a slip says twice
_SHORT = 3  # letters
_TITLE_WORDS = 5  # a quotation no longer than that and without a verb is a name
_QUOTED = re.compile(r"[„“\"»]([^„“”\"«»\n]{3,400})[“”\"«]")


@dataclass(frozen=True, slots=True)
class Source:
    """What a sentence is held against: one place, and what stands above it.

    ``context`` (headings, title, the sentences before in the paragraph) may prove a name or a
    word, never a number. ``article``, the whole of it, may complete a surname.
    """

    text: str
    context: str = ""
    article: str = ""


def check(sentence: str, source: Source, question: str = "", echo: bool = False) -> Verdict:
    """The verdict on one sentence against one place.

    Words the sentence takes over from the question are no claim of its own and weigh little, if
    they are neither names nor numbers: "the alliance that fights ..." may be the reader's wording.
    With ``echo`` they need no proof at all, as long as the sentence says something else that the
    place says itself; somebody has to judge then whether the place means the same.
    """
    text, context = source.text, source.context
    if not _says_anything(sentence):
        return Verdict("unsupported", 0.0, ("wording: nothing is said",))
    score, uncovered = coverage(sentence, text, context, question, 0.0 if echo else ECHO_WEIGHT)
    reasons = [
        *missing_amounts(sentence, text),
        *misdated(sentence, text),
        *misbounded(sentence, text),
        *_missing_quotes(sentence, text, context),
        *missing_names(sentence, text, context, source.article),
        *denials(sentence, text),
        *_said_twice(sentence, text),
    ]
    if score >= THRESHOLD:  # else the place speaks of something else, whatever else is wrong
        reasons += [
            *missing_things(sentence, text, context, question),
            *singled_out(sentence, text, context),
            *undone(sentence, text, context, question),
            *exchanged(sentence, text),
            *foreign(sentence, text, question),
            *turned(sentence, text),
            *unreserved(sentence, text),
            *unasserted(sentence, text),
            *misattributed(sentence, text),
            *mixed(sentence, text),
            *_lent(sentence, text, question, uncovered),
        ]
    elif not reasons:
        reasons = [f"wording: {', '.join(uncovered)}"]
    if echo:
        reasons = [r for r in reasons if not _is_echo(r, question)]
        if not reasons and not _says_more(sentence, text, question):
            reasons = ["wording: nothing but the question"]
    support: Support = "unsupported" if reasons else "supported"
    return Verdict(support, round(score, 3), tuple(dict.fromkeys(reasons)))


def _says_anything(sentence: str) -> bool:
    """Whether there is a word to prove: "Nein." and single letters fit every place."""
    said = stems_of(sentence) - stop_stems()
    return any(len(root) > 1 or root.isdigit() for root in said)


def _is_echo(reason: str, question: str) -> bool:
    """Whether a reason names only words of the question."""
    kind, _, lacking = reason.partition(": ")
    asked = stems_of(question)
    return kind in _ECHOED and all(has_stem(stem(w.text), asked) for w in words(lacking))


def _says_more(sentence: str, text: str, question: str) -> bool:
    """Whether the sentence says something that the question did not and the place does itself."""
    new = stems_of(sentence) - stems_of(question) - stop_stems()
    return any(has_stem(root, stems_of(text)) for root in new)


def _lent(sentence: str, text: str, question: str, uncovered: Sequence[str]) -> list[str]:
    """A reason if little more than the number is the place's own and the rest stands above it."""
    own, lacking = coverage(sentence, text, "", question)
    lent = [word for word in lacking if word not in uncovered]
    together = re.search(r"\W+".join(map(re.escape, lent)), sentence)  # one name or noun
    return [] if own >= _OWN or together else [f"wording: only above it: {', '.join(lent)}"]


def _missing_quotes(sentence: str, text: str, context: str) -> list[str]:
    reasons = []
    for m in _QUOTED.finditer(sentence):
        where = f"{text}\n{context}" if _is_title(m[1]) else text
        if _flat(m[1]) not in _flat(where):
            reasons.append(f"quote: {m[1]}")
    return reasons


def _said_twice(sentence: str, text: str) -> list[str]:
    """A reason if words in a row, a name or a noun come back in the sentence and do not in the
    place: the second one stands where the place says something else, be it a pronoun."""
    there, nouns = _runs(text), _nouns(text)
    again = [run for run, count in _runs(sentence).items() if count > max(1, there[run])]
    again += [root for root, count in _nouns(sentence).items() if count > max(1, nouns[root])]
    for name, count in Counter(name.split()[-1] for name in names(sentence)).items():
        if len(name) > _SHORT and count > max(1, text.count(name)):  # "KI" may well come back
            again.append(name)
    return [f"said twice: {again[0]}"] if again else []


def _runs(text: str) -> Counter[str]:
    said = [w.text.casefold() for w in words(text)]
    return Counter(" ".join(said[i : i + _AGAIN]) for i in range(len(said) - _AGAIN + 1))


def _nouns(text: str) -> Counter[str]:
    measures = [(q.start, q.end) for q in quantities(text)]  # "30 Milliarden bis 50 Milliarden"
    return Counter(
        stem(w.text)
        for w in words(text)
        if w.text[0].isupper()
        and len(w.text) > _SHORT
        and not any(start <= w.start < end for start, end in measures)
    )


def _is_title(quoted: str) -> bool:
    marks = tagged(quoted)
    return len(quoted.split()) <= _TITLE_WORDS and not any(w.tag.startswith("V") for w in marks)


def _flat(text: str) -> str:
    return " ".join(w.text for w in words(text)).casefold()
