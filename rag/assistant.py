"""One question from search to the proven answer. The model writes, the program cites.

question -> standalone question -> passages -> evidence -> model -> sentences
         -> each bound to the lines that prove it, or left out -> answer or abstention
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace

from rag import cite, conflict, metadata, pointing, prompt
from rag.comparison import Comparison, by_source, comparison, told_by
from rag.errors import QuestionError
from rag.opinion import Judged, Opinion, Pointed
from rag.parts import parts
from rag.ports import Embedder, Finished, Judge, Odds, Pointer, Stream, Token
from rag.ports import Generator as LanguageModel
from rag.prover import Prover
from rag.question import GREETING, expanded, is_small_talk, standalone
from rag.queueing import Queue
from rag.retrieve import OpenIndex, retrieve
from rag.select import Candidate, candidates, choose_evidence
from rag.settings import Settings
from rag.suggest import Suggester
from rag.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerTimes,
    Article,
    Checking,
    Done,
    Event,
    Evidence,
    Found,
    Loading,
    Message,
    Metadata,
    Passage,
    Proven,
    Queued,
    Reading,
    SearchResult,
    Statement,
    Turn,
    Usage,
    Verdict,
    Writing,
)

_ARTICLES_TOLD = 5  # of which author, date, publisher or title are told
_WHY: dict[AbstentionReason, str] = {
    "nothing_found": "no passage was found",
    "not_answered": "no sentence of the evidence answers the question",
    "unproven": "nothing that was written is proven",
}


class Assistant:
    """Answers questions from the current index. Safe to use from several threads."""

    def __init__(
        self,
        settings: Settings,
        index: Callable[[], OpenIndex],
        embedder: Embedder,
        generator: LanguageModel | None,
        advice: str | None = None,
        judge: Judge | None = None,
        queue: Queue | None = None,
    ) -> None:
        self._settings = settings
        self._queue = queue or Queue()
        self._index = index
        self.embedder = embedder
        self.generator = generator
        self.judge = judge
        self.advice = advice
        self._openers: tuple[str, tuple[str, ...]] | None = None

    @property
    def model(self) -> str:
        return self.generator.name if self.generator else "extractive"

    @property
    def index(self) -> OpenIndex:
        """The index the next question is answered from. Raises IndexMissing or IndexMismatch."""
        return self._index()

    @property
    def index_version(self) -> str:
        return self.index.version

    @property
    def loading(self) -> Loading | None:
        """Nothing: an assistant is made of models that are there."""
        return None

    def over(self, index: OpenIndex) -> Assistant:
        """The same assistant, models and all, over another index."""
        models = (self.embedder, self.generator, self.advice, self.judge, self._queue)
        return Assistant(self._settings, lambda: index, *models)

    def articles(self) -> tuple[Article, ...]:
        """All articles; the record of sources, which can be cited too, is none."""
        return self.index.records.without_record

    def article(self, id: str) -> Article:
        return self.index.records.article(id)

    def openers(self) -> tuple[str, ...]:
        """Questions to begin with, each of which the articles can answer."""
        index = self.index
        if self._openers is None or self._openers[0] != index.version:
            self._openers = index.version, Suggester(index, self.embedder).openers()
        return self._openers[1]

    def follow_ups(self, answer: Answer, among: Collection[str] | None = None) -> tuple[str, ...]:
        """Questions a reader may ask next, each of which the articles can answer."""
        return Suggester(self.index, self.embedder).follow_ups(answer, among)

    def search(
        self, question: str, k: int | None = None, among: Collection[str] | None = None
    ) -> SearchResult:
        """The ``k`` best passages for a question, of all articles or of those named in ``among``.
        Raises QuestionError."""
        self._check(question)
        most = k or self._settings.passages
        return retrieve(self.index, self.embedder, question, most, among=among)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer at once."""
        *_, last = self.answer(question, history)
        if not isinstance(last, Done):
            raise TypeError("an answer ends with Done")
        return last.answer

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        among: Collection[str] | None = None,
        variation: int = 0,
    ) -> Generator[Event, None, None]:
        """The answer as it grows; the last event is Done. Closing the iterator stops the model.

        ``among``: ids of the articles to answer from; None: all. ``variation``: as of Generator.
        Raises QuestionError, IndexMissing, IndexMismatch, GeneratorError.
        """
        self._check(question)
        index = self.index
        asked_of = (question, standalone(question, history))
        task = _Task(*asked_of, index, self.model, among, variation)
        if is_small_talk(question):
            yield task.abstain("small_talk", "the question is small talk", GREETING)
            return
        compared = comparison(task.standalone, task.articles)
        matter, source = told_by(question, task.articles)
        if metadata.asked_field(task.standalone) is None:  # else the record of sources may tell it
            among = source or among
        asked = _asked(matter, history, index)
        sought = compared.matter if compared else asked.question
        result = self._retrieve(index, sought, expanded(matter, history), among)
        task.found(result)
        yield Found(result, self.model, index.version)
        known = _answer_metadata(task)
        if known:
            yield from (Proven(s) for s in known)
            yield task.done(known)
            return
        with self._queue.place() as place:
            for ahead in place.wait():
                yield Queued(ahead)
            if compared:
                statements, reason = yield from self._compare(task, compared, result)
            elif len(several := parts(matter)) > 1:
                statements, reason = yield from self._one_by_one(task, several, history, among)
            else:
                statements, reason = yield from self._say(task, asked, result.passages)
        if statements:
            yield task.done(statements)
        else:
            yield task.abstain(reason, _WHY[reason])

    def _compare(
        self, task: _Task, compared: Comparison, found: SearchResult
    ) -> Generator[Event, None, _Said]:
        """What each source says, and who says it."""
        matter, article = compared.matter, task.index.records.article
        sources = compared.sources or by_source(article(p.chunk.article) for p in found.passages)
        said: list[Statement] = []
        reason: AbstentionReason = "nothing_found"
        for name, ids in sources.items():
            passages = self._retrieve(task.index, matter, among=ids).passages
            asked = _Asked(matter, article)
            statements, reason = yield from self._say(task, asked, passages)
            said += [replace(s, text=f"{name}: {s.text}") for s in statements]
        return said, reason

    def _one_by_one(
        self,
        task: _Task,
        questions: Sequence[str],
        history: Sequence[Turn],
        among: Collection[str] | None,
    ) -> Generator[Event, None, _Said]:
        """The answers to questions asked at once, each of which goes on from those before it."""
        said: list[Statement] = []
        reason: AbstentionReason = "nothing_found"
        for question in questions:
            asked = _asked(question, history, task.index)
            result = self._retrieve(task.index, asked.question, expanded(question, history), among)
            statements, reason = yield from self._say(task, asked, result.passages)
            answer = " ".join(s.text for s in statements)
            history = (*history, Turn(question, answer))
            said += statements
            if not statements:
                task.untold += (prompt.untold(question),)
        return said, reason

    def _say(
        self, task: _Task, asked: _Asked, passages: Sequence[Passage]
    ) -> Generator[Event, None, _Said]:
        """Proven sentences that answer from these passages; if there are none, why."""
        pieces = candidates(passages, task.index.records.article)
        task.seen(pieces)
        most = self._settings.evidence_tokens
        fewest = pointing.FEWEST if isinstance(self.generator, Pointer) else 1
        evidence = choose_evidence(asked.question, pieces, most, asked.own, fewest)
        if not evidence:
            return [], "nothing_found"
        if self.generator is None:
            return (yield from _quote(asked.prover(None), evidence)), "not_answered"
        if isinstance(self.generator, Pointer):
            return (yield from self._point(task, asked, evidence, self.generator))
        return (yield from self._write(task, asked, evidence, self.generator))

    def _point(
        self, task: _Task, asked: _Asked, evidence: Sequence[Evidence], pointer: Pointer
    ) -> Generator[Event, None, _Said]:
        """Lets a tuned model point at the evidence, and answer if any of it does. What it writes
        and cannot be proven is replaced by what it pointed at, word for word."""
        evidence = evidence[: len(pointing.LETTERS)]
        messages = pointing.messages(asked.shown, evidence, asked.before)
        with closing(pointer.point(messages)) as stream:
            odds, usage = yield from _odds(stream)
        task.first_token()
        opinion = Pointed(
            evidence, pointing.shares(odds.of, len(evidence)), asked.judged(self.judge)
        )
        if opinion.in_doubt:
            yield Checking("")
        if not opinion.answerable():
            task.used(usage)
            return [], "not_answered"
        pieces, prover = opinion.pieces, asked.prover(opinion)
        _, statements = yield from self._attempt(
            task, prover, evidence, pointer, [*messages, pointing.begun(pieces)], pieces
        )
        proven = list(filter(_is_proven, statements))
        if proven:
            return proven, "unproven"
        yield Checking("")
        return (yield from _quote(prover, evidence)), "unproven"

    def _write(
        self, task: _Task, asked: _Asked, evidence: Sequence[Evidence], generator: LanguageModel
    ) -> Generator[Event, None, _Said]:
        """Lets the model write. If nothing of it is proven, the evidence may answer word for word;
        else the model is asked once more and told why, unless it said that nothing is there."""
        prover = asked.prover(asked.judged(self.judge))
        messages = prompt.messages(asked.shown, evidence, asked.before)
        said, statements = yield from self._attempt(task, prover, evidence, generator, messages)
        if not any(map(_is_proven, statements)):
            yield Checking("")
            quotes = yield from _quote(prover, evidence)
            if quotes:
                return quotes, "unproven"
            if any(prompt.is_refusal(s.text) for s in statements):
                return [], "not_answered"
            messages = prompt.again(messages, said, statements)
            _, statements = yield from self._attempt(task, prover, evidence, generator, messages)
        return list(filter(_is_proven, statements)), "unproven"

    def _attempt(
        self,
        task: _Task,
        prover: Prover,
        evidence: Sequence[Evidence],
        generator: LanguageModel,
        messages: Sequence[Message],
        hints: tuple[int, ...] = (),
    ) -> Generator[Event, None, tuple[str, list[Statement]]]:
        """What the model writes and its sentences, each proven as soon as it is whole. ``hints``:
        the pieces that a sentence without markers is meant to tell of."""
        most = self._settings.answer_tokens
        text = ""
        usage = Usage()
        proved: dict[prompt.Sentence, Statement] = {}

        def prove(sentence: prompt.Sentence) -> Generator[Event, None, Statement]:
            if sentence not in proved:
                yield Checking(sentence.text)
                meant = replace(sentence, hints=sentence.hints or hints)
                proved[sentence] = _prove(prover, meant, evidence)
            return proved[sentence]

        with closing(generator.stream(messages, most, task.variation)) as stream:
            for event in stream:
                if isinstance(event, Reading):
                    yield event
                elif isinstance(event, Finished):
                    usage = event.usage
                elif isinstance(event, Token) and event.text:
                    task.first_token()
                    text += event.text
                    whole = prompt.read_answer(text, False)
                    for sentence in whole[:-1]:
                        if sentence not in proved:
                            yield from _show((yield from prove(sentence)))
                    yield Writing(whole[-1].text if whole else "")
        task.used(usage)
        # Read once more as a whole: where a sentence ends may only be clear from what follows.
        statements = []
        for sentence in prompt.read_answer(text, usage.completion >= most):
            statements.append((yield from prove(sentence)))
        return text, statements

    def _retrieve(
        self,
        index: OpenIndex,
        question: str,
        also: str | None = None,
        among: Collection[str] | None = None,
    ) -> SearchResult:
        return retrieve(index, self.embedder, question, self._settings.passages, also, among)

    def _check(self, question: str) -> None:
        if not question.strip():
            raise QuestionError("empty", "The question is empty.")
        if any("\ud800" <= c <= "\udfff" for c in question):  # half a character, breaks encoders
            raise QuestionError("not_text", "The question holds characters that are no text.")
        if len(question) > self._settings.question_chars:
            raise QuestionError(
                "too_long",
                f"The question has {len(question)} characters; "
                f"{self._settings.question_chars} are read at most.",
            )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question as it is understood, and the articles by id; for a follow-up its own words and
    the turn it goes on from."""

    question: str
    article: Callable[[str], Article]
    own: str = ""
    before: Turn | None = None

    @property
    def shown(self) -> str:
        """What a model is asked: a follow-up in its own words, beside the turn before."""
        return self.own if self.before else self.question

    def judged(self, judge: Judge | None) -> Judged | None:
        """What the judge, if there is one, thinks of answers."""
        return Judged(judge, self.own or self.question, self.question) if judge else None

    def prover(self, opinion: Opinion | None) -> Prover:
        """Proves what is said in answer."""
        return Prover(self.own or self.question, self.question, self.article, opinion)


_Said = tuple[list[Statement], AbstentionReason]  # proven sentences; if none, why there are none


class _Task:
    """One question on its way: what is known so far, and the clock."""

    def __init__(
        self,
        question: str,
        standalone: str,
        index: OpenIndex,
        model: str,
        among: Collection[str] | None,
        variation: int,
    ) -> None:
        self.question = question
        self.standalone = standalone
        self.index = index
        self.variation = variation
        self.articles = [a for a in index.records.articles if among is None or a.id in among]
        self.usage = Usage()
        self.untold: tuple[str, ...] = ()
        self._model = model
        self._began = time.perf_counter()
        self._search = 0.0
        self._first_token: float | None = None
        self._passages: tuple[Passage, ...] = ()
        self._sentences: tuple[Evidence, ...] = ()

    def found(self, result: SearchResult) -> None:
        self._passages = result.passages
        self._search = result.times.total

    def seen(self, pieces: Sequence[Candidate]) -> None:
        """Keeps every sentence of the passages: another article may say something else."""
        found = (piece.evidence for piece in pieces)
        self._sentences = tuple(dict.fromkeys((*self._sentences, *found)))

    def used(self, usage: Usage) -> None:
        """Adds the tokens of one attempt."""
        pairs = zip(astuple(self.usage), astuple(usage), strict=True)
        self.usage = Usage(*(a + b for a, b in pairs))

    def first_token(self) -> None:
        if self._first_token is None:
            self._first_token = self._elapsed()

    def done(self, statements: Sequence[Statement]) -> Done:
        return Done(self._answer(" ".join(s.text for s in statements), statements, None))

    def abstain(self, reason: AbstentionReason, detail: str, text: str = prompt.REFUSAL) -> Done:
        return Done(self._answer(text, (), Abstention(reason, detail)))

    def _elapsed(self) -> float:
        return 1000 * (time.perf_counter() - self._began)

    def _answer(
        self, text: str, statements: Sequence[Statement], abstention: Abstention | None
    ) -> Answer:
        return Answer(
            question=self.question,
            text=text,
            statements=tuple(statements),
            abstention=abstention,
            conflicts=conflict.find(
                self.standalone, statements, self._sentences, self.index.records.article
            ),
            passages=self._passages,
            model=self._model,
            index_version=self.index.version,
            times=AnswerTimes(self._search, self._first_token, self._elapsed()),
            usage=self.usage,
            rewritten_question=None if self.standalone == self.question else self.standalone,
            untold=() if abstention else self.untold,
        )


def _asked(question: str, history: Sequence[Turn], index: OpenIndex) -> _Asked:
    """The question as it is understood after what was said before."""
    understood = standalone(question, history)
    before = history[-1] if history and understood != question else None
    return _Asked(understood, index.records.article, question, before)


def _is_proven(statement: Statement) -> bool:
    return statement.verdict.support == "supported"


def _show(statement: Statement) -> Generator[Event, None, None]:
    if _is_proven(statement):
        yield Proven(statement)


def _quote(prover: Prover, evidence: Sequence[Evidence]) -> Generator[Event, None, list[Statement]]:
    quotes = prover.quotes(evidence)
    yield from (Proven(s) for s in quotes)
    return quotes


def _odds(stream: Stream) -> Generator[Event, None, tuple[Odds, Usage]]:
    """Follows a model that reads and points."""
    odds, usage = Odds({}), Usage()
    for event in stream:
        if isinstance(event, Reading):
            yield event
        elif isinstance(event, Odds):
            odds = event
        elif isinstance(event, Finished):
            usage = event.usage
    return odds, usage


def _prove(prover: Prover, sentence: prompt.Sentence, evidence: Sequence[Evidence]) -> Statement:
    if prompt.is_refusal(sentence.text):
        return Statement(sentence.text, Verdict("unchecked", 0.0), ())
    return prover.prove(sentence.text, sentence.hints, evidence)


def _answer_metadata(task: _Task) -> list[Statement]:
    """Author, date, publisher and title of an article are known, no model has to write them."""
    field = metadata.asked_field(task.standalone)
    if field is None:
        return []
    records = task.index.records
    statements = []
    articles = [a for a in task.articles if a.metadata != Metadata()]
    articles = metadata.meant(task.standalone, articles)
    if field == "date":
        articles = metadata.in_order(task.standalone, articles)
    for article in articles[:_ARTICLES_TOLD]:
        text = metadata.sentence(article, field)
        place = records.place(article.id, field)
        if text and place:
            source = records.article(place.article)
            citation = cite.at(source, place.start, place.end)
            statements.append(Statement(text, Verdict("supported", 1.0), (citation,)))
    return statements
