"""How well the check tells false sentences from true ones, on sentences planted by rule.

Each is held against its source twice, just as an answer is: against its own sentence alone, and
against that and six more of the article, where two places together might "prove" it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random

from eval import runinfo
from eval.datasets import SEED
from eval.errors import EvalError
from eval.planted import page
from eval.planted.kinds import FALSE
from eval.planted.pieces import Told, is_plain, read_sources, shown_with
from eval.planted.retelling import JOINED, TRUE, verbatim
from eval.planted.rule import Piece, Rule
from eval.planted.shares import FILE, Outcome, groups, summary, table
from rag import cite
from rag.prover import checker  # the very check of an answer
from rag.settings import Settings
from rag.types import Article, Evidence, Statement

PAGE = "planted.html"
LIMIT = 300
"""Sentences of each kind, if there are as many."""

_TURNS = 4  # different sentences made of one, only where there are too few
_AROUND = (-2, -1, 1)  # sentences a nearby name or number is taken from


def planted(
    sources: Sequence[str],
    settings: Settings,
    out: Path,
    limit: int,
    say: Callable[[str], None],
    seed: int = SEED,
) -> str:
    """Plants, checks, writes planted.json and planted.html; the table in Markdown.

    Raises RagError.
    """
    told = read_sources(sources, settings.corpus, settings.chunk_chars)
    if not any(is_plain(e.text) for t in told for e in t.evidence):
        raise EvalError("No sentence of these articles is long and plain enough to be changed.")
    outcomes = measure(told, limit, say, seed)
    rows = summary(outcomes)
    content = {
        "sources": [_named(source) for source in sources] or [settings.corpus.resolve().name],
        "articles": len(told),
        "sha256": _sha256(told),
        "seed": seed,
        "limit": limit,
        "chunk_chars": settings.chunk_chars,
        "code": runinfo.code_hash(),
        "commit": runinfo.commit(),
        "date": runinfo.now(),
        "groups": groups(outcomes),
        "kinds": rows,
        "sentences": [asdict(o) for o in outcomes],
    }
    out.mkdir(parents=True, exist_ok=True)
    runinfo.write(out / FILE, content)
    (out / PAGE).write_text(page.page(content, outcomes), encoding="utf-8")
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


def _named(source: str) -> str:
    """The source without its folder: results are published, where data lay is nobody's business."""
    kind, _, path = source.partition(":")
    return f"{kind}:{Path(path).name}"


def _sha256(told: Sequence[Told]) -> str:
    """Stands for all the articles, by name and content."""
    digest = hashlib.sha256()
    for t in told:
        digest.update(f"{t.article.id}\0{t.article.sha256}\n".encode())
    return digest.hexdigest()


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
