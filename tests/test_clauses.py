"""A sentence in its main clauses."""

from __future__ import annotations

import pytest

from rag.clauses import clauses


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Die Brücke ist lang.", 1),
        ("Kiel und Emden haben einen Hafen.", 1),
        ("Die Brücke ist lang, und der Turm ist hoch.", 2),
        ("Die Brücke ist lang und schön; der Turm ist hoch, aber der Kai ist neu.", 3),
        ("Er kam, aber sie ging.", 2),
        ("„Er kam, und sie ging“, sagte sie.", 1),
    ],
)
def test_a_clause_has_a_verb_of_its_own(sentence: str, expected: int) -> None:
    assert len(clauses(sentence)) == expected


def test_a_clause_without_a_subject_is_given_the_first_one() -> None:
    assert clauses("Die Brücke ist lang und kostete viel.")[1] == "Die Brücke kostete viel."
