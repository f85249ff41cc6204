"""How well the check tells false sentences from true ones, on sentences planted by rule.

Each is held against its source twice, just as an answer is: against its own sentence alone, and
against that and six more of the article, where two places together might "prove" it.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random

from eval.datasets import SEED
from eval.errors import EvalError
from eval.planted.kinds import FALSE
from eval.planted.pieces import Told, is_plain, read_sources, shown_with
from eval.planted.retelling import JOINED, TRUE, verbatim
from eval.planted.rule import Piece, Rule
from rag import cite
from rag.prover import checker  # the very check of an answer
from rag.settings import Settings
from rag.types import Article, Evidence, Statement

FILE = "planted.json"
LIMIT = 300
"""Sentences of each kind, if there are as many."""

_Z = 1.959964  # of a 95 % interval
_TURNS = 4  # different sentences made of one, only where there are too few
_AROUND = (-2, -1, 1)  # sentences a nearby name or number is taken from


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


def planted(
    sources: Sequence[str],
    settings: Settings,
    out: Path,
    limit: int,
    say: Callable[[str], None],
    seed: int = SEED,
) -> str:
    """Plants, checks, writes planted.json; the table in Markdown. Raises RagError."""
    told = read_sources(sources, settings.corpus, settings.chunk_chars)
    if not any(is_plain(e.text) for t in told for e in t.evidence):
        raise EvalError("No sentence of these articles is long and plain enough to be changed.")
    outcomes = measure(told, limit, say, seed)
    rows = summary(outcomes)
    out.mkdir(parents=True, exist_ok=True)
    content = {
        "sources": list(sources) or [str(settings.corpus)],
        "seed": seed,
        "limit": limit,
        "kinds": rows,
        "sentences": [asdict(o) for o in outcomes],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1)
    (out / FILE).write_text(f"{text}\n", encoding="utf-8")
    return table(rows)


def measure(
    told: Sequence[Told], limit: int, say: Callable[[str], None], seed: int = SEED
) -> list[Outcome]:
    """Every kind's planted sentences with their verdicts; the same for the same articles and
    seed."""
    outcomes = []
    for true, rules in ((False, FALSE), (True, TRUE)):
        for check, kind, rule in rules:
            found = plant(told, kind, rule, limit, seed)
            say(f"{kind}: {len(found)}")
            outcomes += [
                _outcome(check, kind, true, sentence, told[article], at)
                for sentence, article, at in found
            ]
    return outcomes


def plant(
    told: Sequence[Told], kind: str, rule: Rule, limit: int, seed: int = SEED
) -> list[tuple[str, int, int]]:
    """(sentence, article, place of its source); several of one source only where they are few."""
    places = [
        (i, j) for i, t in enumerate(told) for j, e in enumerate(t.evidence) if is_plain(e.text)
    ]
    Random(f"{seed} {kind}").shuffle(places)  # noqa: S311
    found: dict[tuple[str, int, int], None] = {}
    for turn in range(_TURNS):
        fruitful = []
        for i, j in places:
            if len(found) == limit:
                return list(found)
            random = Random(f"{seed} {kind} {turn} {told[i].article.id} {j}")  # noqa: S311
            source = told[i].evidence[j].text
            sentence = rule(_piece(told, i, j, random), random)
            if sentence and (sentence != source or rule is verbatim):
                found[re.sub(" {2,}", " ", sentence), i, j] = None
                fruitful.append((i, j))
        places = fruitful
    return list(found)


def summary(outcomes: Sequence[Outcome]) -> list[dict[str, object]]:
    """Right verdicts by kind and by check, with 95 % intervals, and what caught the false ones."""
    rows: list[dict[str, object]] = []
    for true in (False, True):
        of = [o for o in outcomes if o.true == true]
        for check in dict.fromkeys(o.check for o in of):
            group = [o for o in of if o.check == check]
            kinds = list(dict.fromkeys(o.kind for o in group))
            rows += [_row(check, k, [o for o in group if o.kind == k]) for k in kinds]
            if len(kinds) > 1:
                rows.append(_row(check, "", group))
    return rows


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson 1927): sound for shares near 0 and 1 too."""
    share, z2 = hits / n, _Z * _Z
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = _Z / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)


def table(rows: Sequence[Mapping[str, object]]) -> str:
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
            cells = [row["check"], kind, row["n"], _share(row["alone"]), _share(row["beside"])]
            lines.append(f"| {' | '.join(str(c) for c in cells)} | {row['reasons']} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def _piece(told: Sequence[Told], article: int, at: int, random: Random) -> Piece:
    here = told[article]
    own = here.evidence[at]
    around = [here.evidence[at + d] for d in _AROUND if 0 <= at + d < len(here.evidence)]
    above = "\n".join((own.metadata.title or "", *own.headings, own.before))
    others = [t for t in told if t is not here and t.evidence]
    foreign = ""
    for _ in range(30 if others else 0):
        text = random.choice(random.choice(others).evidence).text
        if is_plain(text):
            foreign = text
            if len(text) <= 90:
                break
    texts = tuple(e.text for e in around)
    after = ""
    if at + 1 < len(here.evidence) and here.evidence[at + 1].line == own.line:
        after = here.evidence[at + 1].text
    return Piece(own.text, above, texts, here.article.text, foreign, after)


def _outcome(check: str, kind: str, true: bool, sentence: str, told: Told, at: int) -> Outcome:
    own = told.evidence[at]
    sources = told.evidence[at : at + 2] if kind == JOINED else (own,)
    alone = _bound(sentence, sources, told)
    beside = _bound(sentence, shown_with(sentence, told, at), told)
    return Outcome(
        *(check, kind, true, sentence, " ".join(e.text for e in sources)),
        *(own.article, own.line),
        alone=_said(alone),
        beside=_said(beside),
        proof=tuple(c.quote for c in beside.citations),
    )


def _bound(sentence: str, evidence: Sequence[Evidence], told: Told) -> Statement:
    def article(id: str) -> Article:
        return told.article

    return cite.bind(sentence, evidence, (), checker("", article), article)


def _said(statement: Statement) -> tuple[str, ...]:
    return statement.verdict.support, *statement.verdict.reasons


def _row(check: str, kind: str, of: Sequence[Outcome]) -> dict[str, object]:
    n = len(of)
    row: dict[str, object] = {"check": check, "kind": kind, "true": of[0].true, "n": n}
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


def _share(value: object) -> str:
    if not isinstance(value, dict):
        raise TypeError("a share is a value with its interval")
    return f"{value['value']:.1%} ({value['low']:.1%} to {value['high']:.1%})"
