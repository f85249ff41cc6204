"""Names and numbers stand where the source has them."""

from __future__ import annotations

import pytest

from rag.roles import exchanged, foreign

SUED = "Anna Roth hat Karl Brandt vor Gericht verklagt, weil er 300 Euro nicht zahlte."
PORTS = "Von den 815 Schiffen lagen am Montag 367 Boote im Hafen von Emden."


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Karl Brandt hat Anna Roth vor Gericht verklagt.", SUED),
        ("Von den 367 Schiffen lagen am Montag 815 Boote im Hafen von Emden.", PORTS),
    ],
)
def test_two_that_changed_places_are_named(claim: str, source: str) -> None:
    (reason,) = exchanged(claim, source)
    assert reason.startswith("roles: ")
    assert reason.endswith(" are exchanged")


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Anna Roth hat Karl Brandt verklagt.", SUED),
        ("Karl Brandt wurde von Anna Roth verklagt.", SUED),
        ("Husum, Emden und Kiel helfen.", "Es helfen Kiel, Emden und Husum."),
        ("Im Hafen von Emden lagen am Montag 367 Boote.", PORTS),
    ],
)
def test_another_order_of_the_same_is_no_exchange(claim: str, source: str) -> None:
    assert exchanged(claim, source) == []


def test_a_name_in_the_place_of_another_is_foreign() -> None:
    (reason,) = foreign("Petra Lind hat Karl Brandt vor Gericht verklagt.", SUED)
    assert reason == "roles: Petra Lind, the source says Anna Roth"


def test_a_number_in_the_place_of_another_is_foreign() -> None:
    source = "Die Brücke ist 310 Meter lang."
    assert foreign("Die Brücke ist 450 Meter lang.", source) == [
        "number: 450 Meter, the source says 310 Meter"
    ]


@pytest.mark.parametrize(
    "source", ["Die Initiative erhielt am Montag Geld.", "Sie erhielt am Montag Geld."]
)
def test_a_name_for_a_pronoun_or_a_common_noun_is_not_foreign(source: str) -> None:
    assert foreign("ROOST erhielt am Montag Geld.", source) == []


def test_a_surname_for_the_full_name_is_not_foreign() -> None:
    assert foreign("Roth hat Karl Brandt vor Gericht verklagt.", SUED) == []
