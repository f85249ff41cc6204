"""Every metric by hand, against an established library, and its interval against the truth."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

import ir_measures
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import RR, R, Success, nDCG

from eval import bootstrap, metrics
from eval.measures import failure, measure
from eval.metrics import Line, Span
from eval.scores import METRICS, score
from eval.suite import Question

A3, A4, B1, B7, C2 = (("a", 3, 3), ("a", 4, 4), ("b", 1, 1), ("b", 7, 9), ("c", 2, 2))
PROOF: tuple[Line, ...] = (("a", 4), ("b", 8))


def test_a_passage_covers_a_line_only_in_the_same_article_and_within_its_ends() -> None:
    assert metrics.covered(("a", 3, 5), PROOF) == {("a", 4)}
    assert metrics.covered(("a", 4, 4), PROOF) == {("a", 4)}
    assert metrics.covered(("a", 5, 9), PROOF) == set()
    assert metrics.covered(("c", 1, 99), PROOF) == set()


@pytest.mark.parametrize(
    ("ranking", "k", "value"),
    [([A3, B1, A4], 1, 0), ([A3, B1, A4], 2, 0), ([A3, B1, A4], 3, 1), ([], 5, 0), ([B7], 1, 1)],
)
def test_a_hit_is_a_relevant_passage_among_the_first_k(
    ranking: list[Span], k: int, value: float
) -> None:
    assert metrics.hit(ranking, PROOF, k) == value


def test_recall_is_the_share_of_proving_lines_found() -> None:
    assert metrics.recall([A3, B7, B7, A4], PROOF, 2) == 0.5
    assert metrics.recall([A3, B7, B7, A4], PROOF, 3) == 0.5
    assert metrics.recall([A3, B7, B7, A4], PROOF, 4) == 1.0
    assert metrics.recall([], PROOF, 4) == 0.0


def test_the_reciprocal_rank_is_that_of_the_first_relevant_passage() -> None:
    assert metrics.reciprocal_rank([A3, B1, A4, B7], PROOF) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank([A3], PROOF) == 0.0


def test_ndcg_by_hand() -> None:
    # Gains 0 1 0 1; ideal 1 1.
    dcg = 1 / math.log2(3) + 1 / math.log2(5)
    assert metrics.ndcg([A3, A4, C2, B7], PROOF) == pytest.approx(dcg / (1 + 1 / math.log2(3)))


def test_two_proving_lines_in_one_passage_take_two_ranks_and_are_counted_once() -> None:
    both = (("a", 3), ("a", 4))
    assert metrics.line_gains([("a", 1, 9), A4, C2], both) == [1.0, 1.0, 0.0, 0.0]
    assert metrics.ndcg([("a", 1, 9), C2], both) == 1.0
    assert metrics.ndcg([A4, A4, A4], both) < 1.0


def test_ndcg_looks_no_further_than_k() -> None:
    ranking = [C2] * 10 + [A4, B7]
    assert metrics.ndcg(ranking, PROOF, 10) == 0.0
    assert metrics.ndcg(ranking, PROOF, 12) > 0.0


SPANS = st.tuples(st.sampled_from("ab"), st.integers(1, 9), st.integers(0, 3)).map(
    lambda t: (t[0], t[1], t[1] + t[2])
)
LINES = st.frozensets(st.tuples(st.sampled_from("ab"), st.integers(1, 9)), min_size=1)


@given(st.lists(SPANS, max_size=20), LINES, st.integers(1, 12))
def test_retrieval_scores_stay_between_none_and_all(
    ranking: list[Span], proof: frozenset[Line], k: int
) -> None:
    values = [
        metrics.hit(ranking, proof, k),
        metrics.recall(ranking, proof, k),
        metrics.reciprocal_rank(ranking, proof),
        metrics.ndcg(ranking, proof, k),
    ]
    assert all(0 <= v <= 1 + 1e-12 for v in values)
    assert (values[0] == 0) == (values[1] == 0) == (metrics.ndcg(ranking, proof, k) == 0)


def test_where_passages_are_lines_the_scores_are_those_of_the_library() -> None:
    draw = random.Random(7)  # noqa: S311
    runs, qrels, ours = {}, {}, {}
    for q in range(60):
        lines = draw.sample(range(1, 40), 15)
        proof = draw.sample(range(1, 40), draw.randint(1, 5))
        runs[str(q)] = {str(line): float(-rank) for rank, line in enumerate(lines)}
        qrels[str(q)] = {str(line): 1 for line in proof}
        ours[str(q)] = ([("a", n, n) for n in lines], [("a", n) for n in proof])
    mine = {
        RR: lambda r, p: metrics.reciprocal_rank(r, p),
        nDCG @ 10: lambda r, p: metrics.ndcg(r, p, 10),
        **{Success @ k: lambda r, p, k=k: metrics.hit(r, p, k) for k in (1, 3, 5)},
        **{R @ k: lambda r, p, k=k: metrics.recall(r, p, k) for k in (5, 10)},
    }
    compared = 0
    for theirs in ir_measures.iter_calc(list(mine), qrels, runs):
        assert mine[theirs.measure](*ours[theirs.query_id]) == pytest.approx(theirs.value)
        compared += 1
    assert compared == 60 * len(mine)


@pytest.mark.parametrize(
    ("answer", "value"),
    [
        ("Es sind 40 Meter in ulm.", 1),
        ("Es sind 40 Meter.", 0),
        ("Es sind 40 Meter in Ulm, nicht 50.", 0),
        ("", 0),
    ],
)
def test_an_answer_is_right_if_all_it_must_say_is_there_and_nothing_it_must_not(
    answer: str, value: float
) -> None:
    assert metrics.correctness(answer, ["40", "Ulm"], ["50"]) == value


def test_a_citation_is_right_if_it_covers_a_proving_line() -> None:
    assert metrics.right_citations([A4, A3, B7, B7], PROOF) == 3
    assert metrics.right_citations([], PROOF) == 0


def test_a_quote_is_exact_only_if_it_is_the_slice_of_its_article() -> None:
    texts = {"a": "Zwölf Brücken"}
    quotes = [
        ("a", 0, 5, "Zwölf"),
        ("a", 0, 5, "Zwolf"),
        ("b", 0, 5, "Zwölf"),
        ("a", 3, 3, ""),
        ("a", 6, 13, "Brücken"),
    ]
    assert metrics.exact_quotes(quotes, texts) == 2


def test_balanced_accuracy_gives_half_to_whoever_always_does_the_same() -> None:
    columns = np.array([[0, 30, 15, 0], [30, 30, 30, 0], [70, 0, 63, 1], [70, 70, 70, 1]], float)
    found = metrics.balanced_accuracy(*columns)
    assert found[:3] == pytest.approx([0.5, 0.5, 0.7])
    assert math.isnan(found[3])


def test_mcnemar_by_hand() -> None:
    assert metrics.mcnemar(0, 0) == 1.0
    assert metrics.mcnemar(3, 3) == 1.0
    assert metrics.mcnemar(1, 9) == pytest.approx(2 * 11 / 1024)
    assert metrics.mcnemar(9, 1) == metrics.mcnemar(1, 9)
    assert metrics.mcnemar(0, 2000) < 1e-300


def record(text: str, citations: Sequence[Span], answered: bool = True) -> dict[str, object]:
    cited = [
        {"article": a, "first_line": f, "last_line": last, "start": 0, "end": 1, "quote": "x"}
        for a, f, last in citations
    ]
    statements = [{"text": text, "support": "supported", "score": 0.8, "citations": cited}]
    return {
        "answered": answered,
        "answer": text,
        "statements": statements if answered else [],
        "abstention": None if answered else {"reason": "nothing_found", "detail": ""},
        "passages": [{"article": "a", "first_line": 3, "last_line": 3}],
        "milliseconds": {"search": 20.0, "first_token": None, "total": 1500.0},
        "tokens": {"prompt": 0, "completion": 0},
    }


YES = Question("y", "Wie lang?", "number", True, (("a", 3),), ("40",), ("50",))
NO = Question("n", "Wie alt?", "unanswerable", False, ())
UNKNOWN = Question("u", "Wie hoch?", "answerable", True, ())
TEXTS = {"a": "x\n\n40 Meter\n"}


@pytest.mark.parametrize(
    ("question", "answer", "ending"),
    [
        (YES, record("40 Meter", [A3]), "right"),
        (YES, record("40 Meter", [A4]), "wrong_citation"),
        (YES, record("50 Meter", [A3]), "wrong_answer"),
        (YES, record("", [], answered=False), "wrong_abstention"),
        (NO, record("Alt.", [A3]), "answered_unanswerable"),
        (NO, record("", [], answered=False), "right"),
        (UNKNOWN, record("Hoch.", [A3]), "judged_by_abstention"),
        (UNKNOWN, record("", [], answered=False), "wrong_abstention"),
    ],
)
def test_every_question_ends_in_one_way(
    question: Question, answer: dict[str, object], ending: str
) -> None:
    assert failure(question, measure(question, answer, TEXTS)) == ending


def test_what_a_question_says_nothing_about_is_not_counted_as_zero() -> None:
    rows = [
        measure(YES, record("40 Meter", [A3, A4, A3]), TEXTS),
        measure(NO, record("Alt.", [A3]), TEXTS),
        measure(UNKNOWN, record("", [], answered=False), TEXTS),
    ]
    found = {m.name: score(m, rows) for m in METRICS}
    values = {name: (s.value, s.n) for name, s in found.items() if s}
    assert values["hit@1"] == (1.0, 1)
    assert values["correct"] == (1.0, 1)
    assert values["citation_precision"] == (pytest.approx(2 / 3), 1)
    assert values["citation_recall"] == (1.0, 1)
    assert values["exact_quotes"] == (1.0, 2)
    assert values["abstention_precision"] == (0.0, 1)
    assert values["abstention_recall"] == (0.0, 1)
    assert values["wrong_abstention"] == (0.5, 2)
    assert values["balanced_accuracy"] == (0.25, 3)
    assert values["total_seconds_p50"] == (1.5, 3)
    assert found["first_token_seconds_p50"] is None
    assert found["prompt_tokens"] is None


def test_an_interval_holds_the_true_mean_about_as_often_as_it_promises() -> None:
    draw = np.random.default_rng(1)
    held = 0
    for trial in range(200):
        sample = np.stack([draw.random(60) < 0.7, np.ones(60)], axis=1).astype(np.float64)
        found = bootstrap.interval(bootstrap.ratio, sample, seed=trial, counted=60)
        assert found is not None
        held += found.low <= 0.7 <= found.high
    assert 0.88 <= held / 200 <= 0.99


def test_intervals_are_the_same_every_time_and_narrow_with_more_questions() -> None:
    few = np.array([[1.0, 1.0], [0.0, 1.0]] * 10)
    first = bootstrap.interval(bootstrap.ratio, few, 3, 20)
    assert first == bootstrap.interval(bootstrap.ratio, few, 3, 20)
    many = bootstrap.interval(bootstrap.ratio, np.tile(few, (20, 1)), 3, 400)
    assert first is not None
    assert many is not None
    assert many.high - many.low < (first.high - first.low) / 3


def test_drawing_in_parts_changes_no_single_statistic() -> None:
    """Each draw is the statistic of a resample: compared with one computed by a plain loop."""
    sample = np.random.default_rng(2).random((7, 4))
    rows = np.random.default_rng(5).integers(0, 7, size=(bootstrap.DRAWS, 7))
    for statistic in (bootstrap.ratio, bootstrap.balanced, bootstrap.quantile(0.95)):
        plain = [float(statistic(sample[r])) for r in rows]
        low, high = np.quantile(plain, [0.025, 0.975])
        found = bootstrap.interval(statistic, sample, 5, 7)
        assert found is not None
        assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_a_paired_difference_is_surer_than_two_intervals_and_zero_for_equal_runs() -> None:
    base = (np.random.default_rng(3).random(80) < 0.5).astype(np.float64)
    better = base.copy()
    better[np.flatnonzero(base == 0)[:8]] = 1.0
    first, second = (np.stack([v, np.ones(80)], axis=1) for v in (base, better))
    change, p = bootstrap.paired(bootstrap.ratio, first, second, 0, 80)
    alone = bootstrap.interval(bootstrap.ratio, first, 0, 80)
    assert change is not None
    assert alone is not None
    assert change.value == pytest.approx(0.1)
    assert change.low > 0
    assert change.high - change.low < alone.high - alone.low
    assert p == pytest.approx(2 / 2001)  # no draw of 2,000 without a gain
    same = bootstrap.paired(bootstrap.ratio, first, first, 0, 80)
    assert same == (bootstrap.Interval(0.0, 0.0, 0.0, 80), 1.0)


def test_holm_steps_down_and_stops_at_the_first_that_fails() -> None:
    # 0.05 / 4 = 0.0125, / 3 = 0.0167, / 2 = 0.025, / 1 = 0.05
    assert bootstrap.holm([0.04, 0.001, 0.012, 0.03]) == [False, True, True, False]
    assert bootstrap.holm([0.04, 0.02, 0.012, 0.01]) == [True, True, True, True]
    assert bootstrap.holm([0.02, 0.02, 0.02]) == [False, False, False]
    assert bootstrap.holm([]) == []


def test_the_bootstrap_calls_chance_significant_about_as_rarely_as_it_says() -> None:
    draw = np.random.default_rng(7)
    runs = [(draw.random(120) < 0.6).astype(np.float64) for _ in range(200)]
    ones = np.ones(120)
    found = [
        bootstrap.paired(bootstrap.ratio, np.stack([a, ones], 1), np.stack([b, ones], 1), 0, 120)[1]
        for a, b in zip(runs[::2], runs[1::2], strict=True)
    ]
    assert 0 < sum(p < 0.2 for p in found) < 34  # 20 of 100 expected, 34 is 3.5 sigma away
