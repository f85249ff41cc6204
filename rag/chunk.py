"""Articles -> chunks: slices of whole lines, or of whole sentences where a line is too long.

Home of langchain-text-splitters. It is asked for pieces without overlap, without stripping and
with separators kept, so that the pieces joined are the text and offsets are sums of lengths,
never searched for (``add_start_index`` looks each piece up again and can be wrong).
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.lines import line_of, strip_span
from rag.sentences import sentence_spans
from rag.types import Article, Block, Chunk, Evidence, Sentence

_BULLET = re.compile(r"[ \t]*(?:[-*•▪◦–—☑✓✔►▶➤➜][\ufe0f]?)[ \t]+")
_LEFT_OUT = frozenset({"boilerplate", "caption"})
_BEFORE_CHARS = 400  # before a sentence in its chunk: what explains its names


def chunk_article(article: Article, blocks: Sequence[Block], max_chars: int) -> tuple[Chunk, ...]:
    """The chunks of one article in order; none longer than ``max_chars`` characters."""
    found = []
    for run in _runs(blocks):
        for start, end in _split(article.text, run[0].start, run[-1].end, max_chars):
            begin, finish = strip_span(article.text, start, end)
            if begin == finish:
                continue
            first, last = line_of(article.text, begin), line_of(article.text, finish - 1)
            headings = next((b.headings for b in run if b.line == first), ())
            found.append(Chunk(article.id, first, last, begin, finish, headings))
    return tuple(found)


def chunk_sentences(chunk: Chunk, text: str, headings: Container[int] = ()) -> tuple[Sentence, ...]:
    """The sentences and list items of a chunk in order, without bullets.

    ``headings`` are the lines that hold one: they prove nothing by themselves and are left out
    where a chunk has other lines.
    """
    found: list[Sentence] = []
    at = chunk.start
    for line in text[chunk.start : chunk.end].split("\n"):
        bullet = _BULLET.match(line)
        begin = at + (bullet.end() if bullet else 0)
        if line_of(text, at) not in headings:
            found += [Sentence(*span) for span in sentence_spans(text, begin, at + len(line))]
        at += len(line) + 1
    return tuple(found) if found or not headings else chunk_sentences(chunk, text)


def evidence_of(chunk: Chunk, sentence: Sentence, article: Article) -> Evidence:
    """A sentence of a chunk as it can be cited, with what stands before it there."""
    start, end = sentence.start, sentence.end
    return Evidence(
        article=chunk.article,
        line=line_of(article.text, start),
        start=start,
        end=end,
        text=article.text[start:end],
        headings=chunk.headings,
        metadata=article.metadata,
        before=article.text[max(chunk.start, start - _BEFORE_CHARS) : start],
    )


def _runs(blocks: Sequence[Block]) -> Iterator[list[Block]]:
    """Neighbouring blocks that belong together: a heading opens a run, boilerplate ends one.

    A paragraph stands alone; a list stays with its lead-in and headings, because "- Kanada: ..."
    says little without them.
    """
    run: list[Block] = []
    for block in blocks:
        opens = (
            block.kind in ("title", "heading", "lead_in", "meta", "paragraph")
            and run
            and not (block.kind == "lead_in" and run[-1].kind == "heading")
            and not (block.kind == "heading" and run[-1].kind == "heading")
            and not (block.kind == "paragraph" and run[-1].kind == "heading")
        )
        if run and (opens or block.kind in _LEFT_OUT):
            yield run
            run = []
        if block.kind not in _LEFT_OUT:
            run.append(block)
    if run:
        yield run


def _split(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    at = start
    for piece in _pieces(text[start:end], ["\n"], max_chars):
        if len(piece) <= max_chars:
            yield at, at + len(piece)
        else:
            yield from _split_line(text, at, at + len(piece), max_chars)
        at += len(piece)


def _split_line(text: str, start: int, end: int, max_chars: int) -> Iterator[tuple[int, int]]:
    """A line that is too long: as many whole sentences as fit; an endless one at white space."""
    pending: tuple[int, int] | None = None
    for begin, finish in sentence_spans(text, start, end):
        if pending and finish - pending[0] <= max_chars:
            pending = (pending[0], finish)
            continue
        if pending:
            yield pending
        pending = None
        if finish - begin <= max_chars:
            pending = (begin, finish)
            continue
        at = begin
        for piece in _pieces(text[begin:finish], [" ", ""], max_chars):
            yield at, at + len(piece)
            at += len(piece)
    if pending:
        yield pending


def _pieces(text: str, separators: list[str], max_chars: int) -> list[str]:
    splitter = RecursiveCharacterTextSplitter(
        separators=separators,
        keep_separator="end",
        chunk_size=max_chars,
        chunk_overlap=0,
        strip_whitespace=False,
        length_function=len,
    )
    pieces = splitter.split_text(text)
    # Correct by construction for the settings above; a changed library must not shift a line.
    return pieces if "".join(pieces) == text else [text]
