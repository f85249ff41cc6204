"""The plain pipeline: what a user would write instead, from LangChain's documentation, as a System.

Split into 1,000 characters with 200 of overlap, embed, keep the vectors in memory, show the model
the four nearest passages, believe what it writes. Models, engine, threads and the longest answer
are the program's own (plain_models.py), so that a comparison says what the rest of the program is
worth. It needs ``pip install -e '.[compare]'``.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import openai
import sentencex
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.messages import AIMessageChunk
from langchain_core.prompts import ChatPromptTemplate, MessagesPlaceholder
from langchain_core.vectorstores import InMemoryVectorStore
from langchain_text_splitters import RecursiveCharacterTextSplitter

from eval.datasets import Dataset
from eval.plain_models import LocalModel, make_embeddings, make_llm
from eval.suite import Question
from rag import app
from rag.contract import Json, answer_json, search_json
from rag.errors import GeneratorError
from rag.lines import line_of
from rag.settings import Settings
from rag.types import (
    Abstention,
    Answer,
    AnswerTimes,
    Chunk,
    Citation,
    Passage,
    SearchResult,
    SearchTimes,
    Statement,
    Usage,
    Verdict,
)

PASSAGES = 4

_PROMPT = ChatPromptTemplate.from_messages(
    [
        (
            "system",
            "Du bist ein Assistent, der Fragen beantwortet. Beantworte die Frage nur anhand des"
            " folgenden Kontexts. Wenn die Antwort nicht im Kontext steht, sage, dass du es nicht"
            " weißt. Antworte auf Deutsch in höchstens drei Sätzen. Nenne nach jedem Satz die"
            " Nummer der Quelle in eckigen Klammern, zum Beispiel [2].\n\nKontext:\n\n{context}",
        ),
        MessagesPlaceholder("history"),
        ("human", "{question}"),
    ]
)

_MARKER = re.compile(r"\s*\[\d{1,3}(?:\s?,\s?\d{1,3})*\]")
_MARKERS_AFTER_STOP = re.compile(rf"([.!?])((?:{_MARKER.pattern})+)")
_UNKNOWN = re.compile(
    r"\bnicht\s(?:\w+\s){0,3}(?:wei(?:ß|ss)|bekannt|angegeben|genannt|erwähnt|enthalten|beantworte\w*"
    r"|hervor)\b|\bwei(?:ß|ss)\s(?:\w+\s){0,3}nicht\b|\bkeine\s(?:\w+\s)?(?:Information|Angabe)\w*"
    r"|\bsteht\snicht\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Plain:
    """``articles``: text by id of all that may be cited. ``store``: what a question is asked of.
    ``passages``: how many a search without an answer finds. Without ``llm`` it only searches."""

    articles: Mapping[str, str]
    index_version: str
    store: Callable[[Question], InMemoryVectorStore]
    llm: LocalModel | None
    passages: int = PASSAGES

    @property
    def model(self) -> str:
        return self.llm.name if self.llm else "none"

    def answer(self, question: Question) -> Json:
        return answer_json(self.ask(question))

    def search(self, question: Question) -> Json:
        return search_json(self.find(self.store(question), question, self.passages))

    def find(self, store: InMemoryVectorStore, question: Question, k: int) -> SearchResult:
        """The k nearest passages. LangChain's store embeds and searches in one call."""
        began = time.perf_counter()
        found = store.similarity_search_with_score(question.question, k=k)
        took = 1000 * (time.perf_counter() - began)
        passages = tuple(self._passage(document, score) for document, score in found)
        return SearchResult(question.question, passages, SearchTimes(0.0, took, took))

    def ask(self, question: Question) -> Answer:
        """The model's answer, each sentence with the passages it marks, else with all of them."""
        if self.llm is None:
            raise TypeError("this pipeline only searches")
        store = self.store(question)
        began = time.perf_counter()
        found = self.find(store, question, PASSAGES)
        context = "\n\n".join(f"[{n}] {p.text}" for n, p in enumerate(found.passages, 1))
        history = [
            message
            for turn in question.history
            for message in (("human", turn.question), ("ai", turn.answer))
        ]
        prompt = _PROMPT.invoke(
            {"context": context, "history": history, "question": question.question}
        )
        first: float | None = None
        whole = AIMessageChunk(content="")
        try:
            for piece in self.llm.chat.stream(prompt):
                if first is None and piece.content:
                    first = 1000 * (time.perf_counter() - began)
                whole += piece
        except openai.OpenAIError as error:
            raise GeneratorError(f"{self.model}: {' '.join(str(error).split())[:200]}") from error
        text = str(whole.text)
        statements = read_answer(text, found.passages)
        unknown = not statements or _UNKNOWN.search(statements[0].text)
        reason = Abstention("not_answered", "its first sentence says so") if unknown else None
        return Answer(
            question=question.question,
            text=_MARKER.sub("", text).strip(),
            statements=() if unknown else statements,
            abstention=reason,
            conflicts=(),
            passages=found.passages,
            model=self.model,
            index_version=self.index_version,
            times=AnswerTimes(found.times.total, first, 1000 * (time.perf_counter() - began)),
            usage=_usage(whole),
        )

    def _passage(self, document: Document, score: float) -> Passage:
        article, start = document.metadata["source"], document.metadata["start_index"]
        text = self.articles[article]
        end = start + len(document.page_content)
        lines = line_of(text, start), line_of(text, end - 1)
        return Passage(Chunk(article, *lines, start, end, ()), text[start:end], score)


def open_plain(
    settings: Settings, dataset: Dataset, articles: Mapping[str, str], say: app.Say, llm: bool
) -> Plain:
    """The pipeline over the articles, or over each question's own. Raises ModelError, EvalError."""
    embeddings = make_embeddings(settings, say)
    chat = make_llm(settings, say) if llm else None
    texts = "\0".join(f"{id}\0{text}" for id, text in sorted(articles.items()))
    version = f"memory-{hashlib.sha256(texts.encode()).hexdigest()[:12]}"
    if dataset.groups is not None:
        return Plain(
            articles,
            version,
            lambda question: index(dataset.articles_of(question), embeddings),
            chat,
            settings.passages,
        )
    store = index(articles, embeddings)
    return Plain(articles, version, lambda question: store, chat, settings.passages)


def index(articles: Mapping[str, str], embeddings: Embeddings) -> InMemoryVectorStore:
    """All articles split, embedded and kept in memory."""
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=1000, chunk_overlap=200, add_start_index=True
    )
    documents = [Document(text, metadata={"source": id}) for id, text in articles.items()]
    store = InMemoryVectorStore(embeddings)
    store.add_documents(splitter.split_documents(documents))
    return store


def read_answer(text: str, passages: tuple[Passage, ...]) -> tuple[Statement, ...]:
    """The sentences of what the model wrote, without markers, unchecked."""
    found = []
    for sentence in sentencex.segment("de", _MARKERS_AFTER_STOP.sub(r"\2\1", text)):
        clean = " ".join(_MARKER.sub("", sentence).split())
        if any(c.isalnum() for c in clean):
            marked = {int(n) for m in _MARKER.findall(sentence) for n in re.findall(r"\d+", m)}
            meant = [p for n, p in enumerate(passages, 1) if n in marked] or passages
            citations = tuple(_citation(p) for p in meant)
            found.append(Statement(clean, Verdict("unchecked", 0.0), citations))
    return tuple(found)


def _citation(passage: Passage) -> Citation:
    c = passage.chunk
    return Citation(c.article, c.first_line, c.last_line, c.start, c.end, passage.text)


def _usage(whole: AIMessageChunk) -> Usage:
    used = whole.usage_metadata
    if used is None:
        return Usage()
    cached = used.get("input_token_details", {}).get("cache_read", 0)
    return Usage(used["input_tokens"], used["output_tokens"], cached)
