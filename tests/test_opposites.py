"""What is turned round, and what is put more strongly than the source does."""

from __future__ import annotations

import pytest

from rag.opposites import turned, unreserved


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Die Preise sanken im Mai.", "Die Preise stiegen im Mai."),
        ("Die Preise sind gefallen.", "Im Mai sind die Preise gestiegen."),
        ("Es kamen weniger als 300 Gäste.", "Es kamen mehr als 300 Gäste."),
        ("Das Schiff sank nach drei Jahren.", "Das Schiff sank vor drei Jahren."),
        ("Der Umbau ist unmöglich.", "Der Umbau ist möglich."),
        ("Das kleinste Schiff liegt in Kiel.", "Das größte Schiff liegt in Kiel."),
        ("Außerhalb der Stadt ist es ruhig.", "Innerhalb der Stadt ist es ruhig."),
        ("Schon 2025 bekam Elde einen Bahnhof.", "Erst 2025 bekam Elde einen Bahnhof."),
    ],
)
def test_an_opposite_is_named(claim: str, source: str) -> None:
    assert any(", the source says " in reason for reason in turned(claim, source))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Die Preise stiegen.", "Die Preise stiegen im Mai und sanken im Juni."),
        ("Die Preise sind gestiegen.", "Der Anstieg der Preise begann im Mai."),
        ("Es kamen mehr Gäste.", "Es kamen mehr Gäste und weniger Schiffe."),
    ],
)
def test_the_same_direction_is_no_opposite(claim: str, source: str) -> None:
    assert turned(claim, source) == []


@pytest.mark.parametrize(
    ("claim", "source", "word"),
    [
        ("Die Werft baut ein Schiff.", "Die Werft baut vermutlich ein Schiff.", "vermutlich"),
        ("Alle Städte helfen beim Bau.", "Einige Städte helfen beim Bau.", "Einige"),
        ("Das Schiff wird 2030 fahren.", "Das Schiff könnte 2030 fahren.", "könnte"),
        ("Die Häuser der Stadt haben Strom.", "Die Hälfte der Häuser hat Strom.", "Hälfte"),
    ],
)
def test_a_dropped_reservation_is_named(claim: str, source: str, word: str) -> None:
    assert unreserved(claim, source) == [f"reservation: the source says {word!r}"]


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Wohl ein Schiff baut die Werft.", "Die Werft baut vermutlich ein Schiff."),
        ("Die Werft plant Stege.", "Die Werft plant Stege und vielleicht ein Schiff."),
        ("Manche Städte helfen.", "Einige Städte helfen beim Bau."),
    ],
)
def test_a_reservation_in_other_words_or_of_another_part_may_go(claim: str, source: str) -> None:
    assert unreserved(claim, source) == []
