"""Speed and memory on this machine: start, search, indexing, answers, the chat.

What a user waits for is measured from outside, as its own process; what a part costs, inside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from eval import inside, outside, runinfo, tables
from eval.beside import Row, Times, beside, why_not
from eval.suite import Question, load_suite
from rag import app
from rag.assistant import Assistant
from rag.settings import Settings

SUITE = Path(__file__).parent / "suites" / "paris.jsonl"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value, as a table shows it; ``how`` says what was counted."""

    what: str
    value: float
    unit: str
    how: str
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Effort:
    """How often things are repeated."""

    starts: int
    searches: int
    answers: int
    products: int
    beside: Times


FULL = Effort(starts=5, searches=200, answers=30, products=12, beside=Times(100, 30, 3))
QUICK = Effort(starts=1, searches=5, answers=1, products=2, beside=Times(5, 1, 1))


def bench(settings: Settings, out: Path, quick: bool, say: Say) -> str:
    """Measures everything, writes bench.json and bench.md to ``out``; the table."""
    effort = QUICK if quick else FULL
    suite = [q for q in load_suite(SUITE) if not q.history]
    questions = [q.question for q in suite]
    say("Starting the command line ...")
    figures = _cold(settings, questions[0], effort)
    assistant = app.make_assistant(settings, say)
    say("Searching ...")
    figures += _searching(assistant, questions, effort)
    say("Indexing ...")
    figures += _indexing(settings, assistant, effort)
    say(f"Answering with {assistant.model} ...")
    figures += _answering(assistant, questions, effort)
    figures.append(Figure("peak memory, answering", inside.peak_memory(), "MiB", "this process", 0))
    model = assistant.model
    del assistant
    say("Opening the chat ...")
    figures += _chat(settings, effort)
    found: dict[str, Any] = {
        "figures": [asdict(f) for f in figures],
        "quick": quick,
        "model": model,
        "embedding_model": settings.embedding_model,
        "commit": runinfo.commit(),
        "machine": runinfo.machine(),
        "date": runinfo.now(),
    }
    _write(out, found)  # kept, whatever becomes of the comparison
    rows = _beside(settings, model, suite, effort, say)
    return _write(out, {**found, tables.BESIDE: [asdict(r) for r in rows]})


def _write(out: Path, found: dict[str, Any]) -> str:
    """Both files; the tables."""
    out.mkdir(parents=True, exist_ok=True)
    runinfo.write(out / "bench.json", found)
    table = "\n\n".join(filter(None, (tables.bench_table(found), tables.beside_table(found))))
    (out / "bench.md").write_text(table + "\n", encoding="utf-8")
    return table


def _cold(settings: Settings, question: str, effort: Effort) -> list[Figure]:
    found = [outside.search(settings, question) for _ in range(effort.starts)]
    seconds, memory = [s for s, _ in found], [m for _, m in found]
    how = f"`rag search`, new process, median of {len(found)}"
    return [
        Figure("cold start to first result", float(np.median(seconds)), "s", how),
        Figure("peak memory, searching", max(memory), "MiB", "`rag search`", 0),
    ]


def _searching(assistant: Assistant, questions: list[str], effort: Effort) -> list[Figure]:
    seconds = inside.search_seconds(assistant, questions, effort.searches)
    return _percentiles("search, warm", seconds, f"{len(seconds)} questions", "ms", 1000, 1)


def _indexing(settings: Settings, assistant: Assistant, effort: Effort) -> list[Figure]:
    with TemporaryDirectory(prefix="zeilentreu-bench-") as folder:
        own = settings.model_copy(update={"index": Path(folder)})
        first = app.make_index(own, lambda line: None)
        again = app.make_index(own, lambda line: None)
    work = inside.embedding(assistant)
    peak = inside.matrix_peak(effort.products)
    achieved = work.tokens_per_second * inside.FLOP_PER_TOKEN
    articles = len(first.added)
    return [
        Figure("index build", first.seconds, "s", f"{articles} articles, {first.chunks} chunks"),
        Figure("index build", first.chunks / first.seconds, "chunks/s", "all steps", 1),
        Figure("index, nothing changed", again.seconds, "s", "embeddings from the cache"),
        Figure("embedding", work.tokens_per_second, "tokens/s", f"{work.tokens} tokens", 0),
        Figure("matrix product", peak / 1e9, "GFLOP/s", "float32, this machine's best", 0),
        Figure("embedding, of that", 100 * achieved / peak, "%", "46 MFLOP a token (e5-small)", 0),
    ]


def _answering(assistant: Assistant, questions: list[str], effort: Effort) -> list[Figure]:
    times = inside.answer_times(assistant, questions, effort.answers)
    how = f"{len(times)} answers"
    firsts = [t.first_token for t in times if t.first_token is not None]
    figures = _percentiles("first token", firsts, how, "s", 1, 2) if firsts else []
    shown = [t.first_statement for t in times if t.first_statement is not None]
    if shown:
        figures += _percentiles("first proven statement", shown, how, "s", 1, 2)
    return figures + _percentiles("whole answer", [t.total for t in times], how, "s", 1, 2)


def _chat(settings: Settings, effort: Effort) -> list[Figure]:
    outside.chat(settings)  # the first start also fills the disk cache
    found = [outside.chat(settings) for _ in range(effort.starts)]
    seconds, memory = [s for s, _ in found], [m for _, m in found]
    how = f"`rag chat` until the page answers, median of {len(found)}"
    return [
        Figure("second start of the chat", float(np.median(seconds)), "s", how),
        Figure("peak memory, chat", max(memory), "MiB", "page open, nothing asked", 0),
    ]


def _beside(
    settings: Settings, model: str, suite: list[Question], effort: Effort, say: Say
) -> list[Row]:
    reason = why_not(model)
    if reason:
        say(f"Left out: the comparison with a plain pipeline; {reason}")
        return []
    say("Answering beside a plain pipeline ...")
    return beside(settings, suite, effort.beside)


def _percentiles(
    what: str, seconds: list[float], how: str, unit: str, factor: float, digits: int
) -> list[Figure]:
    return [
        Figure(f"{what}, p{p}", factor * float(np.percentile(seconds, p)), unit, how, digits)
        for p in (50, 95)
    ]
