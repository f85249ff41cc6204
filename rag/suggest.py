"""Questions that a reader may ask, each of which the articles can answer.

A question is made of a sentence of an article and offered only if, put to the whole index without
a language model, it is answered by that very sentence. Author and date are answered by rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from rag import metadata
from rag.german import stem, stop_stems, words
from rag.names import names
from rag.ports import Embedder
from rag.prover import Prover
from rag.retrieve import OpenIndex, retrieve
from rag.select import candidates, choose_evidence
from rag.sentence_questions import questions
from rag.types import Answer, Article, Chunk

MOST = 3  # questions offered at a time
_TRIED = 6  # questions put to the index for one answer; each takes some 40 ms
_TRIED_EACH = 4  # of one article, to begin with
_ARTICLES = 12  # looked into to begin with
_ALIKE = 0.6  # share of its words that makes a question the same as another
_PASSAGES, _TOKENS = 4, 400


class Suggester:
    """Finds questions for one open index. Asks no language model."""

    def __init__(self, index: OpenIndex, embedder: Embedder) -> None:
        self._index = index
        self._embedder = embedder

    def follow_ups(self, answer: Answer, among: Collection[str] | None = None) -> tuple[str, ...]:
        """What may be asked after an answer: about what stands near it and was not said yet."""
        if answer.abstention and answer.abstention.reason == "small_talk":
            return ()
        said = [answer.question, answer.rewritten_question or ""]
        cited = {(c.article, c.start) for s in answer.statements for c in s.citations}
        chunks = [p.chunk for p in answer.passages]
        near = {
            c.headings
            for c in chunks
            if any(a == c.article and c.start <= at < c.end for a, at in cited)
        }
        made = (each for each in self._made(chunks, near) if each[1:] not in cited)
        found = list(islice(self._proven(islice(made, _TRIED), said, among), MOST))
        known = [self._index.records.article(a) for a in dict.fromkeys(c.article for c in chunks)]
        found += islice(self._about(known, said), 0 if found else 1)
        return tuple(found)

    def openers(self) -> tuple[str, ...]:
        """What may be asked first, of several articles if there are."""
        records = self._index.records
        chunks: dict[str, list[Chunk]] = {}
        for row in range(len(records)):
            chunk = records.chunk(row)
            if chunk.article in chunks or len(chunks) < _ARTICLES:
                chunks.setdefault(chunk.article, []).append(chunk)
        found: list[str] = []
        each = [
            self._proven(islice(self._made(those), _TRIED_EACH * MOST), [], None)
            for those in chunks.values()
        ]
        while each and len(found) < MOST:  # one of each article in turn
            for own in list(each):
                question = next((q for q in own if _is_new(q, found)), None)
                if question is None:
                    each.remove(own)
                elif len(found) < MOST:
                    found.append(question)
        articles = [records.article(a) for a in chunks]
        found += islice(self._about(articles, found), MOST - len(found))
        return tuple(found)

    def _made(
        self, chunks: Iterable[Chunk], near: Collection[tuple[str, ...]] = ()
    ) -> Iterator[tuple[str, str, int]]:
        """Questions made of the sentences of chunks, with article and start of the sentence.

        Without a name ("Was ist das Ziel der Initiative?") only under the headings in ``near``,
        where it goes on from what was said.
        """
        records = self._index.records
        for chunk in chunks:
            text = records.article(chunk.article).text
            for row in records.sentence_rows(records.row(chunk)):
                sentence = records.sentence(row)
                for question in questions(text[sentence.start : sentence.end]):
                    if chunk.headings in near or names(question):
                        yield question, chunk.article, sentence.start

    def _proven(
        self,
        made: Iterable[tuple[str, str, int]],
        said: Sequence[str],
        among: Collection[str] | None,
    ) -> Iterator[str]:
        """Those that the index answers with their own sentence and that were not said."""
        offered: list[str] = []
        for question, article, start in made:
            if not _is_new(question, offered) or _same(question, said):
                continue
            if self._answers(question, article, start, among):
                offered.append(question)
                yield question

    def _answers(
        self, question: str, article: str, start: int, among: Collection[str] | None
    ) -> bool:
        found = retrieve(self._index, self._embedder, question, _PASSAGES, among=among)
        read = self._index.records.article
        evidence = choose_evidence(question, candidates(found.passages, read), _TOKENS)
        quoted = Prover(question, question, read, None).quotes(evidence)
        return any(c.article == article and c.start == start for s in quoted for c in s.citations)

    def _about(self, articles: Sequence[Article], said: Sequence[str]) -> Iterator[str]:
        """Who wrote an article and when it came out, as far as that is known."""
        asked = {metadata.asked_field(question) for question in said}
        for article in articles:
            known = article.metadata
            title = article.title.replace("„", "‚").replace("“", "‘")
            if known.author and "author" not in asked:
                yield f"Wer hat den Artikel „{title}“ geschrieben?"
            if known.date and "date" not in asked:
                yield f"Wann ist der Artikel „{title}“ erschienen?"


def _same(question: str, others: Iterable[str]) -> bool:
    """Whether it asks nearly what another one asks."""
    own = _stems(question)
    return any(
        len(own & _stems(other)) >= _ALIKE * min(len(own), len(_stems(other)) or 1)
        for other in others
        if other
    )


def _is_new(question: str, offered: Sequence[str]) -> bool:
    """Whether it is another question, and another kind: one "Wer ist ...?" at a time is enough."""
    begun = any(each.split()[:2] == question.split()[:2] for each in offered)
    return not begun and not _same(question, offered)


def _stems(text: str) -> set[str]:
    return {stem(w.text) for w in words(text)} - stop_stems() or {text}
