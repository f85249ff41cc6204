"""Sentence boundaries inside a line. Home of sentencex.

Chosen over pysbd, syntok and SoMaJo because it gets German dates, abbreviations and quotation
marks right and gives the text back whole (measured in the design).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import sentencex

from rag.lines import strip_span

# Characters looked at in one go: sentencex takes quadratic time over quotation marks never closed.
_WINDOW = 10_000
_NUMBERING = re.compile(r"\(?\d{1,3}[.)]")
_ORDINAL = re.compile(
    r"\b(?:der|die|das|dem|den|des|am|im|ins|vom|zum|zur|beim|jede[rsmn]?|ein|eine[rsmn]?|seine[rsmn]?"
    r"|ihre[rsmn]?|unsere[rsmn]?)\s\d{1,3}\.$",
    re.IGNORECASE,
)


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """[start, end) of each sentence in ``text[start:end]``, white space stripped, in order.

    Offsets are cumulative lengths of the pieces, never searched for. Should the pieces not add up
    to the text, it is kept whole: a longer quote is right, a shifted one is not.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    at = start
    goes_on = False
    for part in _parts(text[start:end]):
        begin, finish = strip_span(text, at, at + len(part))
        at += len(part)
        if begin == finish:
            continue
        if goes_on:
            spans[-1] = (spans[-1][0], finish)
        else:
            spans.append((begin, finish))
        # "Xpert.Digital", the "1." before a list item and "im 19." are no ends of sentences.
        goes_on = bool(
            finish == at
            or _NUMBERING.fullmatch(text, begin, finish)
            or _ORDINAL.search(text, max(begin, finish - 20), finish)
        )
    return spans


def _parts(piece: str) -> Iterator[str]:
    """The pieces sentencex cuts, white space kept; a text longer than the window in several goes,
    the last sentences of a window begin the next one."""
    at = 0
    while at < len(piece):
        window = piece[at : at + _WINDOW]
        parts = sentencex.segment("de", window)
        if "".join(parts) != window:
            parts = [window]
        if at + len(window) < len(piece) and len(parts) > 1:
            parts = parts[: max(1, len(parts) - 2)]  # "am 2. M|ärz" may have been cut in two
        yield from parts
        at += sum(len(part) for part in parts)
