"""A small working assistant for the page's tests: real articles, scripted answers.

It cites places of the two articles in corpus/ by searching the quotes once, so every offset is a
real slice. ``pace`` is the pause between two events in seconds; ``closed`` counts the answers
whose iterator was closed before its end.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rag.errors import CorpusError, GeneratorDown, GeneratorError, QuestionError, RagError
from rag.lines import line_of
from rag.queueing import Queue
from rag.types import (
    Abstention,
    Answer,
    AnswerTimes,
    Article,
    Checking,
    Chunk,
    Citation,
    Conflict,
    Done,
    Event,
    Found,
    Loading,
    Metadata,
    Passage,
    Proven,
    Queued,
    Reading,
    SearchResult,
    SearchTimes,
    Statement,
    Support,
    Turn,
    Usage,
    Verdict,
    Writing,
)

CORPUS = Path(__file__).parent.parent / "corpus"
EVIL = '<img src=x onerror="window.hacked=1"><script>window.hacked=2</script>'
EVIL_LINK = "[klick](javascript:window.hacked=3) ![bild](https://example.org/leak.png)"
EVIL_TITLE = f"Titel {EVIL}"
EVIL_ID = 'böse "><img src=x onerror=window.hacked=4>.txt'
EVIL_TEXT = (
    f"Ein Artikel mit {EVIL} und {EVIL_LINK}.\n\n${{window.hacked=5}} {{{{7*7}}}} 😀 Ende.\n"
)


def corpus_articles() -> tuple[Article, ...]:
    """The two articles of corpus/ with the metadata of QUELLEN.toml."""
    known = tomllib.loads((CORPUS / "QUELLEN.toml").read_text("utf-8"))
    return tuple(
        article(name, (CORPUS / name).read_bytes().decode("utf-8"), facts)
        for name, facts in known.items()
    )


def evil_articles() -> tuple[Article, ...]:
    """An article whose text and title, and another whose file name tries to break the page."""
    return (
        article("boese.txt", EVIL_TEXT, {"title": EVIL_TITLE}),
        article(EVIL_ID, "Nur der Name ist böse.\n", {}),
    )


def long_article(lines: int) -> Article:
    """A long article with one sentence a line, some outside the basic plane of Unicode."""
    text = "".join(
        f"Zeile {n} 😀 mit einem Satz, der die Zeile füllt. Ende.\n" for n in range(lines)
    )
    return article("ordner/lang & breit.txt", text, {"title": "Lang"})


def article(id: str, text: str, facts: dict[str, Any]) -> Article:
    metadata = Metadata(**{k: v for k, v in facts.items() if k in Metadata.__slots__})
    return Article(id, text, hashlib.sha256(text.encode()).hexdigest(), metadata)


def cite(source: Article, quote: str) -> Citation:
    """The first place of ``quote`` in ``source``. ValueError if it is not there."""
    start = source.text.index(quote)
    end = start + len(quote)
    first, last = line_of(source.text, start), line_of(source.text, end - 1)
    return Citation(source.id, first, last, start, end, source.text[start:end])


def passage(source: Article, part: str, score: float) -> Passage:
    """The whole line that holds ``part``."""
    found = cite(source, part)
    start = source.text.rfind("\n", 0, found.start) + 1
    end = source.text.find("\n", found.end)
    end = len(source.text) if end < 0 else end
    chunk = Chunk(source.id, found.first_line, found.last_line, start, end, ("Abschnitt",))
    return Passage(chunk, source.text[start:end], score)


@dataclass
class FakeAssistant:
    """Answers by the words in the question: "Wetter" abstains, "Absturz" dies, and so on."""

    pace: float = 0.02
    advice: str | None = "install Ollama, then: ollama pull gemma3:4b"
    model: str = "llamacpp:qwen2.5-coder-1.5b-instruct"
    index_version: str = "20250211-120000-abcdef"
    extra: tuple[Article, ...] = ()
    missing: RagError | None = None
    loading: Loading | None = None
    queue: Queue = field(default_factory=lambda: Queue(100))
    closed: int = 0
    full: bool = False
    thinks: float = 0.0
    opinions: dict[str, tuple[str, str, dict[str, Any]]] = field(default_factory=dict)
    asked: list[tuple[str, Collection[str] | None, int]] = field(default_factory=list)
    histories: list[tuple[Turn, ...]] = field(default_factory=list)

    def add(self, rating: str, reason: str, answer: dict[str, Any], key: str) -> object:
        """Keeps an opinion."""
        if self.full:
            raise OSError("No space left on device")
        self.opinions[key] = (rating, reason, answer)
        return key

    def articles(self) -> tuple[Article, ...]:
        if self.missing:
            raise self.missing
        return corpus_articles() + self.extra

    def article(self, id: str) -> Article:
        for each in self.articles():
            if each.id == id:
                return each
        raise CorpusError(f"There is no article {id!r}.")

    def openers(self) -> tuple[str, ...]:
        return () if self.loading else ("Wer hat den Artikel geschrieben?", "Worum geht es?")

    def follow_ups(self, answer: Answer, among: Collection[str] | None = None) -> tuple[str, ...]:
        time.sleep(self.thinks)
        return () if answer.abstention else ("Wer gibt das Geld?", "Wann beginnt es?")

    def search(
        self, question: str, k: int | None = None, among: Collection[str] | None = None
    ) -> SearchResult:
        xpert, wiwo = corpus_articles()
        passages = (
            passage(wiwo, "EU AI Champions Initiative", 0.9),
            passage(wiwo, "7,7 Milliarden Dollar", 0.8),
            passage(xpert, "Stargate KI Europa", 0.7),
            passage(wiwo, "Jeannette zu Fürstenberg", 0.6),
            *(passage(each, "Ein Artikel mit", 0.5) for each in self.extra if "Ein" in each.text),
        )
        return SearchResult(question, passages[:k], SearchTimes(8.0, 2.0, 10.0))

    def answer(
        self,
        question: str,
        history: Sequence[Turn] = (),
        among: Collection[str] | None = None,
        variation: int = 0,
    ) -> Iterator[Event]:
        self.asked.append((question, among, variation))
        if not question.strip():
            raise QuestionError("empty", "The question is empty.")
        if len(question) > 2000:
            raise QuestionError("too_long", "The question is longer than 2000 characters.")
        self.histories.append(tuple(history))
        try:
            while self.loading:
                yield self.loading
                time.sleep(self.pace)
            yield from self._events(question)
        except GeneratorExit:
            self.closed += 1
            raise

    def _events(self, question: str) -> Iterator[Event]:
        if self.missing:
            raise self.missing
        if "Server" in question:
            raise GeneratorDown("Ollama does not answer.", "ollama serve")
        result = self.search(question)
        yield Found(result, self.model, self.index_version)
        with self.queue.place() as place:
            for ahead in place.wait():
                yield Queued(ahead)
            yield from self._served(question, result)

    def _served(self, question: str, result: SearchResult) -> Iterator[Event]:
        for done in range(0, 500, 100):
            time.sleep(self.pace)
            yield Reading(done, 500)
        if "Wetter" in question:
            yield Done(self._made(question, result, (), abstained=True))
            return
        statements = self._statements(question)
        for number, statement in enumerate(statements):
            words = statement.text.split()
            for end in range(1, len(words) + 1):
                time.sleep(self.pace)
                yield Writing(" ".join(words[:end]))
                if "Absturz" in question and number == 1:
                    raise GeneratorError("The model died.", "rag doctor")
                if "Fehler" in question and number == 1:
                    raise ZeroDivisionError("secret detail of the program")
            yield Checking(statement.text)
            time.sleep(self.pace)
            yield Proven(statement)
        while "endlos" in question:
            time.sleep(self.pace)
            yield Writing("Und so weiter und so fort …")
        yield Done(self._made(question, result, statements))

    def _statements(self, question: str) -> tuple[Statement, ...]:
        xpert, wiwo = corpus_articles()
        if self.extra and "böse" in question:
            bad = self.extra[0]
            return (
                self._statement(f"Im Artikel steht {EVIL}.", cite(bad, EVIL)),
                self._statement(f"Und {EVIL_LINK} ${{window.hacked=6}}.", cite(bad, "😀 Ende.")),
            )
        return (
            self._statement(
                "Mehr als 60 europäische Unternehmen haben eine „EU AI Champions Initiative“ "
                "angekündigt.",
                cite(wiwo, "Mehr als 60 europäische Unternehmen haben eine „EU AI Champions Ini"),
                cite(xpert, "Stargate KI Europa"),
            ),
            self._statement(
                "Geplant sind 150 Milliarden Euro in fünf Jahren.",
                cite(wiwo, "Geplant sind Investitionen in europäische KI in Höhe von 150 Mill"),
            ),
            self._statement("Das sagt noch niemand so genau.", support="unsupported"),
            self._statement(f"Gefragt war: {question}", support="unchecked"),
        )

    @staticmethod
    def _statement(text: str, *cited: Citation, support: Support = "supported") -> Statement:
        return Statement(text, Verdict(support, 1.0 if cited else 0.0), cited)

    def _made(
        self,
        question: str,
        result: SearchResult,
        statements: tuple[Statement, ...],
        abstained: bool = False,
    ) -> Answer:
        _, wiwo = corpus_articles()
        text = " ".join(each.text for each in statements)
        first, second = cite(wiwo, "150 Milliarden Euro"), cite(wiwo, "109 Milliarden Dollar")
        return Answer(
            question=question,
            text="Das steht nicht in den Artikeln." if abstained else text,
            statements=statements,
            abstention=Abstention("not_answered", "no proof") if abstained else None,
            conflicts=(Conflict("150 oder 109.", (first, second)),) if "Streit" in question else (),
            passages=result.passages,
            model=self.model,
            index_version=self.index_version,
            times=AnswerTimes(10.0, 1200.0, 2300.0),
            usage=Usage(500, 60),
            rewritten_question=None,
        )
