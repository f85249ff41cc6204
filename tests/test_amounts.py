"""Numbers are of the things and in the units the source says."""

from __future__ import annotations

import pytest

from rag.amounts import missing_amounts


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("140 Mitarbeiter", "Das Amt hat 140 Beschäftigte."),
        ("60 Unternehmen", "Mehr als 60 europäische Unternehmen halfen."),
        ("60 neue Firmen", "Mehr als 60 Unternehmen halfen."),
        ("mit fünf WM Titeln", "Er kam mit fünf WM-Titeln."),
        ("60 Jahre", "Die Grenze steigt von 60 auf 65 Jahre."),
        ("eine 15 Jahre alte Schülerin", "eine 15-jährige Schülerin"),
        ("mehrere Milliarden Euro", "Er will mehrere Milliarden Euro ausgeben."),
        ("im Jahr 2024", "am 3. Mai 2024"),
        ("6,31 Millionen Euro", "Der Gewinn stieg auf 6,31 (2014: 4,86) Millionen Euro."),
    ],
)
def test_a_number_of_the_same_things_is_there(claim: str, source: str) -> None:
    assert missing_amounts(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "reason"),
    [
        ("140 Schiffe", "140 Kräne", "number: 140 Schiffe, the source says Kräne"),
        ("60 neue Schulen", "60 alte Häfen", "number: 60 Schulen, the source says Häfen"),
        ("60 Monate", "Die Nummer 60 gewann.", "number: 60 Monate"),
        ("15 Monate", "eine 15-jährige Schülerin", "number: 15 Monate"),
        ("mehrere Milliarden Dollar", "mehrere Milliarden Euro", "number: Dollar"),
        ("mehrere Millionen Euro", "mehrere Milliarden Euro", "number: Millionen"),
    ],
)
def test_another_thing_or_unit_is_named(claim: str, source: str, reason: str) -> None:
    assert reason in missing_amounts(claim, source)
