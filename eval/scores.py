"""The scores of a run: a table of metrics over the measures of its questions, with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np

from eval import bootstrap
from eval.bootstrap import Array, Interval, Statistic
from eval.datasets import SEED
from eval.measures import FAILURES, Measures, Record, failure, measure
from eval.suite import Question

Unit = Literal["share", "seconds", "tokens"]
Columns = Callable[[Measures], tuple[float, ...] | None]


@dataclass(frozen=True, slots=True)
class Metric:
    """A score: what it counts of a question (None: nothing) and how a sample of that is summed up.

    ``binary``: each question is 0 or 1, so that flips can be counted.
    """

    name: str
    label: str
    group: str
    unit: Unit
    higher_is_better: bool
    columns: Columns
    statistic: Statistic
    binary: bool = False


def _mean(name: str, only: str | None = None) -> Columns:
    def columns(m: Measures) -> tuple[float, ...] | None:
        value = m.get(name)
        return None if value is None or (only and not m[only]) else (value, 1.0)

    return columns


def _share(part: str, whole: str) -> Columns:
    def columns(m: Measures) -> tuple[float, ...] | None:
        a, b = m.get(part), m.get(whole)
        return (a, b) if a is not None and b else None

    return columns


def _abstention_precision(m: Measures) -> tuple[float, ...] | None:
    return (1.0 - (m["answerable"] or 0.0), 1.0) if m.get("abstained") else None


def _abstention_recall(m: Measures) -> tuple[float, ...] | None:
    return None if m.get("answerable") != 0 else (m["abstained"] or 0.0, 1.0)


def _balanced(m: Measures) -> tuple[float, ...] | None:
    abstained = m.get("abstained")
    if abstained is None:
        return None
    return (0.0, 0.0, 1 - abstained, 1.0) if m["answerable"] else (abstained, 1.0, 0.0, 0.0)


def _value(name: str) -> Columns:
    def columns(m: Measures) -> tuple[float, ...] | None:
        value = m.get(name)
        return None if value is None else (value,)

    return columns


def _is(name: str, label: str, group: str, columns: Columns) -> Metric:
    """A share of questions, each of which is right or wrong."""
    return Metric(name, label, group, "share", True, columns, bootstrap.ratio, binary=True)


def _of(name: str, label: str, group: str, columns: Columns) -> Metric:
    """A share that is not simply one of questions."""
    return Metric(name, label, group, "share", True, columns, bootstrap.ratio)


def _times(name: str, label: str) -> tuple[Metric, Metric]:
    half, most = (
        Metric(
            f"{name}_p{round(100 * q)}",
            f"{label}, p{round(100 * q)}",
            "Time",
            "seconds",
            False,
            _value(name),
            bootstrap.quantile(q),
        )
        for q in (0.5, 0.95)
    )
    return half, most


def _tokens(name: str, label: str) -> Metric:
    return Metric(name, label, "Tokens", "tokens", False, _mean(name), bootstrap.ratio)


_R, _A, _N = "Retrieval", "Answers", "Abstention"
METRICS: tuple[Metric, ...] = (
    _is("hit@1", "hit@1", _R, _mean("hit@1")),
    _is("hit@3", "hit@3", _R, _mean("hit@3")),
    _is("hit@5", "hit@5", _R, _mean("hit@5")),
    _of("recall@5", "recall@5", _R, _mean("recall@5")),
    _of("recall@10", "recall@10", _R, _mean("recall@10")),
    _of("mrr", "MRR", _R, _mean("reciprocal_rank")),
    _of("ndcg@10", "nDCG@10", _R, _mean("ndcg@10")),
    _is("correct", "right answers", _A, _mean("correct")),
    _of("citation_precision", "citation precision", _A, _share("right_citations", "citations")),
    _is("citation_recall", "citation recall", _A, _mean("cited_right")),
    _of("support", "supported statements", _A, _share("supported", "statements")),
    _of("exact_quotes", "quotes equal to the article", _A, _share("exact_quotes", "citations")),
    Metric(
        "balanced_accuracy", "balanced accuracy", _N, "share", True, _balanced, bootstrap.balanced
    ),
    _of("abstention_precision", "abstention precision", _N, _abstention_precision),
    _is("abstention_recall", "abstention recall", _N, _abstention_recall),
    Metric(
        "wrong_abstention",
        "wrong abstentions",
        _N,
        "share",
        False,
        _mean("abstained", only="answerable"),
        bootstrap.ratio,
        binary=True,
    ),
    *_times("search_seconds", "search"),
    *_times("first_token_seconds", "first token"),
    *_times("total_seconds", "whole answer"),
    _tokens("prompt_tokens", "tokens read, mean"),
    _tokens("completion_tokens", "tokens written, mean"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One question with its answer and all it measures."""

    question: Question
    record: Record
    measures: Measures
    failure: str


def rows(
    questions: Sequence[Question], records: Mapping[str, Record], texts: Mapping[str, str]
) -> tuple[Row, ...]:
    """A row for each question, in the suite's order; KeyError if one has no answer."""
    found = []
    for question in questions:
        record = records[question.id]
        measures = measure(question, record, texts)
        found.append(Row(question, record, measures, failure(question, measures)))
    return tuple(found)


def sample(metric: Metric, measures: Sequence[Measures]) -> tuple[Array, int]:
    """The metric's columns, shape (questions, columns), and how many questions say something.

    A question with nothing to say is a row of zeros; a quantile cannot have those, so there it is
    left out.
    """
    found = [metric.columns(m) for m in measures]
    counted = [f for f in found if f is not None]
    width = len(counted[0]) if counted else 1
    kept = counted if width == 1 else [f or (0.0,) * width for f in found]
    return np.array(kept, dtype=np.float64).reshape(len(kept), width), len(counted)


def score(metric: Metric, measures: Sequence[Measures]) -> Interval | None:
    """The metric over these questions with its 95 % interval; None if none says anything."""
    values, counted = sample(metric, measures)
    return bootstrap.interval(metric.statistic, values, SEED, counted) if counted else None


def scores_json(found: Sequence[Row]) -> dict[str, Any]:
    """What scores.json holds: all scores, those by type, how questions ended, each question."""
    types = dict.fromkeys(row.question.type for row in found)
    return {
        "scores": _scores([r.measures for r in found]),
        "by_type": {
            t: {
                "n": len(of := [r.measures for r in found if r.question.type == t]),
                **_scores(of, ("hit@1", "hit@5", "ndcg@10", "correct", "abstention_recall")),
            }
            for t in types
        },
        "endings": {f: n for f in FAILURES if (n := sum(r.failure == f for r in found))},
        "questions": [
            {
                "id": r.question.id,
                "type": r.question.type,
                "question": r.question.question,
                "ending": r.failure,
                **{k: v if v is None else round(v, 6) for k, v in r.measures.items()},
            }
            for r in found
        ],
    }


def _scores(
    measures: Sequence[Measures], names: Sequence[str] | None = None
) -> dict[str, dict[str, float] | None]:
    found = {m.name: score(m, measures) for m in METRICS if names is None or m.name in names}
    return {name: asdict(each) if each else None for name, each in found.items()}


def shown(value: float, unit: Unit) -> str:
    """A value as tables print it: shares in percent, seconds and tokens with three digits."""
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "seconds":
        return f"{value:.2f} s" if value >= 0.1 else f"{1000 * value:.0f} ms"
    return f"{value:.0f}"
