"""report.html: one page that needs nothing else. Every text in it is escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval import charts
from eval.context import citation, passage, proving_line
from eval.measures import FAILURES
from eval.parts import fill, tile
from eval.runinfo import shown_distractors
from eval.scores import METRICS, Row, shown
from eval.tables import about_run

_GOOD = ("right", "found_first", "judged_by_abstention")
_SO_SO = ("found_later", "wrong_citation", "not_measured")


def page(scores: Mapping[str, Any], rows: Sequence[Row], texts: Mapping[str, str]) -> str:
    """The whole page. ``texts``: article by id, for the lines around citations."""
    about = scores["run"]
    return fill(
        "report.html",
        title=escape(about["suite"]["name"]),
        about=escape(about_run(about)),
        tiles=_tiles(scores),
        score_rows=_score_rows(scores),
        plots=charts.figures(rows),
        settings=_settings(about),
        ending_filters=_filters("ending", [(e, FAILURES[e]) for e in scores["endings"]], scores),
        type_filters=_filters("type", [(t, t) for t in scores["by_type"]], scores),
        questions="\n".join(_question(row, texts) for row in rows),
        count=str(len(rows)),
    )


def _tiles(scores: Mapping[str, Any]) -> str:
    """The scores to look at first, as far as this run has them."""
    wanted = (
        *("correct", "citation_precision", "balanced_accuracy", "hit@1", "hit@5", "ndcg@10"),
        *("first_token_seconds_p50", "total_seconds_p50", "search_seconds_p50"),
    )
    known = {m.name: m for m in METRICS}
    tiles: list[str] = []
    for name in wanted:
        found = scores["scores"].get(name)
        if found and len(tiles) < 6:
            unit = known[name].unit
            value, low, high = (shown(found[k], unit) for k in ("value", "low", "high"))
            tiles.append(tile(value, low, high, known[name].label))
    return "".join(tiles)


def _score_rows(scores: Mapping[str, Any]) -> str:
    lines = []
    group = ""
    for metric in METRICS:
        found = scores["scores"].get(metric.name)
        if not found:
            continue
        if metric.group != group:
            group = metric.group
            lines.append(f'<tr class="group"><th colspan="4">{escape(group)}</th></tr>')
        value, low, high = (shown(found[k], metric.unit) for k in ("value", "low", "high"))
        lines.append(
            f"<tr><td>{escape(metric.label)}</td><td><b>{value}</b></td>"
            f"<td>{low} to {high}</td><td>{found['n']}</td></tr>"
        )
    return "".join(lines)


def _settings(about: Mapping[str, Any]) -> str:
    machine = about["machine"]
    facts = {
        **{k: about[k] for k in ("system", "model", "index_version", "commit", "code", "seed")},
        "limit": about["limit"],
        "suite sha256": about["suite"]["sha256"],
        "distractors": shown_distractors(about["distractors"]),
        "started": about["started"],
        "finished": about["finished"],
        **about["settings"],
        **{k: v for k, v in machine.items() if k != "packages"},
        **machine["packages"],
    }
    return "".join(
        f"<tr><td>{escape(str(k))}</td><td>{escape(str(v))}</td></tr>" for k, v in facts.items()
    )


def _filters(kind: str, items: Sequence[tuple[str, str]], scores: Mapping[str, Any]) -> str:
    counts = {**scores["endings"], **{t: v["n"] for t, v in scores["by_type"].items()}}
    return "".join(
        f'<label class="chip {_mood(value) if kind == "ending" else ""}">'
        f'<input type="checkbox" name="{kind}" value="{escape(value)}">'
        f"{escape(label)} <i>{counts[value]}</i></label>"
        for value, label in items
    )


def _mood(ending: str) -> str:
    return "good" if ending in _GOOD else "so-so" if ending in _SO_SO else "bad"


def _question(row: Row, texts: Mapping[str, str]) -> str:
    question, record = row.question, row.record
    seconds = row.measures.get("total_seconds")
    time = "" if seconds is None else shown(seconds, "seconds")
    parts = [_history(row)]
    if "answered" in record:
        parts.append(_answer(row, texts))
    if question.lines:
        parts.append("<h4>Lines that prove the answer</h4>")
        parts += [proving_line(article, line, texts) for article, line in question.lines]
    if question.must or question.must_not:
        patterns = [
            *(f"must <code>{escape(p)}</code>" for p in question.must),
            *(f"must not <code>{escape(p)}</code>" for p in question.must_not),
        ]
        parts.append(f'<p class="patterns">{", ".join(patterns)}</p>')
    found = [passage(rank, p, question.lines) for rank, p in enumerate(record["passages"], 1)]
    parts.append(
        f"<details><summary>{len(found)} passages found</summary>"
        f"<ol>{''.join(found)}</ol></details>"
    )
    return (
        f'<details class="question" data-ending="{row.failure}" '
        f'data-type="{escape(question.type)}">'
        f'<summary><span class="id">{escape(question.id)}</span>'
        f'<span class="asked" lang="de">{escape(question.question)}</span>'
        f'<span class="kind">{escape(question.type)}</span>'
        f'<span class="badge {_mood(row.failure)}">{escape(FAILURES[row.failure])}</span>'
        f'<span class="time">{time}</span></summary>'
        f'<div class="inside">{"".join(parts)}</div></details>'
    )


def _history(row: Row) -> str:
    turns = "".join(
        f"<p>{escape(t.question)}</p><p>{escape(t.answer)}</p>" for t in row.question.history
    )
    return f'<div class="history" lang="de">{turns}</div>' if turns else ""


def _answer(row: Row, texts: Mapping[str, str]) -> str:
    record = row.record
    rewritten = record.get("rewritten_question")
    asked = f'<p class="note">Read as: {escape(rewritten)}</p>' if rewritten else ""
    if record["abstention"]:
        why = f"{record['abstention']['reason']}: {record['abstention']['detail']}"
        return (
            f'{asked}<p class="answer" lang="de">{escape(record["answer"])}</p>'
            f'<p class="note">Abstained. {escape(why)}</p>'
        )
    return asked + "".join(
        f'<div class="statement"><p class="answer" lang="de">{escape(s["text"])} '
        f'<span class="badge {"good" if s["support"] == "supported" else "bad"}">'
        f"{escape(s['support'])} {s['score']:.2f}</span></p>"
        f"{''.join(citation(c, row.question.lines, texts) for c in s['citations'])}</div>"
        for s in record["statements"]
    )
