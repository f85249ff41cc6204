"""Chunks are exact slices of whole lines or sentences, whatever the text looks like."""

from __future__ import annotations

import time
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.chunk import chunk_article, chunk_sentences
from rag.lines import line_of
from rag.sentences import sentence_spans
from rag.structure import structure
from rag.types import Article, Block, Chunk, Metadata

MAX = 200
LINES = st.sampled_from(
    [
        *("", "  ", "\r", "Ein Titel", "# Überschrift", "## Noch eine", "- Punkt eins", "• Punkt"),
        *("Ein kurzer Satz.", "Er ging. Sie kam! Wer blieb?", "Folgende Länder:", "1. Erstens"),
        "Ein längerer Absatz mit Emoji 😀 und vielen Wörtern, der am 20. März beginnt. " * 4,
        *(
            "x" * 450,
            "wort " * 120,
            "„auf „auf " * 40,
            "Satz mit\u2028Trenner.\x85 Weiter.\f Ende.",
        ),
        *(
            "Anna Muster",
            "10.02.2025",
            "Foto: dpa",
            "Mehr zum Thema",
            "Jetzt abonnieren!",
            "\ufeff",
        ),
        *("\x1c", "a\u0308" * 150, "." * 300, "Der Satz endet genau hier. \r", "\t- eingerückt"),
    ]
)
TEXTS = st.one_of(
    st.lists(LINES, min_size=1, max_size=14).map("\n".join), st.text(min_size=1, max_size=300)
)


@lru_cache(maxsize=512)
def cut(text: str, max_chars: int = MAX) -> tuple[tuple[Block, ...], tuple[Chunk, ...]]:
    blocks = structure(text, Metadata())
    return blocks, chunk_article(Article("a.txt", text, "", Metadata()), blocks, max_chars)


@settings(deadline=None)
@given(TEXTS)
def test_chunks_are_ordered_stripped_slices_that_never_overlap_and_are_never_too_long(
    text: str,
) -> None:
    at = 0
    for chunk in cut(text)[1]:
        assert at <= chunk.start < chunk.end <= len(text)
        assert text[chunk.start : chunk.end] == text[chunk.start : chunk.end].strip()
        assert chunk.end - chunk.start <= MAX
        at = chunk.end


@settings(deadline=None)
@given(TEXTS)
def test_a_chunk_names_the_lines_its_first_and_last_character_stand_in(text: str) -> None:
    for chunk in cut(text)[1]:
        assert chunk.first_line == 1 + text.count("\n", 0, chunk.start)
        assert chunk.last_line == 1 + text.count("\n", 0, chunk.end - 1)


@settings(deadline=None)
@given(TEXTS)
def test_what_is_part_of_the_article_is_covered_once_and_nothing_else_is(text: str) -> None:
    blocks, chunks = cut(text)
    covered = [0] * len(text)
    for chunk in chunks:
        for i in range(chunk.start, chunk.end):
            covered[i] += 1
    wanted = [0] * len(text)
    for block in blocks:
        if block.kind not in ("boilerplate", "caption"):
            for i in range(block.start, block.end):
                wanted[i] = 1
    differ = [i for i in range(len(text)) if covered[i] != wanted[i] and not text[i].isspace()]
    assert differ == []


@settings(deadline=None)
@given(TEXTS)
def test_a_chunk_ends_with_a_line_or_with_a_sentence_or_the_sentence_is_too_long(text: str) -> None:
    blocks, chunks = cut(text)
    block_of = {b.line: b for b in blocks}
    for chunk in chunks:
        block = block_of[line_of(text, chunk.end - 1)]
        if chunk.end == block.end:
            continue
        spans = sentence_spans(text, block.start, block.end)
        ends = {end for _, end in spans}
        too_long = any(a < chunk.end < b and b - a > MAX for a, b in spans)
        assert chunk.end in ends or too_long


@settings(deadline=None)
@given(TEXTS)
def test_a_chunk_carries_the_headings_of_its_first_line(text: str) -> None:
    blocks, chunks = cut(text)
    headings = {b.line: b.headings for b in blocks}
    assert all(chunk.headings == headings[chunk.first_line] for chunk in chunks)


@settings(deadline=None)
@given(TEXTS)
def test_the_sentences_of_a_chunk_are_stripped_slices_of_its_lines_in_order(text: str) -> None:
    for chunk in cut(text)[1]:
        at = chunk.start
        for sentence in chunk_sentences(chunk, text):
            assert at <= sentence.start < sentence.end <= chunk.end
            own = text[sentence.start : sentence.end]
            assert own == own.strip()
            assert "\n" not in own
            at = sentence.end


@settings(deadline=None)
@given(TEXTS)
def test_the_sentences_of_a_chunk_leave_out_nothing_but_bullets(text: str) -> None:
    for chunk in cut(text)[1]:
        kept = {i for s in chunk_sentences(chunk, text) for i in range(s.start, s.end)}
        rest = [text[i] for i in range(chunk.start, chunk.end) if i not in kept]
        assert not any(c.isalnum() for c in rest)


@pytest.mark.parametrize("line", ["wort " * 200_000, "x" * 1_000_000, "Er ging heim. " * 70_000])
def test_a_line_of_a_million_characters_is_cut_in_seconds(line: str) -> None:
    text = f"Ein Titel\n\n{line}\n\nEin letzter Satz."
    block = (Block("paragraph", 3, 11, 11 + len(line.rstrip())),)
    began = time.perf_counter()
    chunks = chunk_article(Article("a.txt", text, "", Metadata()), block, 1200)
    assert time.perf_counter() - began < 20
    assert all(0 < c.end - c.start <= 1200 and c.first_line == 3 for c in chunks)
    joined = "".join(text[c.start : c.end] for c in chunks)
    assert joined.replace(" ", "") == line.replace(" ", "")
    assert sum(c.end - c.start for c in chunks) / len(chunks) > 1000  # filled, not crumbs


def test_a_line_that_is_just_as_long_as_a_chunk_stays_whole() -> None:
    line = "Ein Satz hier. " * 20
    text = f"{line[:199]}.\n\n{line[:198]}."
    assert [(c.start, c.end) for c in cut(text)[1]] == [(0, 200), (202, 401)]


def test_equal_texts_in_two_places_are_two_chunks() -> None:
    text = "Das steht hier zweimal so da.\n\nEtwas ganz anderes steht dazwischen.\n\n" * 2
    places = {(c.start, c.end) for c in cut(text)[1]}
    assert len(places) >= 4
