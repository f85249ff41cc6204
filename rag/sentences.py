"""Sentence boundaries inside a line. Home of sentencex.

Chosen over pysbd, syntok and SoMaJo because it gets German dates, abbreviations and quotation
marks right and gives the text back whole (measured in the design).
"""

from __future__ import annotations

import re

import sentencex

from rag.lines import strip_span

_NUMBERING = re.compile(r"\(?\d{1,3}[.)]")


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """[start, end) of each sentence in ``text[start:end]``, white space stripped, in order.

    Offsets are cumulative lengths of the pieces, never searched for. Should the pieces not add up
    to the text, it is kept whole: a longer quote is right, a shifted one is not.
    """
    end = len(text) if end is None else end
    piece = text[start:end]
    parts = sentencex.segment("de", piece)
    if "".join(parts) != piece:
        parts = [piece]
    spans: list[tuple[int, int]] = []
    at = start
    joined_to = None
    for part in parts:
        begin, finish = strip_span(text, at, at + len(part))
        at += len(part)
        if begin == finish:
            continue
        if joined_to is not None:
            spans[-1] = (spans[-1][0], finish)
        else:
            spans.append((begin, finish))
        # "Xpert.Digital" and the "1." before a list item are no ends of sentences.
        glued = finish == at
        joined_to = spans[-1] if glued or _NUMBERING.fullmatch(text[begin:finish]) else None
    return spans
