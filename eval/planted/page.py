"""planted.html: the rates of planted sentences and examples of wrong verdicts, on one page."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from eval.context import place_name, quoted
from eval.parts import fill, tile
from eval.planted.shares import ALL, Outcome, about, cell, group_of, percents
from eval.plots import Bar, bars

_EXAMPLES = 3  # of each kind; planted.json has all
_VIEWS = {"alone": "own sentence alone", "beside": "with six more"}
_TRUTHS = {False: "False: caught", True: "True: let through"}


def page(found: Mapping[str, Any], outcomes: Sequence[Outcome]) -> str:
    """The whole page, of what planted.json holds. Every text in it is escaped."""
    wrong = [o for o in outcomes if not (o.right(o.alone) and o.right(o.beside))]
    return fill(
        "planted.html",
        about=escape(about(found)),
        tiles="".join(_tiles(row) for row in found["groups"] if row["check"] == ALL),
        plots="".join(_plot(found["kinds"], true) for true in _TRUTHS),
        rows="".join(_rows(found["groups"], found["kinds"], true) for true in _TRUTHS),
        slipped=_examples(o for o in wrong if not o.true),
        refused=_examples(o for o in wrong if o.true),
    )


def _tiles(row: Mapping[str, Any]) -> str:
    return "".join(
        tile(*percents(row[view]), label=f"{_TRUTHS[row['true']]}, {label}")
        for view, label in _VIEWS.items()
    )


def _plot(kinds: Sequence[Mapping[str, Any]], true: bool) -> str:
    items = []
    for row in kinds:
        if row["true"] == true and row["kind"]:
            share = row["beside"]
            css = "a" if true else "b"
            items.append(
                Bar(row["kind"], share["value"], share["low"], share["high"], row["n"], css)
            )
    caption = f"{_TRUTHS[true]}, {_VIEWS['beside']}"
    return f"<figure><figcaption>{caption}</figcaption>{bars(items)}</figure>" if items else ""


def _rows(
    groups: Sequence[Mapping[str, Any]], kinds: Sequence[Mapping[str, Any]], true: bool
) -> str:
    """A group and below it its kinds."""
    lines = [f'<tr class="group"><th colspan="5">{_TRUTHS[true]}</th></tr>']
    for group in groups:
        if group["true"] != true:
            continue
        lines.append(_row(f"<b>{escape(group['check'])}</b>", group))
        lines += [
            _row(escape(row["kind"]), row)
            for row in kinds
            if row["true"] == true
            and row["kind"]
            and group_of(row["check"], row["kind"]) == group["check"]
        ]
    return "".join(lines)


def _row(name: str, row: Mapping[str, Any]) -> str:
    shares = "".join(f"<td>{escape(cell(row[view]))}</td>" for view in _VIEWS)
    return f"<tr><td>{name}</td><td>{row['n']}</td>{shares}<td>{escape(row['reasons'])}</td></tr>"


def _examples(wrong: Iterable[Outcome]) -> str:
    """The first few of each kind, which chance has put first."""
    parts = []
    for kind, group in groupby(wrong, key=lambda o: o.kind):
        of = list(group)
        count = f"{len(of)}" if len(of) <= _EXAMPLES else f"{_EXAMPLES} of {len(of)}"
        parts.append(f"<h4>{escape(kind)} ({count})</h4>")
        parts += [_example(o) for o in of[:_EXAMPLES]]
    return "".join(parts) or '<p class="note">None.</p>'


def _example(o: Outcome) -> str:
    verdicts = [f"{_VIEWS['alone']}: {_said(o.alone)}", f"{_VIEWS['beside']}: {_said(o.beside)}"]
    cited = [q for q in o.proof if q not in o.source]
    return (
        f'<p class="answer" lang="de">{_marked(o.sentence, o.source)}</p>'
        f'<p class="note">{escape(". ".join(verdicts))}.</p>'
        f"{quoted(place_name(o.article, o.line, o.line), escape(o.source), '')}"
        + "".join(quoted("cited too", escape(q), "") for q in cited)
    )


def _said(verdict: Sequence[str]) -> str:
    support, *reasons = verdict
    return f"{support} ({'; '.join(reasons)})" if reasons else support


def _marked(sentence: str, source: str) -> str:
    """The sentence with the words marked that its source does not have at that place."""
    own, other = (re.findall(r"\S+|\s+", text) for text in (sentence, source))
    matcher = difflib.SequenceMatcher(None, other, own, autojunk=False)
    parts = []
    for change, _, _, start, end in matcher.get_opcodes():
        text = escape("".join(own[start:end]))
        parts.append(text if change == "equal" or not text else f"<mark>{text}</mark>")
    return "".join(parts)
