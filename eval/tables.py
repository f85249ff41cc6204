"""The tables of README.md, written from eval/results/*.json, so that no number is copied by hand.

``<!-- table:NAME -->`` ... ``<!-- /table -->`` holds the table of NAME.json; several names, as in
``table:full lexical dense``, stand side by side. ``table:beside`` is the other half of bench.json,
empty if that was measured without the plain pipeline. Planted sentences have a table of their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval import runinfo
from eval.errors import EvalError
from eval.planted import shares
from eval.scores import METRICS, shown

RESULTS = Path("eval") / "results"
BESIDE = "beside"

_MARKED = re.compile(r"(<!-- table:([\w. -]+?) -->\n)(.*?)(<!-- /table -->)", re.DOTALL)
_OPENING = re.compile(r"<!-- table:")


def update(readme: Path, results: Path, write: bool) -> list[str]:
    """Writes the tables anew; the names of those that changed. EvalError names what is missing."""
    try:
        text = readme.read_text(encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{readme}: cannot be read ({error.strerror}).") from error
    if len(_OPENING.findall(text)) != len(_MARKED.findall(text)):
        raise EvalError(f"{readme}: a table marker is not closed by <!-- /table -->.")
    changed: list[str] = []

    def fresh(match: re.Match[str]) -> str:
        table = table_of(match[2].split(), results)
        table += "\n" if table else ""
        if table != match[3]:
            changed.append(match[2])
        return f"{match[1]}{table}{match[4]}"

    after = _MARKED.sub(fresh, text)
    if write and changed:
        readme.write_text(after, encoding="utf-8")
    return changed


def table_of(names: Sequence[str], results: Path) -> str:
    """The table of one results file, or of several runs side by side."""
    if list(names) == [BESIDE]:
        return beside_table(_read(results / "bench.json"))
    read = [_read(results / f"{name}.json") for name in names]
    if len(read) == 1 and "figures" in read[0]:
        return bench_table(read[0])
    if len(read) == 1 and "groups" in read[0]:
        return shares.published(read[0])
    if any("scores" not in each for each in read):
        raise EvalError(f"{results}: {' '.join(names)} are not all scores of runs.")
    return scores_table(read, names)


def add(addition: str, results: Path) -> Path:
    """Keeps the figures of a finished run, or of planted sentences, as a results file.

    Without the questions and sentences: those may not be ours to publish.
    """
    name, _, folder = addition.partition("=")
    if not re.fullmatch(r"[\w.-]+", name) or not folder:
        raise EvalError(f"--add takes NAME=RUN, not {addition!r}.")
    planted = Path(folder) / shares.FILE
    kept = _read(planted) if planted.is_file() else _scores(Path(folder))
    results.mkdir(parents=True, exist_ok=True)
    path = results / f"{name}.json"
    runinfo.write(path, {k: v for k, v in kept.items() if k not in ("questions", "sentences")})
    return path


def scores_table(runs: Sequence[dict[str, Any]], names: Sequence[str] = ()) -> str:
    """One run: value, interval and number of questions. Several: their values side by side."""
    if len(runs) == 1:
        return _one(runs[0])
    lines = [f"| | {' | '.join(names)} |", f"|---|{'---:|' * len(runs)}"]
    for metric in METRICS:
        found = [run["scores"].get(metric.name) for run in runs]
        if any(found):
            cells = [shown(f["value"], metric.unit) if f else "–" for f in found]
            lines.append(f"| {metric.label} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _scores(folder: Path) -> dict[str, Any]:
    scores = _read(folder / "scores.json")
    if "scores" not in scores:
        raise EvalError(f"{folder}: not a run.")
    for data in (scores["run"]["suite"], scores["run"].get("distractors")):
        if data and Path(data["path"]).is_absolute():  # where data lay is nobody's business
            data["path"] = Path(data["path"]).name
    return scores


def _one(run: dict[str, Any]) -> str:
    lines = ["| | value | 95 % interval | questions |", "|---|---:|---:|---:|"]
    for metric in METRICS:
        found = run["scores"].get(metric.name)
        if found:
            value, low, high = (shown(found[k], metric.unit) for k in ("value", "low", "high"))
            lines.append(f"| {metric.label} | {value} | {low} to {high} | {found['n']} |")
    about = run["run"]
    lines += ["", f"{about_run(about)}."]
    return "\n".join(lines)


def about_run(about: dict[str, Any]) -> str:
    """In one line: suite, system, model, commit, machine, day."""
    machine = about["machine"]
    parts = [
        f"{about['suite']['name']}, {about['questions']} questions",
        "retrieval only" if about["retrieval_only"] else about["model"],
        *([] if about["system"] == "full" else [f"system {about['system']}"]),
        f"commit {about['commit'] or 'unknown'}",
        f"{machine['threads']} threads of {machine['processor'] or 'an unknown processor'}",
        about["started"][:10],
    ]
    return ", ".join(parts)


def bench_table(bench: dict[str, Any]) -> str:
    """The figures of a benchmark, one a line."""
    lines = ["| | | |", "|---|---:|---|"]
    for figure in bench["figures"]:
        lines.append(f"| {figure['what']} | {_valued(figure, 'value')} | {figure['how']} |")
    return "\n".join([*lines, "", _about_bench(bench)])


def beside_table(bench: dict[str, Any]) -> str:
    """The program and the plain pipeline of one benchmark; empty if there was none."""
    if not bench.get(BESIDE):
        return ""
    lines = ["| | Zeilentreu | plain | plain / Zeilentreu | |", "|---|---:|---:|---:|---|"]
    for row in bench[BESIDE]:
        ours, plain = row["ours"], row["plain"]
        ratio = f"{plain / ours:.2f}" if row["ratio"] and ours and plain is not None else ""
        values = " | ".join(_valued(row, side) for side in ("ours", "plain"))
        lines.append(f"| {row['what']} | {values} | {ratio} | {row['how']} |")
    return "\n".join([*lines, "", _about_bench(bench)])


def _valued(row: dict[str, Any], key: str) -> str:
    if row[key] is None:
        return "–"
    return f"{row[key]:,.{row['digits']}f} {row['unit']}".replace(",", " ")


def _about_bench(bench: dict[str, Any]) -> str:
    machine = bench["machine"]
    return (
        f"{machine['threads']} threads of {machine['processor'] or 'an unknown processor'}, "
        f"{bench['model']}, commit {bench['commit'] or 'unknown'}, {bench['date'][:10]}."
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise EvalError(f"{path}: cannot be read ({error.strerror}).") from error
    except ValueError as error:
        raise EvalError(f"{path}: broken JSON, {error}.") from error
    if not isinstance(found, dict):
        raise EvalError(f"{path}: not a JSON object.")
    return found
