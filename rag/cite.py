"""Binding a sentence to the smallest set of places that proves it, by program.

The model's own markers are a hint that breaks ties, never the truth. Only evidence the model was
shown can be cited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.lines import line_of
from rag.types import Article, Citation, Evidence, Statement, Verdict

Check = Callable[[str, Sequence[Evidence], bool], Verdict]
"""How far the given evidence, taken together, proves a sentence; the last argument says whether
what stands before it in its paragraph may explain its names ("Diese Initiative ...")."""

_Proof = tuple[Verdict, list[int]]  # the verdict, and the places in the evidence it rests on

_MOST_TOGETHER = 3  # places that one sentence may need together
_NEAR_CHARS = 250  # between two places that may prove a sentence together
_ALSO = 0.05  # another place is cited too if it proves the sentence nearly as well


def bind(
    sentence: str,
    evidence: Sequence[Evidence],
    hints: Sequence[int],
    check: Check,
    article: Callable[[str], Article],
) -> Statement:
    """The sentence with its verdict and its citations (none if it is not supported).

    Tried in this order: one place alone, several places near each other, one place with what
    stands before it and was not shown. ``hints`` are 0-based places in ``evidence`` that the
    model named.
    """
    if not evidence:
        return Statement(sentence, Verdict("unsupported", 0.0, ("wording: no evidence",)), ())
    alone = _ranked([(check(sentence, (e,), False), i) for i, e in enumerate(evidence)], hints)
    found = _supported(alone) or _together(sentence, evidence, alone[0][1], check)
    if not found:
        leaning = [(check(sentence, (e,), True), i) for i, e in enumerate(evidence)]
        found = _supported(_ranked(leaning, hints))
    if not found:
        return Statement(sentence, alone[0][0], ())
    verdict, places = found
    pieces = [evidence[i] for i in places]
    citations = tuple(at(article(e.article), e.start, e.end) for e in pieces)
    return Statement(sentence, verdict, citations)


def _ranked(
    verdicts: Sequence[tuple[Verdict, int]], hints: Sequence[int]
) -> list[tuple[Verdict, int]]:
    return sorted(
        verdicts,
        key=lambda pair: (pair[0].support == "supported", pair[0].score, pair[1] in hints),
        reverse=True,
    )


def _supported(ranked: Sequence[tuple[Verdict, int]]) -> _Proof | None:
    """The places that prove the sentence alone, about as well as the best of them."""
    best = ranked[0][0]
    if best.support != "supported":
        return None
    also = best.score - _ALSO
    return best, [i for v, i in ranked if v.support == "supported" and v.score >= also]


def _together(
    sentence: str, evidence: Sequence[Evidence], first: int, check: Check
) -> _Proof | None:
    """The fewest places around the best one that prove the sentence together; else none."""
    chosen = [first]
    while len(chosen) < _MOST_TOGETHER:
        grown = [
            (check(sentence, [evidence[j] for j in (*chosen, i)], False), i)
            for i in range(len(evidence))
            if i not in chosen and _near(evidence[i], evidence[first])
        ]
        if not grown:
            return None
        verdict, i = max(
            grown, key=lambda p: (p[0].support == "supported", -len(p[0].reasons), p[0].score)
        )
        chosen.append(i)
        if verdict.support == "supported":
            return verdict, sorted(chosen)
    return None


def _near(one: Evidence, other: Evidence) -> bool:
    """Whether two places may prove a sentence together. Facts from far apart are about different
    things: "A has 140" must not follow from "A ..." here and "B has 140" there."""
    apart = max(one.start, other.start) - min(one.end, other.end)
    return one.article == other.article and apart <= _NEAR_CHARS


def at(article: Article, start: int, end: int) -> Citation:
    """The citation of a place, its quote re-read from the article."""
    return Citation(
        article.id,
        line_of(article.text, start),
        line_of(article.text, max(start, end - 1)),
        start,
        end,
        article.text[start:end],
    )
