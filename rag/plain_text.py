"""Answers, passages and lines as plain text, for programs that show nothing else.

Every place is named with its article's title, its lines and the article's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rag.lines import line_span
from rag.types import Answer, Article, Chunk, Citation, SearchResult

Titles = Mapping[str, str]


def answer_text(answer: Answer, titles: Titles) -> str:
    """The sentences with numbers, where the articles differ, and below the lines cited:
    ``[1] title, line 3: »quote« (article-id)``."""
    if answer.abstention:
        return f"{answer.text}\n\n(Not answered: {answer.abstention.detail}.)"
    numbers: dict[Citation, int] = {}

    def marked(text: str, citations: Sequence[Citation]) -> str:
        marks = [f"[{numbers.setdefault(each, len(numbers) + 1)}]" for each in citations]
        return " ".join([text, "".join(marks)]) if marks else text

    said = [
        marked(s.text, s.citations) + ("" if s.verdict.support == "supported" else " (not proven)")
        for s in answer.statements
    ]
    conflicts = [marked(c.text, c.citations) for c in answer.conflicts]
    below = [
        f"[{number}] {_place(each, titles)}: »{' '.join(each.quote.split())}« ({each.article})"
        for each, number in numbers.items()
    ]
    return "\n".join([" ".join(said), *answer.untold, *conflicts, "", *below])


def search_text(result: SearchResult, titles: Titles) -> str:
    """The passages, best first: ``[1] title, lines 3 to 5 (article-id)`` and their text."""
    found = [
        f"[{number}] {_place(each.chunk, titles)} ({each.chunk.article})\n{each.text}"
        for number, each in enumerate(result.passages, 1)
    ]
    return "\n\n".join(found) or "No passage was found."


def lines_text(article: Article, first: int, last: int) -> str:
    """The title and id, then each line behind its number."""
    spans = [(line, line_span(article.text, line)) for line in range(first, last + 1)]
    lines = [f"{line}: {article.text[start:end]}" for line, (start, end) in spans]
    return "\n".join([f"{article.title} ({article.id})", *lines])


def _place(place: Citation | Chunk, titles: Titles) -> str:
    first, last = place.first_line, place.last_line
    lines = f"line {first}" if first == last else f"lines {first} to {last}"
    return f"{titles.get(place.article, place.article)}, {lines}"
