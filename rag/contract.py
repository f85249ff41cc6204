"""The JSON other programs rely on, exactly as the design fixes it."""

from __future__ import annotations

from dataclasses import asdict

from rag.types import Answer, Citation, Passage, SearchResult

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
