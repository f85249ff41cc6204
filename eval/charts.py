"""Which plots a report shows, from the rows of a run."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from eval.plots import Bar, Line, bars, histogram, steps
from eval.scores import METRICS, Row, score

_BY_NAME = {m.name: m for m in METRICS}
_STEPS = 101


def figures(rows: Sequence[Row]) -> str:
    """The plots, each with its caption, as far as the run has something to show."""
    answered = any("answered" in row.record for row in rows)
    found = [_by_type(rows, answered), _threshold(rows, answered), _latency(rows, answered)]
    return "".join(
        f"<figure><figcaption>{escape(caption)}</figcaption>{svg}</figure>"
        for caption, svg in found
        if svg
    )


def _by_type(rows: Sequence[Row], answered: bool) -> tuple[str, str]:
    items = []
    for kind in dict.fromkeys(row.question.type for row in rows):
        measures = [row.measures for row in rows if row.question.type == kind]
        # Of the first metric that says anything about this kind of question.
        for name, css in (("correct", "a"), ("wrong_abstention", "c"), ("abstention_recall", "b")):
            found = score(_BY_NAME[name if answered else "hit@5"], measures)
            if found and name == "wrong_abstention" and answered:
                items.append(
                    Bar(kind, 1 - found.value, 1 - found.high, 1 - found.low, found.n, css)
                )
            elif found:
                items.append(Bar(kind, found.value, found.low, found.high, found.n, css))
            if found:
                break
    caption = (
        "Right answers by kind of question; for unanswerable ones, right abstentions"
        if answered
        else "hit@5 by kind of question"
    )
    if items and all(bar.css != "a" for bar in items):
        caption = "Answered, or rightly abstained from, by kind of question"
    return caption, bars(items) if items else ""


def _threshold(rows: Sequence[Row], answered: bool) -> tuple[str, str]:
    """How right the answers are that remain if all below a threshold were withheld.

    The threshold is on the support score; where that is the same for all answers (quotes always
    prove themselves), and without answers, on the score of the best passage.
    """
    judged = [j for row in rows if (j := _judged(row, answered))]
    by_support = len({support for _, support, _ in judged}) > 1
    judged = [(s if by_support else p, s, right) for p, s, right in judged]
    what = "support score" if by_support else "best passage's score"
    caption = (
        f"Right among the answers given, if those with a lower {what} were withheld"
        if answered
        else "hit@1 among the questions whose best passage scores at least this"
    )
    if not judged:
        return caption, ""
    confidence_of = np.array([c for c, _, _ in judged])
    right_of = np.array([r for _, _, r in judged])
    precision, coverage = [], []
    for threshold in np.linspace(0, 1, _STEPS):
        kept = confidence_of >= threshold
        coverage.append((float(threshold), float(kept.sum() / len(rows))))
        if kept.any():
            precision.append((float(threshold), float(right_of[kept].mean())))
    lines = [
        Line("right among those kept", tuple(precision), "a"),
        Line("kept, of all questions", tuple(coverage), "b"),
    ]
    return caption, steps(lines, "threshold")


def _judged(row: Row, answered: bool) -> tuple[float, float, float] | None:
    """Score of the best passage, support score, and whether it is right; None: nothing is said."""
    passages = row.record["passages"]
    best = float(passages[0]["score"]) if passages else 0.0
    if not answered:
        hit = row.measures["hit@1"]
        return None if hit is None else (best, 0.0, hit)
    support = row.measures["confidence"]
    if support is None:
        return None
    right = row.measures["correct"]
    return best, support, float(row.question.answerable) if right is None else right


def _latency(rows: Sequence[Row], answered: bool) -> tuple[str, str]:
    name = "total_seconds" if answered else "search_seconds"
    values = [v for row in rows if (v := row.measures[name]) is not None]
    if not values or max(values) <= 0:
        return "", ""
    factor, unit = (1.0, "seconds") if max(values) >= 1 else (1000.0, "milliseconds")
    values = [factor * v for v in values]
    marks = [
        (f"p{p} {np.percentile(values, p):.3g}", float(np.percentile(values, p))) for p in (50, 95)
    ]
    return ("Time to the whole answer" if answered else "Time of a search"), histogram(
        values, unit, marks
    )
