"""The JSON other programs rely on, exactly as the design fixes it."""

from __future__ import annotations

from dataclasses import asdict

from rag.errors import RagError
from rag.lines import line_count, line_span
from rag.types import Answer, Article, Citation, Passage, SearchResult

Json = dict[str, object]


def search_json(result: SearchResult) -> Json:
    """What ``rag search --json`` prints."""
    return {
        "question": result.question,
        "passages": [_passage(p) for p in result.passages],
        "milliseconds": {
            "embed": round(result.times.embed, 1),
            "search": round(result.times.search, 1),
            "total": round(result.times.total, 1),
        },
    }


def answer_json(answer: Answer) -> Json:
    """What ``rag ask --json`` prints."""
    return {
        "question": answer.question,
        "rewritten_question": answer.rewritten_question,
        "answered": answer.answered,
        "answer": answer.text,
        "statements": [
            {
                "text": s.text,
                "support": s.verdict.support,
                "score": round(s.verdict.score, 3),
                "reasons": list(s.verdict.reasons),
                "citations": [_citation(c) for c in s.citations],
            }
            for s in answer.statements
        ],
        "abstention": asdict(answer.abstention) if answer.abstention else None,
        "conflicts": [
            {"text": c.text, "citations": [_citation(each) for each in c.citations]}
            for c in answer.conflicts
        ],
        "passages": [_passage(p) for p in answer.passages],
        "model": answer.model,
        "index_version": answer.index_version,
        "milliseconds": {
            "search": round(answer.times.search, 1),
            "first_token": None
            if answer.times.first_token is None
            else round(answer.times.first_token, 1),
            "total": round(answer.times.total, 1),
        },
        "tokens": {"prompt": answer.usage.prompt, "completion": answer.usage.completion},
    }


def lines_json(article: Article, first: int, last: int) -> Json:
    """Lines ``first`` to ``last`` of an article, each without its "\\n", and their text in one.

    Raises RagError if the article has no such lines.
    """
    count = line_count(article.text)
    if not 1 <= first <= last <= count:
        raise RagError(f"There are no lines {first} to {last}: {article.id} has 1 to {count}.")
    spans = [line_span(article.text, line) for line in range(first, last + 1)]
    return {
        "article": article.id,
        "title": article.title,
        "first_line": first,
        "last_line": last,
        "text": article.text[spans[0][0] : spans[-1][1]],
        "lines": [
            {"line": line, "text": article.text[start:end]}
            for line, (start, end) in enumerate(spans, first)
        ],
    }


def _passage(passage: Passage) -> Json:
    c = passage.chunk
    return {
        "article": c.article,
        "first_line": c.first_line,
        "last_line": c.last_line,
        "start": c.start,
        "end": c.end,
        "score": round(passage.score, 4),
        "text": passage.text,
    }


def _citation(citation: Citation) -> Json:
    return asdict(citation)
