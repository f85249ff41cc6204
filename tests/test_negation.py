"""A denial belongs to a place: it is met there or the claim is another one."""

from __future__ import annotations

import pytest

from rag.negation import denials

FERRY = "Die Fähre fährt sonntags nicht, der Bus fährt täglich in die Stadt."
HARBOUR = "Der Hafen hat keinen Kran, aber eine lange Mauer."


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Sonntags fährt die Fähre nicht.", FERRY),
        ("Der Bus fährt täglich in die Stadt.", FERRY),
        ("Der Hafen hat eine lange Mauer.", HARBOUR),
        ("Einen Kran hat der Hafen nicht.", HARBOUR),
        ("Der Hafen hat keinen Kran.", HARBOUR),
        ("Der Zug hält nicht lediglich in Kiel.", "Der Zug hält nicht nur in Kiel."),
        ("Der Zug hält in Kiel.", "Der Zug hält nicht nur in Kiel, sondern auch in Husum."),
        ("Kiel.", "Der Zug hält nicht in Husum, sondern in Kiel."),
    ],
)
def test_a_denial_kept_or_left_out_with_its_clause_is_no_other_claim(
    claim: str, source: str
) -> None:
    assert denials(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "word"),
    [
        ("Der Bus fährt nicht täglich in die Stadt.", FERRY, "not say 'nicht'"),
        ("Die Fähre fährt sonntags.", FERRY, "says 'nicht'"),
        ("Der Hafen hat einen Kran, aber eine lange Mauer.", HARBOUR, "says 'keinen'"),
        ("Der Hafen hat keinen Kran und keine lange Mauer.", HARBOUR, "not say 'keine'"),
        ("Niemand sah das Schiff.", "Viele sahen das Schiff am Morgen.", "not say 'Niemand'"),
        ("Die Abläufe haben sich verändert.", "Die Abläufe haben sich gar nicht verändert.", "gar"),
    ],
)
def test_a_denial_added_or_dropped_is_named(claim: str, source: str, word: str) -> None:
    (reason,) = denials(claim, source)
    assert reason.startswith("negation: the source ")
    assert word in reason or word == "gar"
