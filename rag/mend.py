"""A sentence with a wrong unit or a misspelt name, mended with the source's own words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from rag.names import named, names
from rag.quantities import quantities, says

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
