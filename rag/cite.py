"""Binding a sentence to the smallest set of places that proves it, by program.

The model's own markers are a hint that breaks ties, never the truth. Only evidence the model was
shown can be cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from rag.clauses import clauses
from rag.lines import line_of
from rag.types import Article, Citation, Evidence, Statement, Verdict

Check = Callable[[str, Evidence, Sequence[Evidence], bool], Verdict]
"""How far a place proves a sentence. The further places may explain its names, as the sentences
before it do; the last argument says whether what stands before it in its paragraph, and was not
shown, may explain them too ("Diese Initiative ...")."""

_Proof = tuple[Verdict, tuple[int, ...]]  # the verdict, and the places in the evidence it rests on

_Ranked = tuple[Verdict, int]  # the verdict of a place in the evidence

_REFUTES = re.compile(r"roles|opposite|.*the source says ")
_LENT = "wording: only above it"
_SPOKEN_OF = 0.55  # of the wording is a place's own if it is to refute by what stands above it
_REFUTED = 0.85  # of the wording in one place, which then is what the sentence is about
_REACH = 400  # characters between the ends of a place and of one that explains it
_ALSO = 0.05  # another place is cited too if it proves the sentence nearly as well
_LEANS = re.compile(
    r"(?:(?:[A-ZÄÖÜ]\w+|Auch|Und|Aber|Doch) ){0,2}?"
    r"(?:[Dd]ies\w*|[Dd]as|[Dd]ie|[Dd]er|[Ee]r|[Ss]ie|[Ee]s|[Ii]hr\w*|[Ss]ein\w*|[Dd]ort|[Dd]a\w+)\b"
)


def bind(
    sentence: str,
    evidence: Sequence[Evidence],
    hints: Sequence[int],
    check: Check,
    article: Callable[[str], Article],
) -> Statement:
    """The sentence with its verdict and its citations (none if it is not supported).

    A sentence is proven by one place, alone or with shown neighbours that explain its names; else
    clause by clause, each by a place of its own; else with what stands before a place and was not
    shown. ``hints`` are 0-based places in ``evidence`` that the model named.
    """
    if not evidence:
        return Statement(sentence, Verdict("unsupported", 0.0, ("wording: no evidence",)), ())
    alone = _verdicts(sentence, evidence, hints, check, leaning=False)
    found = _supported(alone)
    leaning = alone
    if found is None or found[0].score < _REFUTED:
        leaning = _verdicts(sentence, evidence, hints, check, leaning=True)
    near = {i for v, i in alone if v.score >= _SPOKEN_OF}  # what stands above is not its own
    spoken = (*alone, *((v, i) for v, i in leaning if i in near))
    against = _refuting(spoken, found[0].score if found else 0.0)
    if against:
        return Statement(sentence, against, ())
    found = found or _explained(sentence, evidence, alone, check)
    found = found or _joint(sentence, evidence, hints, check, leaning=False)
    found = found or _supported(leaning)
    found = found or _joint(sentence, evidence, hints, check, leaning=True)
    if not found:
        return Statement(sentence, leaning[0][0], ())
    verdict, places = found
    pieces = [evidence[i] for i in places]
    citations = tuple(at(article(e.article), e.start, e.end) for e in pieces)
    return Statement(sentence, verdict, citations)


def _verdicts(
    sentence: str, evidence: Sequence[Evidence], hints: Sequence[int], check: Check, leaning: bool
) -> list[_Ranked]:
    """The verdict of each place, the best first."""
    return sorted(
        ((check(sentence, e, (), leaning), i) for i, e in enumerate(evidence)),
        key=lambda pair: (pair[0].support == "supported", pair[0].score, pair[1] in hints),
        reverse=True,
    )


def _refuting(verdicts: Sequence[_Ranked], proven: float) -> Verdict | None:
    """The verdict of a place that has nearly all the wording, more than the place that proves the
    sentence, and says something else: the sentence is about that place."""
    against = [
        v
        for v, _ in verdicts
        if v.score >= _REFUTED
        and v.score > proven
        and any(_REFUTES.match(r) for r in v.reasons)
        and not any(r.startswith(_LENT) for r in v.reasons)
    ]
    return max(against, key=lambda v: v.score, default=None)


def _joint(
    sentence: str, evidence: Sequence[Evidence], hints: Sequence[int], check: Check, leaning: bool
) -> _Proof | None:
    """Every clause proven for itself: the weakest verdict and the best place of each."""
    parts = clauses(sentence)
    if len(parts) < 2:
        return None
    places: set[int] = set()
    weakest = Verdict("supported", 1.0)
    for part in parts:
        ranked = _verdicts(part, evidence, hints, check, leaning)
        verdict, first = ranked[0]
        proof: _Proof | None = (verdict, (first,))
        if verdict.support != "supported":
            proof = None if leaning else _explained(part, evidence, ranked, check)
        if proof is None:
            return None
        weakest = min(weakest, proof[0], key=lambda v: v.score)
        places |= set(proof[1])
    return weakest, tuple(sorted(places))


def _supported(ranked: Sequence[_Ranked]) -> _Proof | None:
    """The places that prove the sentence alone, about as well as the best of them."""
    best = ranked[0][0]
    if best.support != "supported":
        return None
    also = best.score - _ALSO
    return best, tuple(i for v, i in ranked if v.support == "supported" and v.score >= also)


def _explained(
    sentence: str, evidence: Sequence[Evidence], alone: Sequence[_Ranked], check: Check
) -> _Proof | None:
    """The first place that proves the sentence with the fewest shown neighbours that explain it.
    It says more of the sentence than they do, or the number that they do not say."""
    said = {i: (-_unsaid(v), v.score) for v, i in alone}
    for _, i in alone:
        chain = [j for j in _chain(evidence, i) if said[j] <= said[i]]
        if not chain:
            continue
        verdict = check(sentence, evidence[i], [evidence[j] for j in chain], False)
        if verdict.support != "supported":
            continue
        for j in tuple(chain):
            fewer = [k for k in chain if k != j]
            less = check(sentence, evidence[i], [evidence[k] for k in fewer], False)
            if less.support == "supported":
                chain, verdict = fewer, less
        return verdict, tuple(sorted((i, *chain)))
    return None


def _unsaid(verdict: Verdict) -> int:
    return sum(reason.startswith("number") for reason in verdict.reasons)


def _chain(evidence: Sequence[Evidence], at: int) -> list[int]:
    """The shown places of the same paragraph that speak of the same: those it leans on, before it,
    and those that lean on it, behind it."""
    place = evidence[at]
    return [
        i
        for i, e in enumerate(evidence)
        if i != at
        and e.article == place.article
        and _near(e, place)
        and _LEANS.match(place.text if e.start < place.start else e.text)
    ]


def _near(one: Evidence, other: Evidence) -> bool:
    return max(one.start, other.start) - min(one.end, other.end) <= _REACH


def at(article: Article, start: int, end: int) -> Citation:
    """The citation of a place, its quote re-read from the article."""
    return Citation(
        article.id,
        line_of(article.text, start),
        line_of(article.text, max(start, end - 1)),
        start,
        end,
        article.text[start:end],
    )
