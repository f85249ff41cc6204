"""Articles -> a whole new index version, swapped in at the end. Nothing old is touched before."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import lexical, records, store, versions
from rag.chunk import chunk_article, chunk_sentences
from rag.corpus import RECORDS, Corpus, read_corpus, record_span
from rag.errors import CorpusError
from rag.lines import line_of
from rag.metadata import Field, merge, metadata_chunks, with_metadata
from rag.ports import Embedder, Progress
from rag.structure import locate, read_metadata, structure
from rag.types import Article, Block, Chunk, Place, Refusal, Sentence


@dataclass(frozen=True, slots=True)
class IndexReport:
    """What a run of ``rag index`` did. Lists hold article ids; ``truncated`` counts chunks longer
    than the embedding model reads."""

    version: str
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: tuple[str, ...]
    refused: tuple[Refusal, ...]
    remarks: tuple[str, ...]
    chunks: int
    truncated: int
    seconds: float


def build_index(
    corpus_folder: Path,
    index_folder: Path,
    embedder: Embedder,
    expected: Mapping[str, object],
    chunk_chars: int,
    progress: Callable[[str, int], Progress],
) -> IndexReport:
    """Builds and publishes a version; ``expected`` goes into its manifest and is what it must fit.

    ``progress(what, total)`` opens a progress bar. Raises CorpusError, IndexBusy, ModelError.
    """
    began = time.perf_counter()
    with versions.write_lock(index_folder):
        corpus = read_corpus(corpus_folder)
        if not corpus.articles:
            refused = "; ".join(f"{r.article}: {r.reason}" for r in corpus.refused)
            raise CorpusError(f"No article in {corpus_folder} can be used: {refused}")
        before = _hashes_before(index_folder)
        found = _read(corpus, chunk_chars)
        articles = {a.id: a for a in found.articles}
        embedded = [index_text(c, articles[c.article]) for c in found.chunks]
        spoken = [
            sentence_text(c, s, articles[c.article].text)
            for c, sentences in zip(found.chunks, found.sentences, strict=True)
            for s in sentences
        ]
        bar = progress("Embedding", len(embedded) + len(spoken))
        vectors = embedder.documents(embedded, bar)
        sentence_vectors = embedder.documents(spoken, bar)
        longest = embedder.max_tokens
        truncated = sum(n > longest for n in embedder.count_tokens(embedded))
        with versions.new_version(index_folder) as folder:
            kind = store.write_vectors(folder / store.CHUNKS, vectors)
            store.write_vectors(folder / store.SENTENCES, sentence_vectors)
            lexical.write_lexical(folder, embedded)
            records.write_records(
                folder, found.articles, found.chunks, found.sentences, found.places
            )
            version = versions.publish(
                index_folder,
                folder,
                {
                    **expected,
                    "dimension": int(vectors.shape[1]),
                    "vectors": kind,
                    "articles": {a.id: a.sha256 for a in found.articles},
                    "chunks": len(found.chunks),
                    "sentences": len(spoken),
                    "truncated": truncated,
                },
            )
        versions.prune(index_folder)
    now = {a.id: a.sha256 for a in corpus.articles}
    return IndexReport(
        version=version,
        added=tuple(sorted(now.keys() - before.keys())),
        changed=tuple(sorted(n for n in now.keys() & before.keys() if now[n] != before[n])),
        removed=tuple(sorted(before.keys() - now.keys())),
        unchanged=tuple(sorted(n for n in now.keys() & before.keys() if now[n] == before[n])),
        refused=corpus.refused,
        remarks=(*corpus.remarks, *_silent(found)),
        chunks=len(found.chunks),
        truncated=truncated,
        seconds=time.perf_counter() - began,
    )


def index_text(chunk: Chunk, article: Article) -> str:
    """What is embedded and searched for a chunk: title and headings, then its text, spaces folded.

    ``article`` is the chunk's own source, which for metadata may be QUELLEN.toml.
    """
    own = " ".join(article.text[chunk.start : chunk.end].split())
    above = dict.fromkeys((article.metadata.title or "", *chunk.headings))
    return "\n".join((*(h for h in above if h and h not in own), own))


def sentence_text(chunk: Chunk, sentence: Sentence, text: str) -> str:
    """What is embedded for a sentence: the heading right above it, then itself."""
    own = " ".join(text[sentence.start : sentence.end].split())
    return f"{chunk.headings[-1]}: {own}" if chunk.headings else own


@dataclass(frozen=True, slots=True)
class _Material:
    """All that goes into a version: ``sentences[n]`` are those of ``chunks[n]``; ``places`` by
    article and metadata field."""

    articles: tuple[Article, ...]
    chunks: tuple[Chunk, ...]
    sentences: tuple[tuple[Sentence, ...], ...]
    places: Mapping[str, Mapping[str, Place]]


def _silent(found: _Material) -> list[str]:
    """A remark for each article of which nothing can be found."""
    heard = {c.article for c in found.chunks}
    return [
        f"{a.id}: nothing in it can be found, it seems to be all navigation and advertisements."
        for a in found.articles
        if a.id not in heard and a.id != RECORDS
    ]


def _read(corpus: Corpus, chunk_chars: int) -> _Material:
    articles: list[Article] = []
    chunks: list[Chunk] = []
    sentences: list[tuple[Sentence, ...]] = []
    places: dict[str, Mapping[str, Place]] = {}
    texts = {a.id: a.text for a in corpus.articles}
    if corpus.records:
        texts[corpus.records.id] = corpus.records.text
    for found in corpus.articles:
        article = with_metadata(found, merge(found.metadata, read_metadata(found.text)))
        blocks = structure(article.text, article.metadata)
        headings = {b.line for b in blocks if b.kind in ("title", "heading")}
        of_text = chunk_article(article, blocks, chunk_chars)
        spans = locate(article.text, blocks, article.metadata)
        places[article.id] = _places(article, blocks, spans, corpus.records)
        of_metadata = metadata_chunks(article, places[article.id], texts)
        sentences += [chunk_sentences(c, article.text, headings) for c in of_text]
        sentences += [chunk_sentences(c, texts[c.article]) for c in of_metadata]
        chunks += [*of_text, *of_metadata]
        articles.append(article)
    if corpus.records:
        articles.append(corpus.records)
    return _Material(tuple(articles), tuple(chunks), tuple(sentences), places)


def _places(
    article: Article,
    blocks: Sequence[Block],
    spans: Mapping[str, tuple[int, int]],
    given: Article | None,
) -> dict[str, Place]:
    """Where each field can be read: in the article itself, else in QUELLEN.toml.

    What stands in an advertisement or a contact block is not cited while the record says it too.
    """
    marginal = {b.line for b in blocks if b.kind in ("boilerplate", "caption")}
    places: dict[str, Place] = {}
    fields: Sequence[Field] = ("author", "date", "publisher", "title")
    for field in fields:
        span = spans.get(field)
        recorded = record_span(given, article.id, field) if given else None
        if span and (not recorded or line_of(article.text, span[0]) not in marginal):
            places[field] = Place(article.id, *span)
        elif given and recorded:
            places[field] = Place(given.id, *recorded)
    return places


def _hashes_before(index_folder: Path) -> dict[str, str]:
    """sha256 by article of the current version, {} if there is none that can be read."""
    name = versions.current(index_folder)
    known = versions.article_hashes(index_folder, name) if name else {}
    return {article: digest for article, digest in known.items() if article != RECORDS}
