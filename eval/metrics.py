"""One metric a function: its formula and where it comes from. Pure, on plain values.

The unit of retrieval is the line: a passage is *relevant* if it covers a proving line of the same
article. A score of a whole run is a mean or a ratio of sums over its questions (``bootstrap``).
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.float64]
Line = tuple[str, int]
"""Article id and 1-based line."""
Span = tuple[str, int, int]
"""Article id, first and last line, both 1-based and inclusive."""


def covered(span: Span, proof: Collection[Line]) -> frozenset[Line]:
    """The proving lines within a span."""
    article, first, last = span
    return frozenset(p for p in proof if p[0] == article and first <= p[1] <= last)


def hit(ranking: Sequence[Span], proof: Collection[Line], k: int) -> float:
    """hit@k (success@k): 1 if one of the first k passages is relevant, else 0."""
    return float(any(covered(span, proof) for span in ranking[:k]))


def recall(ranking: Sequence[Span], proof: Collection[Line], k: int) -> float:
    """recall@k = |proving lines within the first k passages| / |proving lines|."""
    found = frozenset().union(*(covered(span, proof) for span in ranking[:k]))
    return len(found) / len(set(proof))


def reciprocal_rank(ranking: Sequence[Span], proof: Collection[Line]) -> float:
    """1 / rank of the first relevant passage, else 0; its mean is MRR (Voorhees 1999)."""
    for rank, span in enumerate(ranking, start=1):
        if covered(span, proof):
            return 1 / rank
    return 0.0


def line_gains(ranking: Sequence[Span], proof: Collection[Line]) -> list[float]:
    """The passages read as a ranking of lines: binary gains in its order.

    A passage stands for the proving lines it is the first to cover, at one rank each, so two in one
    passage count as two. One that covers nothing new stands for one line that proves nothing.
    Where passages are single lines, as in XQuAD, this is the ranking of documents itself.
    """
    gains: list[float] = []
    seen: set[Line] = set()
    for span in ranking:
        new = covered(span, proof) - seen
        seen |= new
        gains += [1.0] * len(new) if new else [0.0]
    return gains


def ndcg(ranking: Sequence[Span], proof: Collection[Line], k: int = 10) -> float:
    """nDCG@k = DCG@k / ideal DCG@k, DCG@k = sum over ranks i <= k of gain_i / log2(i + 1).

    Järvelin and Kekäläinen 2002, binary gains by ``line_gains``; the ideal ranking has all proving
    lines first, so its DCG sums min(|proving lines|, k) ranks. In [0, 1].
    """
    ideal = sum(1 / math.log2(i + 1) for i in range(1, min(len(set(proof)), k) + 1))
    gains = line_gains(ranking, proof)[:k]
    return sum(g / math.log2(i + 1) for i, g in enumerate(gains, start=1)) / ideal


def correctness(answer: str, must: Sequence[str], must_not: Sequence[str]) -> float:
    """1 if every pattern of ``must`` and none of ``must_not`` is found, regardless of case."""
    right = all(re.search(p, answer, re.IGNORECASE) for p in must)
    wrong = any(re.search(p, answer, re.IGNORECASE) for p in must_not)
    return float(right and not wrong)


def right_citations(citations: Sequence[Span], proof: Collection[Line]) -> int:
    """How many citations cover a proving line.

    Citation precision is their share among all citations of the answerable questions; citation
    recall the share of answered answerable questions with at least one of them. After ALCE (Gao et
    al. 2023, arXiv 2305.14627), with the suite's lines in the place of an entailment model.
    """
    return sum(bool(covered(span, proof)) for span in citations)


def exact_quotes(quotes: Sequence[tuple[str, int, int, str]], texts: Mapping[str, str]) -> int:
    """How many (article, start, end, quote) are ``text[start:end] == quote``; end exclusive."""
    return sum(texts.get(a, "")[start:end] == quote != "" for a, start, end, quote in quotes)


def rate(part: Counts, whole: Counts) -> Counts:
    """part / whole, nan where whole is 0; for counts of one run or, at once, of many draws.

    Abstention precision: rightly abstained / abstained. Abstention recall: rightly abstained /
    unanswerable. Wrong abstentions: abstained / answerable.
    """
    part, whole = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    out = np.full(np.shape(part), np.nan)
    np.divide(part, whole, out=out, where=whole != 0)
    return out


def balanced_accuracy(
    abstained: Counts, unanswerable: Counts, answered: Counts, answerable: Counts
) -> Counts:
    """(abstained / unanswerable + answered / answerable) / 2, of the questions of each kind.

    Brodersen et al. 2010; 0.5 for whoever always does the same.
    """
    return (rate(abstained, unanswerable) + rate(answered, answerable)) / 2


def mcnemar(only_first: int, only_second: int) -> float:
    """Exact two-sided p-value of McNemar's test, a binomial test on the discordant pairs.

    p = min(1, 2 * sum over i <= min(b, c) of C(b + c, i) / 2^(b + c)).
    """
    n = only_first + only_second
    tail = sum(math.comb(n, i) for i in range(min(only_first, only_second) + 1))
    return min(1.0, float(2 * tail / 2**n))
