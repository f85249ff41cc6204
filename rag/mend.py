"""A sentence whose number has the wrong unit, mended with the source's own words for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.quantities import quantities, says


def mended(sentence: str, sources: Sequence[str]) -> Iterator[str]:
    """The sentence with its numbers as each source spells them, where a source has the same value
    in another unit ("7,7 Milliarden Euro" where it says Dollar). Whether the result is proven is
    for the check to say."""
    for source in sources:
        there = quantities(source)
        changed = sentence
        for claim in reversed(quantities(sentence)):  # from the end, so that offsets stay true
            if claim.value is None or any(says(q, claim) for q in there):
                continue
            same = [q for q in there if q.value == claim.value]
            if same:
                changed = changed[: claim.start] + same[0].text + changed[claim.end :]
        if changed != sentence:
            yield changed
