"""Fusion of rankings, and the choice of evidence under a budget."""

from __future__ import annotations

import pytest

from rag.select import Candidate, choose_evidence, fuse
from rag.types import Evidence, Metadata


def candidate(text: str, rank: int = 0, position: int = 0, cosine: float = 0.5) -> Candidate:
    evidence = Evidence("a.txt", 1, 0, len(text), text, (), Metadata())
    return Candidate(evidence, rank, position, 1.0 / (1 + rank), cosine)


def test_fusion_is_the_mean_of_scores_scaled_to_their_range() -> None:
    fused = dict(fuse([(1, {1: 0.9, 2: 0.8, 3: 0.7}), (1, {2: 12.0, 3: 4.0})]))
    assert fused == pytest.approx({1: 0.5, 2: 0.75, 3: 0.0})


def test_fusion_puts_the_best_first_and_breaks_ties_by_row() -> None:
    assert [row for row, _ in fuse([(1, {5: 1.0, 4: 1.0, 9: 0.0})])] == [4, 5, 9]
    assert fuse([]) == []
    assert fuse([(1, {}), (1, {7: 3.0})]) == [(7, 0.5)]


def test_the_sentence_with_the_words_asked_for_is_chosen_first() -> None:
    pieces = [
        candidate("Das Wetter war schön und die Stimmung war gut.", 0, 0),
        candidate("Die Brücke kostete 4,2 Millionen Franken.", 1, 0),
    ]
    chosen = choose_evidence("Was kostete die Brücke?", pieces, 25)
    assert [e.text for e in chosen] == [pieces[1].evidence.text]


def test_a_sentence_that_leans_on_the_one_before_brings_it_along() -> None:
    pieces = [
        candidate("Die Elde-Brücke wurde eröffnet.", 0, 0, 0.1),
        candidate("Sie kostete 4,2 Millionen Franken.", 0, 1, 0.9),
        candidate("Etwas ganz anderes steht hier geschrieben.", 1, 0, 0.2),
    ]
    chosen = choose_evidence("Was kostete das?", pieces, 36)
    assert [e.text for e in chosen] == [p.evidence.text for p in pieces[:2]]


def test_the_budget_holds_but_never_leaves_nothing() -> None:
    pieces = [candidate("Wort " * 200, n) for n in range(5)]
    assert len(choose_evidence("Wort?", pieces, 50)) == 1
    assert choose_evidence("Wort?", [], 50) == ()


def test_as_many_as_are_wanted_are_shown_while_there_is_room_however_little_they_help() -> None:
    pieces = [
        candidate("Die Brücke kostete 4,2 Millionen Franken.", 0, 0, 0.9),
        *(candidate(f"Das Wetter war am Tag {n} schön.", n, 0, 0.1) for n in range(1, 6)),
    ]
    asked = ("Was kostete die Brücke?", pieces)
    assert len(choose_evidence(*asked, 400)) == 1
    assert len(choose_evidence(*asked, 400, fewest=4)) == 4
    assert len(choose_evidence(*asked, 50, fewest=4)) == 2
    assert len(choose_evidence(*asked, 400, fewest=9)) == len(pieces)


def test_evidence_is_in_reading_order() -> None:
    pieces = [candidate(f"Satz {n} über die Brücke.", 0, n, cosine=n / 10) for n in range(5)]
    chosen = choose_evidence("Brücke?", pieces, 1000)
    assert [e.text for e in chosen] == [p.evidence.text for p in pieces]


def test_what_the_conversation_was_about_counts_less_than_the_question_itself() -> None:
    pieces = [
        candidate("Frau Lind sprach in Rulm auf der Messe über Fähren.", 0, 0),
        candidate("Die neuen Regeln hält Lind für klug.", 0, 1),
    ]
    own = "Was hält sie von den Regeln?"
    question = f"{own} (Lind, Rulm, Messe, Fähren)"
    best = max(choose_evidence(question, pieces, 400, own), key=lambda e: e.score)
    assert best.text == pieces[1].evidence.text
    best = max(choose_evidence(question, pieces, 400), key=lambda e: e.score)
    assert best.text == pieces[0].evidence.text
