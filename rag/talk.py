"""A conversation as the page shows it: questions, and what is known of their answers so far.

It can be written as JSON and read again, so that the reader's own browser can keep it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal
from uuid import uuid4

from pydantic import TypeAdapter, ValidationError

from rag.types import (
    Answer,
    Checking,
    Done,
    Event,
    Found,
    Loading,
    Passage,
    Proven,
    Queued,
    Rating,
    Reading,
    Statement,
    Turn,
    Writing,
)

Stage = Literal["searching", "loading", "found", "queued", "reading", "writing", "checking", "done"]
KEPT = 30
"""Questions of one conversation that are written as JSON, the latest: browsers keep 5 MB."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Why there is no whole answer: a key of the page's texts or errors, and what mends it."""

    key: str
    mend: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A question and what is known of its answer so far.

    ``percent`` is how much of the prompt has been read, ``ahead`` how many are answered before,
    ``among`` the ids of the articles that were asked (None: all), ``reason`` why it was rated so.
    """

    question: str
    among: tuple[str, ...] | None = None
    variation: int = 0
    id: str = field(default_factory=lambda: uuid4().hex)
    stage: Stage = "searching"
    loading: Loading | None = None
    passages: tuple[Passage, ...] = ()
    percent: int = 0
    ahead: int = 0
    statements: tuple[Statement, ...] = ()
    sentence: str = ""
    answer: Answer | None = None
    ending: Ending | None = None
    rating: Rating | None = None
    reason: str = ""
    follow_ups: tuple[str, ...] = ()

    def after(self, event: Event) -> Draft:
        """The draft once ``event`` has happened."""
        match event:
            case Loading():
                return replace(self, stage="loading", loading=event)
            case Found(result=result):
                return replace(self, stage="found", passages=result.passages)
            case Queued(ahead=ahead):
                return replace(self, stage="queued", ahead=ahead)
            case Reading(done=done, total=total):
                percent = min(100, round(100 * done / total)) if total > 0 else 0
                return replace(self, stage="reading", percent=percent)
            case Writing(text=text):
                return replace(self, stage="writing", sentence=text)
            case Checking(text=text):
                return replace(self, stage="checking", sentence=text)
            case Proven(statement=statement):
                statements = (*self.statements, statement)
                return replace(self, stage="writing", statements=statements, sentence="")
            case Done(answer=answer):
                return replace(self, stage="done", passages=answer.passages, answer=answer)


@dataclass(frozen=True, slots=True)
class Talk:
    """All questions of one conversation, in order."""

    drafts: tuple[Draft, ...] = ()

    def plus(self, draft: Draft) -> Talk:
        return Talk((*self.drafts, draft))

    def without_last(self) -> Talk:
        return Talk(self.drafts[:-1])

    def having(self, draft: Draft) -> Talk:
        """The conversation with ``draft`` in the place of the one of the same id."""
        return Talk(tuple(draft if each.id == draft.id else each for each in self.drafts))

    def draft(self, id: str) -> Draft | None:
        return next((each for each in self.drafts if each.id == id), None)

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What the model is told of it: the questions that were answered."""
        answers = (draft.answer for draft in self.drafts if draft.answer)
        return tuple(Turn(answer.question, answer.text) for answer in answers)


_JSON = TypeAdapter(Talk)


def to_json(talk: Talk) -> str:
    """The latest questions; passages without their sentences, which nobody is shown."""
    return _JSON.dump_json(Talk(tuple(map(_lighter, talk.drafts[-KEPT:])))).decode()


def from_json(text: str | None) -> Talk:
    """What ``to_json`` wrote; an empty conversation if it is something else."""
    try:
        return _JSON.validate_json(text or "{}")
    except ValidationError:
        return Talk()


def _lighter(draft: Draft) -> Draft:
    passages = tuple(replace(each, sentences=()) for each in draft.passages)
    answer = draft.answer and replace(draft.answer, passages=passages)
    return replace(draft, passages=() if answer else passages, answer=answer)
