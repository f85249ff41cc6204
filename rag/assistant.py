"""One question from search to the proven answer. The model writes, the program cites.

question -> standalone question -> passages -> evidence -> model -> sentences
         -> each bound to the lines that prove it, or left out -> answer or abstention
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass, replace

from rag import cite, conflict, metadata, prompt, verify
from rag.errors import QuestionError
from rag.extract import FIT, best_sentences, fit
from rag.lexical import LexicalIndex
from rag.mend import mended
from rag.ports import Embedder, Finished, Judge, Token, Vectors
from rag.ports import Generator as LanguageModel
from rag.question import GREETING, expanded, is_small_talk, standalone
from rag.records import Records
from rag.select import Candidate, candidates, choose_evidence, fuse
from rag.settings import Settings
from rag.store import VectorStore
from rag.types import (
    Abstention,
    AbstentionReason,
    Answer,
    AnswerTimes,
    Article,
    Citation,
    Done,
    Event,
    Evidence,
    Found,
    Message,
    Metadata,
    Passage,
    Proven,
    Reading,
    SearchResult,
    SearchTimes,
    Statement,
    Turn,
    Usage,
    Verdict,
    Writing,
)

_POOL = 100  # chunks each ranking gives to the fusion
_AGREED = 0.8  # share of "yes" from which on the model's own judgement lets an answer stand
_ATTEMPTS = 2  # times the model is asked, the second time only if nothing was proven
_SENTENCE_POOL = 300  # sentences looked at for the chunks they stand in


@dataclass(frozen=True, slots=True)
class OpenIndex:
    """An index version that is open for reading."""

    version: str
    records: Records
    chunks: VectorStore
    sentences: VectorStore
    lexical: LexicalIndex


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
    ) -> None:
        self._settings = settings
        self._index = index
        self.embedder = embedder
        self.generator = generator
        self.judge = judge
        self.advice = advice

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

    def over(self, index: OpenIndex) -> Assistant:
        """The same assistant, models and all, over another index."""
        models = (self.embedder, self.generator, self.advice, self.judge)
        return Assistant(self._settings, lambda: index, *models)

    def articles(self) -> tuple[Article, ...]:
        return self.index.records.articles

    def article(self, id: str) -> Article:
        return self.index.records.article(id)

    def search(self, question: str, k: int | None = None) -> SearchResult:
        """The passages for a question. Raises QuestionError."""
        self._check(question)
        return self._search(self.index, question, k or self._settings.passages)

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """The whole answer at once."""
        *_, last = self.answer(question, history)
        if not isinstance(last, Done):
            raise TypeError("an answer ends with Done")
        return last.answer

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Generator[Event, None, None]:
        """The answer as it grows; the last event is Done. Closing the iterator stops the model.

        Raises QuestionError, IndexMissing, IndexMismatch, GeneratorError.
        """
        self._check(question)
        index = self.index
        task = _Task(question, standalone(question, history), index, self.model)
        if is_small_talk(question):
            yield task.abstain("small_talk", "the question is small talk", GREETING)
            return
        result = self._search(
            index, task.standalone, self._settings.passages, expanded(question, history)
        )
        task.found(result)
        yield Found(result, self.model, index.version)
        known = _answer_metadata(task)
        if known:
            yield from (Proven(s) for s in known)
            yield task.done(known)
            return
        pieces = candidates(result.passages, index.records.article)
        task.seen(pieces)
        evidence = choose_evidence(task.standalone, pieces, self._settings.evidence_tokens)
        if not evidence:
            yield task.abstain("nothing_found", "no passage was found")
            return
        if self.generator is None:
            yield from self._extract(task, evidence, "not_answered")
            return
        yield from self._write(task, evidence, self.generator)

    def _write(
        self, task: _Task, evidence: Sequence[Evidence], generator: LanguageModel
    ) -> Generator[Event, None, None]:
        """Lets the model write; if nothing of it is proven, asks once more and says why."""
        asked = prompt.messages(task.standalone, evidence)
        refused = False
        for attempt in range(_ATTEMPTS):
            said, statements = yield from self._attempt(task, evidence, generator, asked)
            proven = [s for s in statements if s.verdict.support == "supported"]
            if proven:
                yield task.done(proven)
                return
            refused = any(prompt.is_refusal(s.text) for s in statements)
            if refused and not best_sentences(task.standalone, evidence, FIT):
                break  # nothing looks like an answer to the program either
            if attempt + 1 < _ATTEMPTS:
                asked = prompt.again(asked, said, statements)
        yield from self._extract(task, evidence, "not_answered" if refused else "unproven")

    def _attempt(
        self,
        task: _Task,
        evidence: Sequence[Evidence],
        generator: LanguageModel,
        asked: Sequence[Message],
    ) -> Generator[Event, None, tuple[str, list[Statement]]]:
        """What the model wrote and its sentences, each proven as soon as it is whole."""
        text = ""
        usage = Usage()
        proved: dict[prompt.Sentence, Statement] = {}
        with closing(generator.stream(asked, self._settings.answer_tokens)) as stream:
            for event in stream:
                if isinstance(event, Reading):
                    yield event
                elif isinstance(event, Finished):
                    usage = event.usage
                elif isinstance(event, Token) and event.text:
                    task.first_token()
                    text += event.text
                    whole = prompt.read_answer(text)
                    for sentence in whole[:-1]:
                        if sentence not in proved:
                            proved[sentence] = self._prove(task, sentence, evidence)
                            yield from _show(proved[sentence])
                    yield Writing(whole[-1].text if whole else "")
        task.used(usage)
        # Read once more as a whole: where a sentence ends may only be clear from what follows.
        cut = usage.completion >= self._settings.answer_tokens
        return text, [
            proved.get(sentence) or self._prove(task, sentence, evidence)
            for sentence in prompt.read_answer(text, cut)
        ]

    def _prove(
        self, task: _Task, sentence: prompt.Sentence, evidence: Sequence[Evidence]
    ) -> Statement:
        if prompt.is_refusal(sentence.text):
            return Statement(sentence.text, Verdict("unchecked", 0.0), ())
        statement = _bound(task, sentence.text, sentence.hints, evidence)
        if any(reason.startswith("number") for reason in statement.verdict.reasons):
            for text in mended(sentence.text, [e.text for e in evidence]):
                better = _bound(task, text, sentence.hints, evidence)
                if better.verdict.support == "supported":
                    statement = better
                    break
        if statement.verdict.support == "supported":
            sources = tuple(e for e in evidence if any(_same(e, c) for c in statement.citations))
            missing = self._unfit(task, statement.text, sources)
            if missing:
                verdict = Verdict("unsupported", statement.verdict.score, missing)
                return Statement(statement.text, verdict, ())
        return statement

    def _unfit(self, task: _Task, sentence: str, proof: tuple[Evidence, ...]) -> tuple[str, ...]:
        """Why a proven sentence does not answer the question; empty if it does.

        Where the evidence does not say all the question says, the model judges, if it can.
        """
        found = fit(task.standalone, sentence, proof)
        if found.missing:
            return found.missing
        doubts = (f"question: {', '.join(found.doubts)}",)
        if self.judge is not None and found.doubts:
            asked = prompt.judgement(task.standalone, sentence, proof)
            if asked not in task.judged:  # the second attempt may say the same
                task.judged[asked] = self.judge.weigh(asked, prompt.YES, prompt.NO)
            agreed = task.judged[asked]
            if agreed is not None:
                return () if agreed >= _AGREED else doubts
        return () if found.share >= FIT else doubts

    def _extract(
        self, task: _Task, evidence: Sequence[Evidence], reason: AbstentionReason
    ) -> Generator[Event, None, None]:
        """The evidence itself, word for word, if it answers the question; else an abstention."""
        chosen = [
            e
            for e in best_sentences(task.standalone, evidence)
            if not self._unfit(task, e.text, (e,))
        ]
        if not chosen:
            yield task.abstain(reason, "no sentence of the evidence answers the question")
            return
        statements = [
            Statement(
                " ".join(e.text.split()),
                Verdict("supported", 1.0),
                (cite.at(task.index.records.article(e.article), e.start, e.end),),
            )
            for e in chosen
        ]
        yield from (Proven(s) for s in statements)
        yield task.done(statements)

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

    def _search(
        self, index: OpenIndex, question: str, k: int, also: str | None = None
    ) -> SearchResult:
        """Chunks by their vector, by their best sentence's and by their words, fused.

        With ``also``, a follow-up in another wording, the rankings of both wordings are fused.
        """
        began = time.perf_counter()
        embedding = 0.0
        rankings: list[tuple[float, dict[int, float]]] = []
        vectors = []
        for asked in dict.fromkeys((question, also or question)):
            started = time.perf_counter()
            vectors.append(self.embedder.query(asked))
            embedding += time.perf_counter() - started
            rankings += [
                (1.0, dict(index.chunks.search(vectors[-1], _POOL))),
                (1.0, _by_sentence(index, vectors[-1])),
                (index.lexical.coverage(asked), dict(index.lexical.search(asked, _POOL))),
            ]
        passages = tuple(
            _passage(index, row, score, vectors[-1]) for row, score in fuse(rankings)[:k]
        )
        total = time.perf_counter() - began
        times = SearchTimes(1000 * embedding, 1000 * (total - embedding), 1000 * total)
        return SearchResult(question, passages, times)


class _Task:
    """One question on its way: what is known so far, and the clock."""

    def __init__(self, question: str, standalone: str, index: OpenIndex, model: str) -> None:
        self.question = question
        self.standalone = standalone
        self.index = index
        self.usage = Usage()
        self.judged: dict[tuple[Message, ...], float | None] = {}
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
        self._sentences = tuple(piece.evidence for piece in pieces)

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
        )


def _show(statement: Statement) -> Generator[Event, None, None]:
    if statement.verdict.support == "supported":
        yield Proven(statement)


def _bound(
    task: _Task, sentence: str, hints: Sequence[int], evidence: Sequence[Evidence]
) -> Statement:
    article = task.index.records.article
    return cite.bind(sentence, evidence, hints, checker(task.standalone, article), article)


def checker(question: str, article: Callable[[str], Article]) -> cite.Check:
    """The check of an answer's sentences. A surname may stand for a full name that the article
    gives elsewhere."""

    def check(
        sentence: str, place: Evidence, explaining: Sequence[Evidence], leaning: bool
    ) -> Verdict:
        above = (place.metadata.title or "", *place.headings, *(e.text for e in explaining))
        source = verify.Source(
            place.text,
            "\n".join((*above, place.before if leaning else "")),
            article(place.article).text,
        )
        return verify.check(sentence, source, question)

    return check


def _same(evidence: Evidence, citation: Citation) -> bool:
    return (evidence.article, evidence.start) == (citation.article, citation.start)


def _by_sentence(index: OpenIndex, vector: Vectors) -> dict[int, float]:
    """Chunks by the cosine of their best sentence."""
    best: dict[int, float] = {}
    for row, cosine in index.sentences.search(vector, _SENTENCE_POOL):
        best.setdefault(index.records.chunk_of_sentence(row), cosine)  # sorted, so first is best
    return best


def _passage(index: OpenIndex, row: int, score: float, vector: Vectors) -> Passage:
    chunk = index.records.chunk(row)
    text = index.records.article(chunk.article).text[chunk.start : chunk.end]
    rows = index.records.sentence_rows(row)
    sentences = tuple(
        replace(index.records.sentence(r), cosine=cosine)
        for r, cosine in zip(rows, index.sentences.cosines(vector, rows), strict=True)
    )
    return Passage(chunk, text, score, sentences)


def _answer_metadata(task: _Task) -> list[Statement]:
    """Author, date, publisher and title of an article are known, no model has to write them."""
    field = metadata.asked_field(task.standalone)
    if field is None:
        return []
    records = task.index.records
    statements = []
    articles = [a for a in records.articles if a.metadata != Metadata()]
    for article in metadata.meant(task.standalone, articles):
        text = metadata.sentence(article, field)
        place = records.place(article.id, field)
        if text and place:
            source = records.article(place.article)
            citation = cite.at(source, place.start, place.end)
            statements.append(Statement(text, Verdict("supported", 1.0), (citation,)))
    return statements
