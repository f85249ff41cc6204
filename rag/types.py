"""The values that are passed along: Article -> Block -> Chunk -> Passage -> Evidence -> Answer.

All offsets count Unicode characters in ``Article.text`` and are half-open [start, end).
All lines are 1-based and inclusive. Nothing here reads a file or knows another module.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

BlockKind = Literal[
    "title", "heading", "lead_in", "paragraph", "item", "meta", "caption", "boilerplate"
]
Support = Literal["supported", "unsupported", "unchecked"]
AbstentionReason = Literal["nothing_found", "not_answered", "unproven", "small_talk"]
Rating = Literal["up", "down"]


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about an article as a whole; None where nothing says it."""

    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: date | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """One source text, never rewritten. ``id`` is its path below corpus/ with "/"."""

    id: str
    text: str
    sha256: str
    metadata: Metadata

    @property
    def title(self) -> str:
        """What it is called: its title, or its id if it has none."""
        return self.metadata.title or self.id


@dataclass(frozen=True, slots=True)
class Place:
    """A span [start, end) of an article or of the record of sources."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that was not taken in: which one, why, and what to do about it."""

    article: str
    reason: str


@dataclass(frozen=True, slots=True)
class Block:
    """One non-blank line of an article and the part it plays.

    ``start``/``end`` exclude the line break and surrounding white space. ``headings`` are the
    headings above it, outermost first; a list item also has its lead-in there.
    """

    kind: BlockKind
    line: int
    start: int
    end: int
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A slice of an article that is indexed as one. Its identity is its place."""

    article: str
    first_line: int
    last_line: int
    start: int
    end: int
    headings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or list item of a chunk, without bullet: the span [start, end) of its article.

    ``cosine`` is its similarity to the question, once it was searched for.
    """

    start: int
    end: int
    cosine: float = 0.0


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that was found, with its text and sentences. ``score`` is the fused score in [0, 1],
    higher is better."""

    chunk: Chunk
    text: str
    score: float
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence or short line that the model is shown; ``text`` is exactly the article's slice.

    ``before`` is what stands before it in its paragraph: it may explain a name, it is not shown.
    ``score`` says how much it may help with the question; higher is better.
    """

    article: str
    line: int
    start: int
    end: int
    text: str
    headings: tuple[str, ...]
    metadata: Metadata
    before: str = ""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """The exact place that proves a statement; ``quote`` is re-read from the article."""

    article: str
    first_line: int
    last_line: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far evidence proves a sentence: ``score`` in [0, 1], and in words what is missing."""

    support: Support
    score: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer, with the verdict on it and the places that prove it."""

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Abstention:
    """Why nothing is claimed; ``detail`` is a sentence for the log, in English."""

    reason: AbstentionReason
    detail: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Articles that say different things about the same matter: ``text`` says in a German sentence
    what, the places say where, the one that the answer rests on first."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class SearchTimes:
    """Milliseconds spent."""

    embed: float
    search: float
    total: float


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The passages for a question, best first."""

    question: str
    passages: tuple[Passage, ...]
    times: SearchTimes


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens the language model read (of which ``cached`` came from its cache) and wrote."""

    prompt: int = 0
    completion: int = 0
    cached: int = 0


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """Milliseconds from the question on; ``first_token`` is None if no model wrote."""

    search: float
    first_token: float | None
    total: float


@dataclass(frozen=True, slots=True)
class Answer:
    """All there is to say about one question. ``untold``: of several questions asked at once those
    that nothing answers, each named in a sentence; no proof is possible, so they are no statements.
    """

    question: str
    text: str
    statements: tuple[Statement, ...]
    abstention: Abstention | None
    conflicts: tuple[Conflict, ...]
    passages: tuple[Passage, ...]
    model: str
    index_version: str
    times: AnswerTimes
    usage: Usage
    rewritten_question: str | None = None
    untold: tuple[str, ...] = ()

    @property
    def answered(self) -> bool:
        return self.abstention is None


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier question of the conversation and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    content: str


# What a caller sees while an answer is being made, in this order: Loading*, Found, Queued*,
# Reading*, (Writing | Checking | Proven)*, Done, which always comes last, also for an abstention.


@dataclass(frozen=True, slots=True)
class Loading:
    """What has to be loaded before anything can be answered. ``percent`` None: nobody knows.

    ``download``: it comes over the network, once; else it is only read from the disk.
    """

    what: Literal["articles", "embedding", "llm"]
    percent: int | None = None
    download: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The passages, before any model has read a word."""

    result: SearchResult
    model: str
    index_version: str


@dataclass(frozen=True, slots=True)
class Queued:
    """Others have asked before; ``ahead`` of them are answered first."""

    ahead: int


@dataclass(frozen=True, slots=True)
class Reading:
    """The model is reading the prompt: tokens read so far, of how many."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Writing:
    """The sentence the model is writing right now, not checked yet."""

    text: str


@dataclass(frozen=True, slots=True)
class Checking:
    """A whole sentence that is being compared with the articles now; "" for quotations."""

    text: str


@dataclass(frozen=True, slots=True)
class Proven:
    """One more statement of the answer, checked, with its citations."""

    statement: Statement


@dataclass(frozen=True, slots=True)
class Done:
    """The whole answer. It replaces everything shown before."""

    answer: Answer


Event = Loading | Found | Queued | Reading | Writing | Checking | Proven | Done
