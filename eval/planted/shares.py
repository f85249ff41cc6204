"""Verdicts on planted sentences -> shares with intervals: by kind, by check, by what changed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.scores import shown

FILE = "planted.json"

_Z = 1.959964  # of a 95 % interval

GROUPS: Mapping[str, tuple[str, ...]] = {
    "number": ("numbers", "number respelled", "date respelled"),
    "unit": ("units", "unit respelled"),
    "name": ("names", "roles", "surname only", "title left out"),
    "quotation": ("quotes", "other quotation marks"),
    "negation": ("negation", "denial kept"),
}
"""What is changed, as a reader sees it: checks of false sentences, kinds of true ones."""

OTHERS, ALL = "other", "all"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A planted sentence with the verdicts: ``alone`` and ``beside`` hold support and reasons."""

    check: str
    kind: str
    true: bool
    sentence: str
    source: str
    article: str
    line: int
    alone: tuple[str, ...]
    beside: tuple[str, ...]
    proof: tuple[str, ...]
    """What was cited when it was shown beside other evidence."""

    def right(self, verdict: Sequence[str]) -> bool:
        return (verdict[0] == "supported") == self.true


def summary(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """Right verdicts by kind and by check, with 95 % intervals, and what caught the false ones."""
    rows: list[dict[str, Any]] = []
    for true in (False, True):
        of = [o for o in outcomes if o.true == true]
        for check in dict.fromkeys(o.check for o in of):
            group = [o for o in of if o.check == check]
            kinds = list(dict.fromkeys(o.kind for o in group))
            rows += [_row(check, k, [o for o in group if o.kind == k]) for k in kinds]
            if len(kinds) > 1:
                rows.append(_row(check, "", group))
    return rows


def groups(outcomes: Sequence[Outcome]) -> list[dict[str, Any]]:
    """The same by what was changed (``GROUPS``), and over all, false ones first."""
    rows = []
    for true in (False, True):
        of = [o for o in outcomes if o.true == true]
        for name in (*GROUPS, OTHERS):
            group = [o for o in of if group_of(o.check, o.kind) == name]
            rows += [_row(name, "", group)] if group else []
        rows += [_row(ALL, "", of)] if of else []
    return rows


def group_of(check: str, kind: str) -> str:
    """The group of a kind of sentence."""
    return next((g for g, parts in GROUPS.items() if check in parts or kind in parts), OTHERS)


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927): sound for shares near 0 and 1 too."""
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Markdown: one line a kind, false sentences caught, true sentences passed."""
    lines = []
    for true, head in ((False, "false: caught"), (True, "true: passed")):
        lines += [
            f"| {head} | kind | n | own sentence alone | with six more | reasons given |",
            "|---|---|---:|---:|---:|---|",
        ]
        for row in rows:
            if row["true"] != true:
                continue
            kind = row["kind"] or "**all**"
            cells = [row["check"], kind, row["n"], cell(row["alone"]), cell(row["beside"])]
            lines.append(f"| {' | '.join(str(c) for c in cells)} | {row['reasons']} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def published(kept: Mapping[str, Any]) -> str:
    """Markdown for a reader: right verdicts by what was changed, and what they were measured on."""
    lines = [
        "| | sentences | own sentence alone | with six more |",
        "|---|---:|---:|---:|",
    ]
    for true, head in ((False, "false, caught"), (True, "true, let through")):
        lines += [
            f"| {head}: {row['check']} | {row['n']} | {cell(row['alone'])} "
            f"| {cell(row['beside'])} |"
            for row in kept["groups"]
            if row["true"] == true
        ]
    return "\n".join([*lines, "", f"{about(kept)}."])


def about(found: Mapping[str, Any]) -> str:
    """In one line: sources, sentences a kind, seed, commit, day."""
    parts = [
        " and ".join(found["sources"]),
        f"{found['articles']} articles",
        f"up to {found['limit']} sentences of each kind",
        f"seed {found['seed']}",
        f"commit {found['commit'] or 'unknown'}",
        found["date"][:10],
    ]
    return ", ".join(parts)


def cell(share: Mapping[str, float]) -> str:
    """A share with its interval."""
    value, low, high = percents(share)
    return f"{value} ({low} to {high})"


def percents(share: Mapping[str, float]) -> tuple[str, str, str]:
    """Value, low, high; the value with two decimals where one would round it to all or none."""
    value, low, high = (shown(share[k], "share") for k in ("value", "low", "high"))
    if value in ("0.0 %", "100.0 %") and share["value"] not in (0, 1):
        value = f"{100 * share['value']:.2f} %"
    return value, low, high


def _row(check: str, kind: str, of: Sequence[Outcome]) -> dict[str, Any]:
    n = len(of)
    row: dict[str, Any] = {"check": check, "kind": kind, "true": of[0].true, "n": n}
    for name, hits in (
        ("alone", sum(o.right(o.alone) for o in of)),
        ("beside", sum(o.right(o.beside) for o in of)),
    ):
        low, high = wilson(hits, n)
        row[name] = {"value": hits / n, "low": low, "high": high}
    # The first word of a reason names the check: "number: 12", "wording: ...".
    reasons = Counter(w for o in of for w in {r.partition(":")[0] for r in o.beside[1:]})
    row["reasons"] = ", ".join(f"{name} {count}" for name, count in reasons.most_common())
    return row
