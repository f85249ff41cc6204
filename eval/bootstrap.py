"""Intervals by resampling the questions (percentile bootstrap, Efron and Tibshirani 1993).

A sample has shape (questions, columns); a statistic takes (..., questions, columns) and gives
(...), so that all draws are computed at once. A question with nothing to say has zeros in its row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eval import metrics

Array = NDArray[np.float64]
Statistic = Callable[[Array], Array]

DRAWS = 2000
LEVEL = 0.95
_CELLS = 4_000_000  # drawn values held at once: 32 MB


@dataclass(frozen=True, slots=True)
class Interval:
    """A value with its 95 % interval; ``n`` questions are behind it."""

    value: float
    low: float
    high: float
    n: int


def ratio(sample: Array) -> Array:
    """Sum of column 0 / sum of column 1; nan where that is 0."""
    sums = sample.sum(axis=-2)
    return metrics.rate(sums[..., 0], sums[..., 1])


def balanced(sample: Array) -> Array:
    """Balanced accuracy of the sums of the four columns."""
    sums = sample.sum(axis=-2)
    return metrics.balanced_accuracy(*(sums[..., i] for i in range(4)))


def quantile(q: float) -> Statistic:
    """The q-quantile of column 0, linear between neighbours."""

    def statistic(sample: Array) -> Array:
        return np.asarray(np.quantile(sample[..., 0], q, axis=-1), dtype=np.float64)

    return statistic


def interval(statistic: Statistic, sample: Array, seed: int, counted: int) -> Interval | None:
    """Value and interval; None where there is nothing to compute it from."""
    value = float(statistic(sample)) if len(sample) else float("nan")
    if not np.isfinite(value):
        return None
    low, high = _percentiles(_draws(statistic, (sample,), seed)[0])
    return Interval(value, low, high, counted)


def paired(
    statistic: Statistic, first: Array, second: Array, seed: int, counted: int
) -> tuple[Interval | None, float]:
    """The paired difference with its interval, and the two-sided p-value of "no difference".

    p: twice the share of draws on the far side of zero (percentile bootstrap turned round, Efron
    and Tibshirani 1993, chapter 15.4), at least 2 / (DRAWS + 1), so a small p is never made up.
    """
    if not len(first):
        return None, 1.0
    value = float(statistic(second)) - float(statistic(first))
    if not np.isfinite(value):
        return None, 1.0
    a, b = _draws(statistic, (first, second), seed)
    change = (b - a)[np.isfinite(b - a)]
    far = min((change <= 0).sum(), (change >= 0).sum())
    p = min(1.0, 2.0 * float(far + 1) / (len(change) + 1))
    return Interval(value, *_percentiles(change), counted), p


def holm(p_values: Sequence[float], level: float = 1 - LEVEL) -> list[bool]:
    """Which of several tests are significant together: Holm's step-down procedure (1979).

    The chance that any of those that are called significant is none stays below ``level``.
    """
    order = sorted(range(len(p_values)), key=lambda i: p_values[i])
    found = [False] * len(p_values)
    for rank, i in enumerate(order):
        if p_values[i] > level / (len(p_values) - rank):
            break
        found[i] = True
    return found


def _draws(statistic: Statistic, samples: tuple[Array, ...], seed: int) -> list[Array]:
    """The statistic of DRAWS samples with replacement; all ``samples`` share the rows drawn."""
    n = len(samples[0])
    width = max(s.shape[1] for s in samples)
    step = max(1, _CELLS // (n * width))
    random = np.random.default_rng(seed)
    parts: list[list[Array]] = [[] for _ in samples]
    for at in range(0, DRAWS, step):
        rows = random.integers(0, n, size=(min(step, DRAWS - at), n))
        for part, sample in zip(parts, samples, strict=True):
            part.append(statistic(sample[rows]))
    return [np.concatenate(part) for part in parts]


def _percentiles(values: Array) -> tuple[float, float]:
    """The middle 95 %; a draw that has no value (no unanswerable question in it) is left out."""
    values = values[np.isfinite(values)]
    tail = (1 - LEVEL) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return float(low), float(high)
