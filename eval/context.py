"""A place of an article as the report shows it: its lines, the meant span marked, all escaped."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from eval.metrics import Line, covered
from rag.lines import line_count, line_span

_AROUND = 160  # characters kept on each side of a span in a long line
_PASSAGE = 220  # characters shown of a passage


def citation(place: Mapping[str, Any], proof: Sequence[Line], texts: Mapping[str, str]) -> str:
    """A cited place in its line, the cited span marked; tells whether it covers a proving line."""
    article, first, last = place["article"], place["first_line"], place["last_line"]
    right = bool(covered((article, first, last), proof))
    mood = "" if not proof else "right" if right else "wrong"
    text = texts.get(article, "")
    exact = text[place["start"] : place["end"]] == place["quote"] != ""
    if not exact:
        shown = f"<mark>{escape(place['quote'])}</mark> <b>This is not what stands there.</b>"
    else:
        shown = _marked(text, first, last, place["start"], place["end"])
    return quoted(place_name(article, first, last), shown, mood)


def proving_line(article: str, line: int, texts: Mapping[str, str]) -> str:
    """A line of the suite's proof."""
    text = texts.get(article, "")
    if not 1 <= line <= line_count(text):
        return ""
    start, end = line_span(text, line)
    return quoted(place_name(article, line, line), escape(_cut(text[start:end], 4 * _AROUND)), "")


def passage(rank: int, place: Mapping[str, Any], proof: Sequence[Line]) -> str:
    """A passage that was found, as a list item."""
    first, last = place["first_line"], place["last_line"]
    right = covered((place["article"], first, last), proof)
    return (
        f'<li class="{"right" if right else ""}"><span class="place">'
        f"{escape(place_name(place['article'], first, last))}</span> "
        f'<span class="score">{place["score"]:.3f}</span> '
        f'<span lang="de">{escape(_cut(" ".join(place["text"].split()), _PASSAGE))}</span></li>'
    )


def quoted(place: str, shown: str, mood: str) -> str:
    """A text of an article as a block, its place above it; ``shown`` is HTML."""
    return (
        f'<blockquote class="{mood}"><span class="place">{escape(place)}</span>'
        f'<span lang="de">{shown}</span></blockquote>'
    )


def place_name(article: str, first: int, last: int) -> str:
    """ "article:3" or "article:3-5"."""
    return f"{article}:{first}" if first == last else f"{article}:{first}-{last}"


def _marked(text: str, first: int, last: int, start: int, end: int) -> str:
    """The lines around [start, end), long ones cut, the span marked."""
    begin = line_span(text, first)[0]
    finish = line_span(text, last)[1]
    before, after = text[begin:start], text[end:finish]
    if len(before) > _AROUND:
        before = "… " + before[-_AROUND:]
    return f"{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(_cut(after, _AROUND))}"


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[:length] + " …"
