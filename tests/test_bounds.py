"""A number is meant as its source means it."""

from __future__ import annotations

import pytest

from rag.verify import Source, check

STAFF = "Dort arbeiten 140 Mitarbeiter."
MORE = "Dort arbeiten mehr als 140 Mitarbeiter."
GREW = "Die Zahl der Mitarbeiter stieg von 100 auf 140."


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        (MORE, STAFF),
        ("Dort arbeiten höchstens 140 Mitarbeiter.", STAFF),
        ("Dort arbeiten nur 140 Mitarbeiter.", STAFF),
        ("Dort arbeiten fast 140 Mitarbeiter.", STAFF),
        ("Dort arbeiten genau 140 Mitarbeiter.", MORE),
        ("Dort arbeiten weniger als 140 Mitarbeiter.", MORE),
        ("Die Zahl der Mitarbeiter stieg auf 100.", GREW),
        ("Die Zahl der Mitarbeiter stieg um 140.", GREW),
        ("Die Zahl der Mitarbeiter stieg auf 40.", "Die Zahl der Mitarbeiter stieg um 40."),
    ],
)
def test_another_bound_is_refused(sentence: str, source: str) -> None:
    verdict = check(sentence, Source(source))
    assert verdict.support == "unsupported"
    assert any(why.startswith("number") for why in verdict.reasons)


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        (MORE, MORE),
        (MORE, "Dort arbeiten über 140 Mitarbeiter."),
        ("Dort arbeiten genau 140 Mitarbeiter.", STAFF),
        ("Dort arbeiten rund 140 Mitarbeiter.", STAFF),
        ("Dort arbeiten fast 140 Mitarbeiter.", "Dort arbeiten knapp 140 Mitarbeiter."),
        ("Die Zahl der Mitarbeiter stieg auf 140.", GREW),
        ("Die Zahl der Mitarbeiter stieg von 100 auf rund 140.", GREW),
        ("Es geht um 40 Stellen.", "Es geht um 40 Stellen."),
        (
            "Die Kosten von 40 Euro trägt Ott.",
            "Die Kosten belaufen sich auf 40 Euro, Ott trägt sie.",
        ),
    ],
)
def test_the_same_bound_is_proven(sentence: str, source: str) -> None:
    assert check(sentence, Source(source)).support == "supported"
