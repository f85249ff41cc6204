"""Ranks fused into one list, and passages cut down to the sentences worth reading."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.german import stem, stop_stems, terms, words
from rag.lines import line_of
from rag.sentences import sentence_spans
from rag.types import Article, Evidence, Passage

RRF_K = 5
"""Constant of reciprocal rank fusion; 5 beat the usual 60 on XQuAD-de (0.974 to 0.968)."""

_CHARS_PER_TOKEN = 3.6  # of German text in the default model's vocabulary, measured
_LABEL_TOKENS = 8  # number and heading in front of each piece of evidence
_BEFORE_CHARS = 400  # before a sentence in its passage: what explains its names
_BULLET = re.compile(r"[ \t]*(?:[-*•▪◦–—☑✓✔►▶➤➜][\ufe0f]?)[ \t]+")
_RANK_WEIGHT = 1.0
_OVERLAP_WEIGHT = 2.0
_LEANS = frozenset(
    "er sie es dies diese dieser dieses diesem diesen das dabei damit darüber hinaus dazu dafür "
    "dort hier deren dessen ihr ihre ihren ihrem zudem außerdem jener jene letztere".split()
)


def fuse(rankings: Sequence[Sequence[int]], k: int = RRF_K) -> list[tuple[int, float]]:
    """Reciprocal rank fusion: (row, sum of 1 / (k + rank)), best first, ties by row.

    Cormack, Clarke, Büttcher 2009. The score is divided by its highest possible value, so 1 means
    first in every ranking.
    """
    scores: defaultdict[int, float] = defaultdict(float)
    for ranking in rankings:
        for rank, row in enumerate(ranking, 1):
            scores[row] += 1 / (k + rank)
    best = len(rankings) / (k + 1)
    return sorted(((r, s / best) for r, s in scores.items()), key=lambda p: (-p[1], p[0]))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of evidence, the rank of its passage (0 is best) and its place in the passage."""

    evidence: Evidence
    rank: int
    position: int


def candidates(passages: Sequence[Passage], article: Callable[[str], Article]) -> list[Candidate]:
    """Every sentence and list item of the passages, without bullets, in passage order.

    A heading is no evidence unless it is all there is: it stands above the others as context.
    """
    found = []
    for rank, passage in enumerate(passages):
        chunk = passage.chunk
        whole = article(chunk.article)
        position = 0
        at = chunk.start
        for line in passage.text.split("\n"):
            bullet = _BULLET.match(line)
            begin = at + (bullet.end() if bullet else 0)
            for start, end in sentence_spans(whole.text, begin, at + len(line)):
                evidence = Evidence(
                    article=chunk.article,
                    line=line_of(whole.text, start),
                    start=start,
                    end=end,
                    text=whole.text[start:end],
                    headings=chunk.headings,
                    metadata=whole.metadata,
                    before=whole.text[max(chunk.start, start - _BEFORE_CHARS) : start],
                )
                found.append(Candidate(evidence, rank, position))
                position += 1
            at += len(line) + 1
    return found


def choose_evidence(
    question: str, candidates: Sequence[Candidate], max_tokens: int
) -> tuple[Evidence, ...]:
    """The pieces that help most with the question within a token budget, in reading order.

    A sentence that leans on the one before ("Diese Summe ...") brings it along.
    """
    weights = _idf(candidates)
    asked = set(terms(question))
    scored = sorted(
        range(len(candidates)),
        key=lambda i: (-_score(candidates[i], asked, weights), i),
    )
    by_place = {(c.rank, c.position): i for i, c in enumerate(candidates)}
    chosen: list[int] = []
    left = float(max_tokens)
    for i in scored:
        wanted = [i]
        before = by_place.get((candidates[i].rank, candidates[i].position - 1))
        if before is not None and before not in chosen and leans(candidates[i].evidence.text):
            wanted.insert(0, before)
        wanted = [j for j in wanted if j not in chosen]
        cost = sum(_tokens(candidates[j].evidence) for j in wanted)
        if cost > left and chosen:
            continue
        chosen += wanted
        left -= cost
    order = sorted(chosen, key=lambda j: (candidates[j].rank, candidates[j].position))
    return tuple(candidates[j].evidence for j in order)


def leans(sentence: str) -> bool:
    """Whether a sentence needs the one before it to be understood."""
    first = words(sentence)[:1]
    return bool(first) and first[0].text.casefold() in _LEANS


def _idf(candidates: Sequence[Candidate]) -> dict[str, float]:
    count = Counter(t for c in candidates for t in set(terms(c.evidence.text)))
    n = len(candidates)
    return {t: math.log(1 + n / f) for t, f in count.items()}


def _score(candidate: Candidate, asked: set[str], idf: dict[str, float]) -> float:
    known = {stem(w.text) for w in words(candidate.evidence.text)} - stop_stems()
    total = sum(idf.get(t, math.log(2)) for t in asked) or 1.0
    overlap = sum(idf.get(t, 0.0) for t in asked & known) / total
    return _RANK_WEIGHT / (1 + candidate.rank) + _OVERLAP_WEIGHT * overlap


def _tokens(evidence: Evidence) -> float:
    return len(evidence.text) / _CHARS_PER_TOKEN + _LABEL_TOKENS
