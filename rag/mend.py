"""A sentence in the source's own words: a wrong unit or a misspelt name mended, a number spelt as
it is spelt there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from rag.german import stem
from rag.names import named, names
from rag.number_words import number_word
from rag.quantities import Quantity, quantities, says

_SHORT = 4  # letters; shorter names are too alike
_ALIKE = 0.8  # Ratcliff/Obershelp similarity of a misspelt name to the one that was meant


def mended(sentence: str, sources: Sequence[str]) -> Iterator[str]:
    """The sentence with its numbers and names as each source spells them.

    A number is changed where a source has the same value in another unit ("7,7 Milliarden Euro"
    where it says Dollar), a name where a source has one that is nearly the same. Whether the
    result is proven is for the check to say.
    """
    for source in sources:
        changed = _names(_numbers(sentence, source), source)
        if changed != sentence:
            yield changed


def respelt(sentence: str, sources: Sequence[str]) -> str:
    """The sentence with its numbers as the sources spell them: "6 Preise" becomes "sechs Preise"
    where only that stands there. A unit keeps the case that the sentence gave it."""
    there = [q for source in sources for q in quantities(source) if q.value is not None]
    for claim in reversed(quantities(sentence)):  # from the end, so that offsets stay true
        same = [q for q in there if (q.value, q.unit) == (claim.value, claim.unit)]
        if not same or any(_spelt(q) == _spelt(claim) for q in same):
            continue
        text = _with_unit_of(claim, same[0].text)
        if number_word(text.partition(" ")[0]) is not None:  # it may begin a sentence
            first = str.lower if sentence[: claim.start].strip() else str.upper
            text = first(text[0]) + text[1:]
        sentence = sentence[: claim.start] + text + sentence[claim.end :]
    return sentence


def _spelt(quantity: Quantity) -> tuple[str, ...]:
    """What makes the spelling: "fünf Jahren" is spelt as "fünf Jahre" is."""
    return tuple(stem(word) for word in quantity.text.split())


def _with_unit_of(claim: Quantity, text: str) -> str:
    """ "fünf Jahre" for the claim "5 Jahren": "fünf Jahren"."""
    *number, unit = text.split()
    own = claim.text.split()[-1]
    return " ".join((*number, own)) if number and stem(unit) == stem(own) else text


def _numbers(sentence: str, source: str) -> str:
    there = quantities(source)
    for claim in reversed(quantities(sentence)):  # from the end, so that offsets stay true
        if claim.value is None or any(says(q, claim) for q in there):
            continue
        same = [q for q in there if q.value == claim.value]
        if same:
            sentence = sentence[: claim.start] + same[0].text + sentence[claim.end :]
    return sentence


def _names(sentence: str, source: str) -> str:
    there = {name for name in names(source) if len(name) > _SHORT}
    for name in reversed(named(sentence)):
        if name.text in source or len(name.text) <= _SHORT:
            continue
        close = get_close_matches(name.text, there, n=1, cutoff=_ALIKE)
        if close:
            sentence = sentence[: name.start] + close[0] + sentence[name.end :]
    return sentence
