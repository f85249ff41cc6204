"""The program and the plain pipeline side by side: the same machine, minutes, models, questions."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from eval import systems
from eval.datasets import SEED, Dataset
from eval.errors import EvalError
from eval.scores import METRICS, rows, score
from eval.side import Process, Side
from eval.suite import Question
from rag.settings import Settings

_SCORES = ("correct", "citation_precision", "abstention_recall", "wrong_abstention")


@dataclass(frozen=True, slots=True)
class Row:
    """One thing measured of both; None where a side has no such value. ``ratio``: whether less is
    better and plain / ours means something."""

    what: str
    ours: float | None
    plain: float | None
    unit: str
    how: str
    digits: int = 2
    ratio: bool = True


@dataclass(frozen=True, slots=True)
class Times:
    """How often each side does what."""

    searches: int
    answers: int
    builds: int


def why_not(model: str) -> str:
    """Why there can be no comparison, in one line with the command that mends it; else empty."""
    if not model.startswith("llamacpp:"):
        return f"the plain pipeline answers with an embedded model, not with {model}"
    try:
        systems.import_plain()
    except EvalError as error:
        return str(error)
    return ""


def beside(settings: Settings, questions: Sequence[Question], times: Times) -> list[Row]:
    """Measures both, each in its own process, both loaded, taking turns. Raises EvalError."""
    own = settings.llm if settings.llm.startswith("llamacpp") else "llamacpp"
    settings = settings.model_copy(update={"llm": own})
    texts = systems.texts_of(settings, Dataset("corpus", settings.corpus, "", ()))
    with ExitStack() as stack:
        ours, plain = (stack.enter_context(Process(n, settings)) for n in ("ours", "plain"))
        ours.ready()
        plain.ready()
        return measured(ours, plain, questions, times, texts)


def measured(
    ours: Side,
    plain: Side,
    questions: Sequence[Question],
    times: Times,
    texts: Mapping[str, str],
) -> list[Row]:
    """The rows of a table, from two questions or more. ``texts``: article by id, for the scores."""
    first, *others = questions
    for side in (ours, plain):  # the first of each is not counted
        side.search(first.question)
        side.ask(first.question)
    asked = [questions[i % len(questions)].question for i in range(times.searches)]
    searches = _in_turn(ours.search, plain.search, asked)
    count = min(times.answers, len(others))
    sample = random.Random(SEED).sample(others, count)  # noqa: S311
    answers = _in_turn(ours.ask, plain.ask, [q.question for q in sample])
    before = [ours.memory()], [plain.memory()]
    builds = _in_turn(lambda _: ours.build(), lambda _: plain.build(), range(times.builds))
    after = [ours.memory()], [plain.memory()]
    how = f"{count} answers"
    found = [
        _row("index build", builds, "s", f"median of {times.builds}, from the files"),
        _row("search, p50", searches, "ms", f"{len(asked)} questions", 1, 1000),
        _row("first token, p50", _of(answers, "first"), "s", how),
        _row("whole answer, p50", _of(answers, "seconds"), "s", how),
        _row("prompt, mean", _of(answers, "prompt"), "tokens", how, 0, middle=np.mean),
        _row("of that not in the cache, mean", _fresh(answers), "tokens", how, 0, middle=np.mean),
        _row("peak memory, answering", before, "MiB", "own process; plain has indexed", 0),
        _row("peak memory, indexing too", after, "MiB", "the same processes, later", 0),
    ]
    return found + _quality(sample, answers, texts)


T = TypeVar("T")
Turns = tuple[list[Any], list[Any]]


def _in_turn(ours: Callable[[T], Any], plain: Callable[[T], Any], given: Iterable[T]) -> Turns:
    """What both make of each; they take turns, and turns in being first."""
    found: Turns = ([], [])
    for turn, each in enumerate(given):
        for i in (0, 1) if turn % 2 == 0 else (1, 0):
            found[i].append((ours, plain)[i](each))
    return found


def _of(answers: Turns, key: str) -> Turns:
    ours, plain = ([a[key] for a in side if a[key] is not None] for side in answers)
    return ours, plain


def _fresh(answers: Turns) -> Turns:
    ours, plain = ([a["prompt"] - a["cached"] for a in side] for side in answers)
    return ours, plain


def _row(
    what: str,
    turns: Turns,
    unit: str,
    how: str,
    digits: int = 2,
    factor: float = 1,
    middle: Callable[[list[float]], Any] = np.median,
) -> Row:
    ours, plain = (factor * float(middle(side)) if side else None for side in turns)
    return Row(what, ours, plain, unit, how, digits)


def _quality(sample: Sequence[Question], answers: Turns, texts: Mapping[str, str]) -> list[Row]:
    """The same scores as of a run, over the sample."""
    measures = []
    for side in answers:
        records = {q.id: a["answer"] for q, a in zip(sample, side, strict=True)}
        measures.append([row.measures for row in rows(sample, records, texts)])
    found = []
    for metric in (m for m in METRICS if m.name in _SCORES):
        ours, plain = (score(metric, each) for each in measures)
        if ours and plain:
            how = f"{ours.n} and {plain.n} questions"
            values = (100 * ours.value, 100 * plain.value)
            found.append(Row(metric.label, *values, "%", how, 1, ratio=False))
    widths = [[c["end"] - c["start"] for a in side for c in _citations(a)] for side in answers]
    if all(widths):
        found.append(_row("a citation, p50", (widths[0], widths[1]), "characters", "to be read", 0))
    return found


def _citations(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [c for statement in told["answer"]["statements"] for c in statement["citations"]]
