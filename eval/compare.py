"""Two runs of one suite, question by question: paired differences, flips, settings that differ."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval import bootstrap, metrics, runinfo
from eval.bootstrap import Interval
from eval.datasets import SEED
from eval.errors import EvalError
from eval.scores import METRICS, Metric, Unit, sample, score, shown

_FLIPS_OF = (
    "hit@1",
    "hit@5",
    "correct",
    "citation_recall",
    "abstention_recall",
    "wrong_abstention",
)


@dataclass(frozen=True, slots=True)
class Difference:
    """A metric in both runs over the same questions; ``change`` is second - first.

    ``better``/``worse``: questions that flipped; None where one is not simply right or wrong.
    ``p``: that there is no difference, by McNemar's exact test where questions flip, else by
    paired bootstrap; None for times and tokens, which depend on the machine or are no merit.
    ``significant``: with all scores of the comparison taken together (Holm).
    """

    metric: Metric
    first: Interval
    second: Interval
    change: Interval
    better: tuple[str, ...] | None
    worse: tuple[str, ...] | None
    p: float | None
    significant: bool = False

    @property
    def improved(self) -> bool:
        return (self.change.value > 0) == self.metric.higher_is_better


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs: names, questions both have by id, what differs in them, and all metrics."""

    first: str
    second: str
    questions: dict[str, str]
    settings: tuple[str, ...]
    differences: tuple[Difference, ...]


def compare(first: Path, second: Path) -> Comparison:
    """Compares two finished runs. EvalError if they are not of the same suite."""
    a, b = read_scores(first), read_scores(second)
    suite, other = a["run"]["suite"], b["run"]["suite"]
    if suite["sha256"] != other["sha256"]:
        raise EvalError(
            f"The runs are of different suites: {first} of {suite['path']} "
            f"({suite['sha256'][:8]}), {second} of {other['path']} ({other['sha256'][:8]})."
        )
    of_a = {row["id"]: row for row in a["questions"]}
    of_b = {row["id"]: row for row in b["questions"]}
    ids = [id for id in of_a if id in of_b]
    if not ids:
        raise EvalError(f"{first} and {second} have no question in common.")
    found = [_difference(m, [of_a[i] for i in ids], [of_b[i] for i in ids]) for m in METRICS]
    return Comparison(
        str(first),
        str(second),
        {i: of_a[i]["question"] for i in ids},
        tuple(_settings(a["run"], b["run"])),
        _judged([d for d in found if d]),
    )


def _judged(found: Sequence[Difference]) -> tuple[Difference, ...]:
    """The differences, each with whether it is significant."""
    tested = [d for d in found if d.p is not None]
    yes = bootstrap.holm([d.p for d in tested if d.p is not None])
    significant = {d.metric.name for d, real in zip(tested, yes, strict=True) if real}
    return tuple(replace(d, significant=d.metric.name in significant) for d in found)


def read_scores(folder: Path) -> dict[str, Any]:
    """The scores.json of a finished run. Raises EvalError."""
    info = runinfo.read(folder)
    path = folder / "scores.json"
    if not info["finished"] or not path.exists():
        again = f"python -m eval run {info['suite']['path']} --out {folder}"
        raise EvalError(f"{folder}: this run is not finished.", again)
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise EvalError(f"{path}: broken JSON, {error}.") from error
    return dict(found)


def _difference(
    metric: Metric, a: Sequence[dict[str, Any]], b: Sequence[dict[str, Any]]
) -> Difference | None:
    both = [
        (x, y)
        for x, y in zip(a, b, strict=True)
        if metric.columns(x) is not None or metric.columns(y) is not None
    ]
    if metric.unit == "seconds":  # a quantile needs a value from both
        both = [(x, y) for x, y in both if metric.columns(x) and metric.columns(y)]
    left, right = [x for x, _ in both], [y for _, y in both]
    first, second = score(metric, left), score(metric, right)
    if first is None or second is None:
        return None
    samples = (sample(metric, left)[0], sample(metric, right)[0])
    change, chance = bootstrap.paired(metric.statistic, *samples, SEED, len(both))
    if change is None:
        return None
    better = worse = None
    p = chance if metric.unit == "share" else None
    if metric.binary:
        good = 1.0 if metric.higher_is_better else 0.0
        better = tuple(
            y["id"] for x, y in both if _is(metric, x, 1 - good) and _is(metric, y, good)
        )
        worse = tuple(y["id"] for x, y in both if _is(metric, x, good) and _is(metric, y, 1 - good))
        p = metrics.mcnemar(len(better), len(worse))
    return Difference(metric, first, second, change, better, worse, p)


def _is(metric: Metric, row: dict[str, Any], value: float) -> bool:
    columns = metric.columns(row)
    return columns is not None and columns[0] == value


def _settings(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    """What differs between the runs apart from their answers."""
    found = runinfo.distractor_differences(a, b)
    found += runinfo.setting_differences(a["settings"], b["settings"])
    for key in ("system", "retrieval_only", "limit", "model", "index_version", "code", "commit"):
        if a.get(key) != b.get(key):
            found.append(f"{key} was {a.get(key)!r} and is {b.get(key)!r}")
    machines = {
        key: (a["machine"].get(key), b["machine"].get(key))
        for key in ("processor", "threads", "packages")
    }
    found += [f"{k} was {x!r} and is {y!r}" for k, (x, y) in machines.items() if x != y]
    return found


def text(found: Comparison) -> str:
    """The comparison as Markdown."""
    lines = [
        f"A: {found.first}",
        f"B: {found.second}",
        f"{len(found.questions)} questions in both. B - A with paired 95 % bootstrap interval.",
        "",
        "| | A | B | B - A | | better | worse | p | |",
        "|---|---:|---:|---:|---|---:|---:|---:|---|",
        *(_line(d) for d in found.differences),
        "",
        *_verdict(found.differences),
        "",
        "Settings that differ:" if found.settings else "No setting differs.",
        *(f"- {s}" for s in found.settings),
    ]
    for difference in found.differences:
        if difference.metric.name in _FLIPS_OF:
            for what, ids in (("better", difference.better), ("worse", difference.worse)):
                if ids:
                    lines += ["", f"{difference.metric.label}, {what} in B:"]
                    lines += [f"- {id}: {found.questions[id]}" for id in ids]
    return "\n".join(lines)


def _line(d: Difference) -> str:
    unit = d.metric.unit
    interval = f"{_signed(d.change.low, unit)} to {_signed(d.change.high, unit)}"
    flips = ("", "") if d.better is None else (str(len(d.better)), str(len(d.worse or ())))
    p = "" if d.p is None else f"{d.p:.3f}" if d.p >= 0.001 else "< 0.001"
    mark = "" if not d.significant else "better" if d.improved else "**worse**"
    values = (shown(d.first.value, unit), shown(d.second.value, unit))
    cells = (d.metric.label, *values, _signed(d.change.value, unit), interval, *flips, p, mark)
    return f"| {' | '.join(cells)} |"


def _verdict(differences: Sequence[Difference]) -> list[str]:
    """In words: which scores changed significantly, and which way."""
    found = []
    for good, word in ((False, "worse"), (True, "better")):
        names = [d.metric.label for d in differences if d.significant and d.improved == good]
        if names:
            found.append(f"Significantly {word} in B: {', '.join(names)}.")
    tested = sum(d.p is not None for d in differences)
    how = f"(p < 0.05, {tested} scores tested together by Holm's procedure; times are not tested)"
    return [*(found or ["No significant difference."]), how]


def _signed(value: float, unit: Unit) -> str:
    """A difference: shares in percentage points."""
    size = f"{100 * abs(value):.1f}" if unit == "share" else shown(abs(value), unit)
    return f"{'-' if value < 0 else '+'}{size}{' pp' if unit == 'share' else ''}"
