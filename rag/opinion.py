"""Whether a proven sentence answers the question, as a language model sees it.

Proving is not answering. A model that was tuned to point has said which pieces of evidence answer;
where it is in doubt whether any does, and for any other model, a judge is asked in a fresh
conversation.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.extract import likely
from rag.german import stem, words
from rag.judgement import NO, YES, judgement
from rag.names import names
from rag.ports import Judge
from rag.select import leans
from rag.sentences import sentence_spans
from rag.types import Evidence, Message
from rag.wording import coverage, has_stem, stems_of

# Share of "yes" from which on a judge lets an answer stand (eval/LOG.md):
_AGREED = 0.5
_CLEAR = 0.6  # where a name of the question is missing, or its words were taken on trust

# Of a model that points (eval/LOG.md):
_ANSWERED = 0.2  # share of all pieces together from which on the evidence holds an answer
_NEAR = 0.5  # of the likeliest piece's share: as good an answer as that one
_DOUBT = (0.005, 0.97)  # shares of all pieces between which a judge has a say
_OWN_WEIGHT = 0.5  # of its log odds beside the judge's
_LEAST = 1e-4  # a probability is never taken to be less, nor certain
_TOGETHER = -1.8  # weighed log odds of both from which on the evidence holds an answer


class Opinion(Protocol):
    """What a model thinks of answers to one question."""

    def agrees(self, sentence: str, proof: Sequence[Evidence], strictly: bool) -> bool | None:
        """Whether the sentence, proven by ``proof``, answers; None if the model does not tell.
        ``strictly``: a name of the question is missing in the proof, or its words were taken on
        trust."""

    def likely(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """The pieces that may answer by themselves, best first."""


class Judged:
    """The opinion of a judge, who is asked about each sentence. ``own``, ``question``: as of
    Prover."""

    def __init__(self, judge: Judge, own: str, question: str) -> None:
        self._judge = judge
        self._own = own
        self._question = question
        self._weighed: dict[tuple[Message, ...], float | None] = {}

    def agrees(self, sentence: str, proof: Sequence[Evidence], strictly: bool) -> bool | None:
        share = self.share(sentence, proof)
        return None if share is None else share >= (_CLEAR if strictly else _AGREED)

    def share(self, sentence: str, proof: Sequence[Evidence]) -> float | None:
        """Of "yes" against "no" when asked whether the sentence answers, in [0, 1]; None if the
        model does not tell. Raises GeneratorError."""
        # A follow-up that names something itself is judged by that alone.
        question = self._own if names(self._own) else self._question
        asked = judgement(question, sentence, [self._explained(e) for e in proof])
        if asked not in self._weighed:  # a second attempt may say the same
            self._weighed[asked] = self._judge.weigh(asked, YES, NO)
        return self._weighed[asked]

    def likely(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        return likely(self._own, evidence)

    def _explained(self, piece: Evidence) -> str:
        """The piece, and what stands above or before it as far as that says what the question says
        and the piece does not: "Diese Gelder ..." """
        _, lacking = coverage(self._question, piece.text)
        roots = [stem(w.text) for word in lacking for w in words(word)]
        m = piece.metadata
        above = (m.title or "", *piece.headings[-1:], _last_sentence(piece.before))
        helping = [
            text
            for text in dict.fromkeys(above)
            if any(has_stem(root, stems_of(text)) for root in roots)
        ]
        if leans(piece.text) and above[-1] not in helping:
            helping.append(above[-1])
        return " ".join((*(f"{text.rstrip(' .:')}." for text in helping if text), piece.text))


@dataclass(frozen=True, slots=True)
class Pointed:
    """The opinion of a model that pointed: ``shares`` says of each piece of ``evidence`` how likely
    it holds the answer; what is left to 1 is that none does. A judge, if there is one, has a say
    where that is in doubt."""

    evidence: Sequence[Evidence]
    shares: Sequence[float]
    judged: Judged | None = None

    @property
    def in_doubt(self) -> bool:
        """Whether the judge is asked if the evidence holds an answer at all."""
        least, most = _DOUBT
        return self.judged is not None and least < sum(self.shares) < most

    def answerable(self) -> bool:
        """Whether the evidence holds an answer at all. Raises as Judged.share."""
        found = sum(self.shares)
        share = None
        if self.judged and self.in_doubt:
            likeliest = self.evidence[self.pieces[0]]
            share = self.judged.share(likeliest.text, (likeliest,))
        if share is None:
            return found >= _ANSWERED
        return _OWN_WEIGHT * _log_odds(found) + _log_odds(share) >= _TOGETHER

    @property
    def pieces(self) -> tuple[int, ...]:
        """The likeliest piece and those that are about as likely, best first, 0-based."""
        ranked = sorted(range(len(self.shares)), key=lambda i: -self.shares[i])
        return tuple(i for i in ranked if self.shares[i] >= self._near)

    @property
    def _near(self) -> float:
        return _NEAR * max(self.shares)

    def agrees(self, sentence: str, proof: Sequence[Evidence], strictly: bool) -> bool | None:
        shared = sum(s for e, s in zip(self.evidence, self.shares, strict=True) if e in proof)
        return shared >= self._near

    def likely(self, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        return tuple(self.evidence[i] for i in self.pieces if self.evidence[i] in evidence)


def _log_odds(probability: float) -> float:
    kept = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(kept / (1 - kept))


def _last_sentence(text: str) -> str:
    """The last sentence of the last line."""
    line = text.rpartition("\n")[2]
    spans = sentence_spans(line)
    return line[spans[-1][0] : spans[-1][1]] if spans else ""
