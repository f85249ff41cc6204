"""What may be said in answer to one question: sentences bound to the lines that prove them, mended
where the source has the right word, and judged by the model where a program cannot tell whether
they answer the question.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from rag import cite, verify
from rag.corpus import RECORDS
from rag.extract import FIT, FIT_ALONE, best_sentences, fit, repeats
from rag.mend import mended, respelt
from rag.opinion import Opinion
from rag.polarity import borne_out
from rag.sought import THINGS
from rag.types import Article, Citation, Evidence, Statement, Verdict
from rag.wording import coverage

_TAKEN = 0.5  # of its wording that a sentence takes from the place it was meant to tell of
_QUOTES_TRIED = 3  # pieces of evidence that are judged as an answer
_UNSURE = ("question: not answered",)


class Prover:
    """Proves the sentences of the answer to one question.

    ``own`` is the question as it was asked, ``question`` as it is understood without the
    conversation. Without an opinion only the program decides.
    """

    def __init__(
        self, own: str, question: str, article: Callable[[str], Article], opinion: Opinion | None
    ) -> None:
        self._own = own
        self._question = question
        self._article = article
        self._opinion = opinion
        self._check = checker(question, article)
        self._trusting_check = checker(question, article, echo=True)
        self._answered = False
        self._meant: list[Evidence] = []

    def prove(self, sentence: str, hints: Sequence[int], evidence: Sequence[Evidence]) -> Statement:
        """The sentence, mended if need be, with its verdict and what proves it.

        Where only words of the question are not the source's ("the alliance that fights ..."),
        the model judges whether the source says the same.
        """
        sentence = borne_out(sentence, self._question)
        statement = cite.bind(sentence, evidence, hints, self._check, self._article)
        if statement.verdict.support != "supported":
            statement = self._mended(statement, hints, evidence)
        trusting = False
        if statement.verdict.support != "supported" and self._opinion is not None:
            echoing = cite.bind(sentence, evidence, hints, self._trusting_check, self._article)
            if echoing.verdict.support == "supported":
                statement, trusting = echoing, True
        if statement.verdict.support != "supported":
            self._meant += self._nearest(sentence, hints, evidence)
        else:
            sources = tuple(e for e in evidence if any(_same(e, c) for c in statement.citations))
            statement = replace(statement, text=respelt(statement.text, [e.text for e in sources]))
            missing = self._unfit(statement.text, sources, trusting)
            if missing:
                verdict = Verdict("unsupported", statement.verdict.score, missing)
                return Statement(statement.text, verdict, ())
        return statement

    def quotes(self, evidence: Sequence[Evidence]) -> list[Statement]:
        """The evidence itself, word for word, as far as it answers the question."""
        evidence = [e for e in evidence if e.article != RECORDS]  # a record is no sentence
        if self._opinion is None:
            chosen = [
                e
                for e in best_sentences(self._own, evidence, FIT_ALONE)
                if not self._unfit(e.text, (e,))
            ]
        else:
            meant = [e for e in self._meant if e in evidence]
            candidates = list(dict.fromkeys((*meant, *self._opinion.likely(evidence))))
            fitting = (e for e in candidates[:_QUOTES_TRIED] if not self._unfit(e.text, (e,)))
            chosen = list(islice(fitting, 1))  # each is read by the model: no more than needed
        return [
            Statement(
                " ".join(e.text.split()),
                Verdict("supported", 1.0),
                (cite.at(self._article(e.article), e.start, e.end),),
            )
            for e in chosen
        ]

    def _nearest(
        self, sentence: str, hints: Sequence[int], evidence: Sequence[Evidence]
    ) -> list[Evidence]:
        """The place a sentence that is not proven takes most of its wording from, if any."""
        shares = [coverage(sentence, e.text, "", self._question)[0] for e in evidence]
        best = max(range(len(evidence)), key=lambda i: (shares[i], i in hints), default=None)
        return [evidence[best]] if best is not None and shares[best] >= _TAKEN else []

    def _mended(
        self, statement: Statement, hints: Sequence[int], evidence: Sequence[Evidence]
    ) -> Statement:
        for text in mended(statement.text, [e.text for e in evidence]):
            better = cite.bind(text, evidence, hints, self._check, self._article)
            if better.verdict.support == "supported":
                return better
        return statement

    def _unfit(
        self, sentence: str, proof: tuple[Evidence, ...], trusting: bool = False
    ) -> tuple[str, ...]:
        """Why a proven sentence does not answer the question; empty if it does.

        The model judges, if it can: more strictly where the evidence does not say all the question
        says, or with ``trusting``, where the check took the question's words on trust.
        """
        if repeats(self._question, sentence):
            return ("question: said again",)
        found = fit(self._own, self._question, sentence, proof)
        if found.missing:
            return (f"question: asks for {THINGS[found.missing]}",)
        doubts = tuple(f"question: {word}" for word in (*found.names, *found.doubts))
        doubted = trusting or bool(doubts)
        if self._answered and not doubted:
            return ()  # it goes on from a sentence that answers
        strictly = trusting or bool(found.names)
        agreed = self._opinion.agrees(sentence, proof, strictly) if self._opinion else None
        if agreed is None:
            refused = strictly or found.share < FIT
            return (doubts or _UNSURE) if refused else ()
        if not agreed:
            return doubts or _UNSURE
        self._answered = True
        return ()


def checker(question: str, article: Callable[[str], Article], echo: bool = False) -> cite.Check:
    """The check of an answer's sentences. A surname may stand for a full name that ``article``
    gives elsewhere. With ``echo`` the question's own words need no proof."""

    def check(
        sentence: str, place: Evidence, explaining: Sequence[Evidence], leaning: bool
    ) -> Verdict:
        above = (place.metadata.title or "", *place.headings, *(e.text for e in explaining))
        source = verify.Source(
            place.text,
            "\n".join((*above, place.before if leaning else "")),
            article(place.article).text,
        )
        return verify.check(sentence, source, question, echo)

    return check


def _same(evidence: Evidence, citation: Citation) -> bool:
    return (evidence.article, evidence.start) == (citation.article, citation.start)
