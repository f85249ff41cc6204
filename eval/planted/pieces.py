"""Articles -> the sentences that can be cited, each where it stands, as the program finds them.

``squad:FILE`` and ``news:FILE`` (JSON lines with a "text", may be gzip) bring their articles; a
folder is read as a corpus.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from eval.errors import EvalError
from eval.files import read_text
from eval.news import read_news
from eval.squad import read_squad
from rag.chunk import chunk_article, chunk_sentences, evidence_of
from rag.corpus import read_corpus
from rag.structure import read_metadata, structure
from rag.types import Article, Evidence, Metadata

_BEHIND, _AHEAD, _ALIKE = 2, 1, 3  # sentences shown beside a sentence's own
_PLAIN = re.compile(r"[A-ZÄÖÜ„\"0-9][^\n•|@]{38,330}(?:[a-zäöüß%)“\"]|\d{3})\.[“\"]?")
_FEW_WORDS = 6
_WORD = re.compile(r"\w{4,}")
_STEM = 6  # first letters of a word that tell what it is about


@dataclass(frozen=True, slots=True)
class Told:
    """An article and all its evidence in order."""

    article: Article
    evidence: tuple[Evidence, ...]


def read_sources(sources: Sequence[str], corpus: Path, chunk_chars: int) -> tuple[Told, ...]:
    """The articles of all sources, of the corpus if none is named. Raises RagError."""
    found: dict[str, Article] = {}
    for source in sources:
        kind, _, rest = source.partition(":")
        if kind not in ("squad", "news") or not rest:
            raise EvalError(f"{source}: sentences come from squad:FILE, news:FILE or --corpus DIR.")
        path = Path(rest)
        if kind == "squad":
            texts = read_squad(path, read_text(path))[1]
        else:  # named by their lines: what is planted where hangs on the name
            texts = {f"{news.line:06}.txt": news.text for news in read_news(path)}
        for id, text in texts.items():
            found[f"{path.name}/{id}"] = _article(f"{path.name}/{id}", text)
    if not sources:
        found = {a.id: a for a in read_corpus(corpus).articles}
    return tuple(_told(article, chunk_chars) for article in found.values())


def is_plain(text: str) -> bool:
    """Whether it is a whole statement of ordinary length, no heading, question or address."""
    return bool(_PLAIN.fullmatch(text)) and text.count(" ") >= _FEW_WORDS and "www." not in text


def shown_with(sentence: str, told: Told, at: int) -> tuple[Evidence, ...]:
    """What an answer might have been written from: the sentence's source, its neighbours and what
    is most like it in the article, in reading order."""
    chosen = set(range(max(0, at - _BEHIND), min(len(told.evidence), at + _AHEAD + 1)))
    about = _stems(sentence)
    alike = sorted(
        (i for i in range(len(told.evidence)) if i not in chosen),
        key=lambda i: (-_likeness(about, told.evidence[i].text), i),
    )
    return tuple(told.evidence[i] for i in sorted((*chosen, *alike[:_ALIKE])))


def _likeness(about: frozenset[str], text: str) -> float:
    own = _stems(text)
    return len(about & own) / math.sqrt(1 + len(own))


def _stems(text: str) -> frozenset[str]:
    return frozenset(m.group().casefold()[:_STEM] for m in _WORD.finditer(text))


def _article(id: str, text: str) -> Article:
    return Article(id, text, hashlib.sha256(text.encode()).hexdigest(), Metadata())


def _told(article: Article, chunk_chars: int) -> Told:
    if article.metadata == Metadata():
        article = replace(article, metadata=read_metadata(article.text))
    blocks = structure(article.text, article.metadata)
    headings = {b.line for b in blocks if b.kind in ("title", "heading")}
    evidence = tuple(
        evidence_of(chunk, sentence, article)
        for chunk in chunk_article(article, blocks, chunk_chars)
        for sentence in chunk_sentences(chunk, article.text, headings)
    )
    return Told(article, evidence)
