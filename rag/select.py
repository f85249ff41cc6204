"""Ranks fused into one list, and passages cut down to the sentences worth reading."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.chunk import evidence_of
from rag.german import stem, stop_stems, terms, words
from rag.sought import Asked, asked_for, gives
from rag.types import Article, Evidence, Passage

_CHARS_PER_TOKEN = 3.6  # of German text in the default model's vocabulary, estimated
_LABEL_TOKENS = 8  # number and heading in front of each piece of evidence
_COSINE_WEIGHT, _OVERLAP_WEIGHT, _PASSAGE_WEIGHT = 1.0, 1.0, 1.0
_SOUGHT_WEIGHT: dict[Asked, float] = {
    "amount": 0.4, "time": 0.25, "person": 0.4, "name": 0.4, "place": 0.1, "other": 0.0,
}  # fmt: skip
_NEXT_SHARE = 0.75  # a sentence goes on about what the one before it in its line says
_BEFORE_SHARE = 0.5  # of a question word that stands before a sentence which leans on it
_TOPIC_SHARE = 0.5  # of a word of the conversation that the question itself does not say
_TITLE_SHARE = 0.5  # a title announces what the text says, it seldom proves anything itself
_WORTH = 0.65  # of the best score: the highest share that lost no proving line (eval/LOG.md)
_LEANS = frozenset(
    "er sie es dies diese dieser dieses diesem diesen das dabei damit darüber hinaus dazu dafür "
    "dort hier deren dessen ihr ihre ihren ihrem zudem außerdem jener jene letztere".split()
)


def fuse(rankings: Sequence[tuple[float, Mapping[int, float]]]) -> list[tuple[int, float]]:
    """Convex combination: (row, weighted mean of scores in [0, 1]), best first, ties by row.

    Each ranking is its weight and the scores of its rows, higher is better; they are scaled by
    their own lowest and highest, a row that is missing gets 0 (Bruch, Gai, Ingber 2023, arXiv
    2210.11934). It beat reciprocal rank fusion here (eval/LOG.md).
    """
    total: dict[int, float] = defaultdict(float)
    for weight, ranking in rankings:
        if not ranking:
            continue
        low, high = min(ranking.values()), max(ranking.values())
        for row, score in ranking.items():
            total[row] += weight * ((score - low) / (high - low) if high > low else 1.0)
    whole = sum(weight for weight, _ in rankings) or 1.0
    return sorted(((r, s / whole) for r, s in total.items()), key=lambda p: (-p[1], p[0]))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A piece of evidence, the rank (0 is best) and score of its passage, its place in it, and
    its own cosine to the question."""

    evidence: Evidence
    rank: int
    position: int
    passage: float
    cosine: float


def candidates(passages: Sequence[Passage], article: Callable[[str], Article]) -> list[Candidate]:
    """Every sentence and list item of the passages, in passage order."""
    found: list[Candidate] = []
    seen: set[tuple[str, int]] = set()
    for rank, passage in enumerate(passages):
        chunk = passage.chunk
        whole = article(chunk.article)
        for position, sentence in enumerate(passage.sentences):
            if (chunk.article, sentence.start) in seen:  # byline and title lie in two chunks
                continue
            seen.add((chunk.article, sentence.start))
            evidence = evidence_of(chunk, sentence, whole)
            found.append(Candidate(evidence, rank, position, passage.score, sentence.cosine))
    return found


def choose_evidence(
    question: str,
    candidates: Sequence[Candidate],
    max_tokens: int,
    own: str = "",
    fewest: int = 1,
) -> tuple[Evidence, ...]:
    """The pieces that help most with the question within a token budget, in reading order.

    What helps much less than the best is left out even if there is room: reading costs seconds,
    and a small model picks the wrong sentence the more it is shown.
    A sentence that leans on the one before ("Diese Summe ...") brings it along. ``own``: the words
    of a follow-up itself; what else ``question`` says of the conversation counts less. ``fewest``:
    pieces that are chosen however little they help, if there is room.
    """
    scores = _scores(candidates, question, own or question)
    scored = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
    by_place = {(c.rank, c.position): i for i, c in enumerate(candidates)}
    chosen: list[int] = []
    left = float(max_tokens)
    for i in scored:
        if scores[i] < _WORTH * scores[scored[0]] and len(chosen) >= fewest:
            break
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
    return tuple(replace(candidates[j].evidence, score=scores[j]) for j in order)


def leans(sentence: str) -> bool:
    """Whether a sentence needs the one before it to be understood."""
    first = words(sentence)[:1]
    return bool(first) and first[0].text.casefold() in _LEANS


def _scores(candidates: Sequence[Candidate], question: str, own: str) -> list[float]:
    """How much each candidate may help: its cosine, its words, its passage, and whether it holds
    the kind of thing that is asked for.

    For a sentence that leans on the one before, the words before it count too, but less; and a
    sentence is worth a share of the one it follows. The weights agree with a logistic regression
    fitted on one suite and tested on another (eval/LOG.md).
    """
    asked, asked_now = set(terms(question)), set(terms(own))
    kind = asked_for(own)
    known = [_stems(c.evidence.text) for c in candidates]
    before = [_stems(c.evidence.before) if leans(c.evidence.text) else set() for c in candidates]
    count = Counter(t for own in known for t in own)
    idf = {t: math.log(1 + len(candidates) / count[t]) if t in count else 1.0 for t in asked}
    idf |= {t: _TOPIC_SHARE * idf[t] for t in asked - asked_now}
    whole = sum(idf.values()) or 1.0
    low = min((c.cosine for c in candidates), default=0.0)
    high = max((c.cosine for c in candidates), default=0.0)
    spread = high - low or 1.0

    def score(c: Candidate, said: set[str], earlier: set[str]) -> float:
        overlap = sum(idf[t] for t in asked & said)
        overlap += _BEFORE_SHARE * sum(idf[t] for t in (asked & earlier) - said)
        helps = (
            _COSINE_WEIGHT * (c.cosine - low) / spread
            + _OVERLAP_WEIGHT * overlap / whole
            + _PASSAGE_WEIGHT * c.passage
            + _SOUGHT_WEIGHT[kind] * gives(kind, c.evidence.text, question)
        )
        return helps * (_TITLE_SHARE if c.evidence.text == c.evidence.metadata.title else 1.0)

    alone = [score(*each) for each in zip(candidates, known, before, strict=True)]
    return [max(own, _NEXT_SHARE * _before(candidates, alone, i)) for i, own in enumerate(alone)]


def _before(candidates: Sequence[Candidate], scores: Sequence[float], i: int) -> float:
    """The score of the sentence before in the same line, 0 if there is none."""
    here = candidates[i]
    if i == 0 or here.position == 0:
        return 0.0
    there = candidates[i - 1]
    same = (there.rank, there.position + 1) == (here.rank, here.position)
    return scores[i - 1] if same and there.evidence.line == here.evidence.line else 0.0


def _stems(text: str) -> set[str]:
    return {stem(w.text) for w in words(text)} - stop_stems()


def _tokens(evidence: Evidence) -> float:
    return len(evidence.text) / _CHARS_PER_TOKEN + _LABEL_TOKENS
