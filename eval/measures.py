"""What one answer measures: the JSON of ``rag ask`` or ``rag search`` -> numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval import metrics
from eval.suite import Question

Record = Mapping[str, Any]
"""One line of answers.jsonl: the program's own JSON object and the question's ``id``."""
Measures = dict[str, float | None]
"""Values by name, None where the question does not say anything about it. Times in seconds."""

FAILURES = {
    "right": "right",
    "judged_by_abstention": "answered, content not judged",
    "found_first": "found first",
    "found_later": "found later",
    "not_found": "no proving line found",
    "wrong_abstention": "abstained, though found",
    "wrong_answer": "wrong or incomplete answer",
    "wrong_citation": "right answer, wrong citation",
    "answered_unanswerable": "answered the unanswerable",
    "not_measured": "not measured",
}
"""How a question ended, in words for the report; the order is that of its list."""


def measure(question: Question, record: Record, texts: Mapping[str, str]) -> Measures:
    """All values of one question. ``texts``: article by id, to compare quotes with."""
    measures = _retrieval(question, record)
    milliseconds = record["milliseconds"]
    if "answered" not in record:
        return {**measures, "search_seconds": milliseconds["total"] / 1000}
    first = milliseconds["first_token"]
    tokens = record["tokens"]
    wrote = bool(tokens["prompt"] or tokens["completion"])
    return {
        **measures,
        **_answer(question, record, texts),
        "search_seconds": milliseconds["search"] / 1000,
        "first_token_seconds": None if first is None else first / 1000,
        "total_seconds": milliseconds["total"] / 1000,
        "prompt_tokens": float(tokens["prompt"]) if wrote else None,
        "completion_tokens": float(tokens["completion"]) if wrote else None,
    }


def failure(question: Question, measures: Measures) -> str:
    """The key of FAILURES that says how this question ended."""
    if "abstained" not in measures:
        rank = measures["reciprocal_rank"]
        if rank is None:
            return "not_measured"
        return "found_first" if rank == 1 else "found_later" if rank else "not_found"
    abstained = bool(measures["abstained"])
    if not question.answerable:
        return "right" if abstained else "answered_unanswerable"
    if abstained:
        return "not_found" if measures["hit@5"] == 0 else "wrong_abstention"
    if measures["correct"] is None:
        return "judged_by_abstention"
    if not measures["correct"]:
        return "not_found" if measures["reciprocal_rank"] == 0 else "wrong_answer"
    return "right" if measures["cited_right"] else "wrong_citation"


def _retrieval(question: Question, record: Record) -> Measures:
    proof = frozenset(question.lines)
    ranking = [_span(p) for p in record["passages"]]
    if not proof:
        return dict.fromkeys(
            ("hit@1", "hit@3", "hit@5", "recall@5", "recall@10", "reciprocal_rank", "ndcg@10")
        )
    return {
        **{f"hit@{k}": metrics.hit(ranking, proof, k) for k in (1, 3, 5)},
        **{f"recall@{k}": metrics.recall(ranking, proof, k) for k in (5, 10)},
        "reciprocal_rank": metrics.reciprocal_rank(ranking, proof),
        "ndcg@10": metrics.ndcg(ranking, proof, 10),
    }


def _answer(question: Question, record: Record, texts: Mapping[str, str]) -> Measures:
    answered = bool(record["answered"])
    statements: Sequence[Record] = record["statements"] if answered else ()
    citations = [c for s in statements for c in s["citations"]]
    quotes = [(c["article"], c["start"], c["end"], c["quote"]) for c in citations]
    measures: Measures = {
        "answerable": float(question.answerable),
        "abstained": float(not answered),
        "correct": None,
        "right_citations": None,
        "cited_right": None,
        "citations": float(len(citations)),
        "exact_quotes": float(metrics.exact_quotes(quotes, texts)),
        "statements": float(len(statements)),
        "supported": float(sum(s["support"] == "supported" for s in statements)),
        "confidence": min((float(s["score"]) for s in statements), default=None),
    }
    if question.answerable and question.must:
        right = metrics.correctness(record["answer"], question.must, question.must_not)
        measures["correct"] = right if answered else 0.0
    if question.lines and answered:
        right_ones = metrics.right_citations([_span(c) for c in citations], question.lines)
        measures["right_citations"] = float(right_ones)
        measures["cited_right"] = float(right_ones > 0)
    return measures


def _span(place: Record) -> metrics.Span:
    return place["article"], place["first_line"], place["last_line"]
