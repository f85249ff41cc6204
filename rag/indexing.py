"""Articles -> a whole new index version, swapped in at the end. Nothing old is touched before."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rag import lexical, records, store, versions
from rag.chunk import chunk_article
from rag.corpus import Corpus, read_corpus, record_span
from rag.errors import CorpusError
from rag.metadata import Field, merge, metadata_chunks, with_metadata
from rag.ports import Embedder, Progress
from rag.structure import locate, read_metadata, structure
from rag.types import Article, Chunk, Place, Refusal


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
        articles, chunks, places = _read(corpus, chunk_chars)
        texts = {a.id: a.text for a in articles}
        embedded = [index_text(c, texts[c.article]) for c in chunks]
        vectors = embedder.documents(embedded, progress("Embedding", len(embedded)))
        longest = embedder.max_tokens
        truncated = sum(n > longest for n in embedder.count_tokens(embedded))
        with versions.new_version(index_folder) as folder:
            kind = store.write_vectors(folder, vectors)
            lexical.write_lexical(folder, embedded)
            records.write_records(folder, articles, chunks, places)
            version = versions.publish(
                index_folder,
                folder,
                {
                    **expected,
                    "dimension": int(vectors.shape[1]),
                    "vectors": kind,
                    "articles": {a.id: a.sha256 for a in articles},
                    "chunks": len(chunks),
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
        remarks=corpus.remarks,
        chunks=len(chunks),
        truncated=truncated,
        seconds=time.perf_counter() - began,
    )


def index_text(chunk: Chunk, text: str) -> str:
    """What is embedded and searched for a chunk: its headings, then its text, white space folded."""
    own = " ".join(text[chunk.start : chunk.end].split())
    above = [h for h in chunk.headings if h not in own]
    return "\n".join((*above, own))


def _read(
    corpus: Corpus, chunk_chars: int
) -> tuple[list[Article], list[Chunk], dict[str, Mapping[str, Place]]]:
    articles: list[Article] = []
    chunks: list[Chunk] = []
    places: dict[str, Mapping[str, Place]] = {}
    texts = {a.id: a.text for a in corpus.articles}
    if corpus.records:
        texts[corpus.records.id] = corpus.records.text
    for found in corpus.articles:
        article = with_metadata(found, merge(found.metadata, read_metadata(found.text)))
        blocks = structure(article.text, article.metadata)
        chunks += chunk_article(article, blocks, chunk_chars)
        spans = locate(article.text, blocks, article.metadata)
        places[article.id] = _places(article, spans, corpus.records)
        chunks += metadata_chunks(article, places[article.id], texts)
        articles.append(article)
    if corpus.records:
        articles.append(corpus.records)
    return articles, chunks, places


def _places(
    article: Article, spans: Mapping[str, tuple[int, int]], given: Article | None
) -> dict[str, Place]:
    """Where each field can be read: in the article if it says so, else in QUELLEN.toml."""
    places: dict[str, Place] = {}
    fields: Sequence[Field] = ("author", "date", "publisher", "title")
    for field in fields:
        if field in spans:
            places[field] = Place(article.id, *spans[field])
        elif given and (span := record_span(given, article.id, field)):
            places[field] = Place(given.id, *span)
    return places


def _hashes_before(index_folder: Path) -> dict[str, str]:
    """sha256 by article of the current version, {} if there is none that can be read."""
    name = versions.current(index_folder)
    return versions.article_hashes(index_folder, name) if name else {}
