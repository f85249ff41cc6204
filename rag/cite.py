"""Binding a sentence to the smallest set of places that proves it, by program.

The model's own markers are a hint that breaks ties, never the truth. Only evidence the model was
shown can be cited.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.lines import line_of
from rag.types import Article, Citation, Evidence, Statement, Verdict

Check = Callable[[str, Sequence[Evidence]], Verdict]
"""How far the given evidence, taken together, proves a sentence."""

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

    ``hints`` are 0-based places in ``evidence`` that the model named.
    """
    alone = [(check(sentence, (e,)), i) for i, e in enumerate(evidence)]
    if not alone:
        return Statement(sentence, Verdict("unsupported", 0.0, ("wording: no evidence",)), ())
    ranked = sorted(
        alone,
        key=lambda pair: (pair[0].support == "supported", pair[0].score, pair[1] in hints),
        reverse=True,
    )
    best, first = ranked[0]
    if best.support == "supported":
        chosen = [
            i for v, i in ranked if v.support == "supported" and v.score >= best.score - _ALSO
        ]
        return _statement(sentence, best, [evidence[i] for i in chosen], article)
    together = [first]
    while len(together) < _MOST_TOGETHER:
        grown = [
            (check(sentence, [evidence[j] for j in (*together, i)]), i)
            for i in range(len(evidence))
            if i not in together and _near(evidence[i], evidence[first])
        ]
        if not grown:
            break
        verdict, i = max(
            grown, key=lambda p: (p[0].support == "supported", -len(p[0].reasons), p[0].score)
        )
        together.append(i)
        if verdict.support == "supported":
            return _statement(sentence, verdict, [evidence[j] for j in sorted(together)], article)
    return Statement(sentence, best, ())


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


def _statement(
    sentence: str,
    verdict: Verdict,
    evidence: Sequence[Evidence],
    article: Callable[[str], Article],
) -> Statement:
    return Statement(
        sentence, verdict, tuple(at(article(e.article), e.start, e.end) for e in evidence)
    )
