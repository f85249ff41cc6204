"""A leading "Ja" or "Nein" is a claim of its own."""

from __future__ import annotations

import pytest

from rag.polarity import borne_out

STAFF = "Hat das Amt 140 Mitarbeiter?"
OPEN_BRIDGE = "Ist die Brücke für Lastwagen offen?"


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Ja, das Amt hat 140 Mitarbeiter.", STAFF),
        ("Nein, die Brücke ist für Lastwagen nicht offen.", OPEN_BRIDGE),
        ("Nein – für Lastwagen ist die Brücke nicht offen.", OPEN_BRIDGE),
        ("Yes, the office has 140 staff.", "Does the office have 140 staff?"),
        ("Das Amt hat 140 Mitarbeiter.", STAFF),
        ("Jan, der Leiter, hat 140 Mitarbeiter.", STAFF),
        ("Nein heißt auf Polnisch nie.", STAFF),
        ("No article says so.", STAFF),
    ],
)
def test_it_stays_where_the_sentence_bears_it_out(sentence: str, question: str) -> None:
    assert borne_out(sentence, question) == sentence


@pytest.mark.parametrize(
    ("sentence", "question", "left"),
    [
        ("Ja, das Amt hat 140 Mitarbeiter.", "Hat das Amt 200 Mitarbeiter?", 4),
        ("Nein, das Amt hat 140 Mitarbeiter.", STAFF, 6),
        ("Ja, die Brücke ist für Lastwagen nicht offen.", OPEN_BRIDGE, 4),
        ("Nein, die Brücke ist für Lastwagen offen.", OPEN_BRIDGE, 6),
        ("Ja, das Amt wurde 2024 eingerichtet.", "Wurde das Amt wieder geschlossen?", 4),
        ("Nein, das Amt hat 140 Mitarbeiter.", "Wie viele Mitarbeiter hat das Amt?", 6),
        ("Nein, das Amt hat keine Mitarbeiter.", "Hat das Amt keine Mitarbeiter?", 6),
        ("Doch, das Amt hat Mitarbeiter.", "Hat das Amt keine Mitarbeiter?", 6),
    ],
)
def test_else_only_what_can_be_proven_is_left(sentence: str, question: str, left: int) -> None:
    rest = sentence[left:]
    assert borne_out(sentence, question) == rest[0].upper() + rest[1:]
