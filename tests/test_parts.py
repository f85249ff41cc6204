"""Questions that ask several things are told from those that ask one."""

from __future__ import annotations

import pytest

from rag.parts import parts


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        (
            "Wann wurde die Brücke eröffnet und wer hat sie gebaut?",
            ("Wann wurde die Brücke eröffnet?", "wer hat sie gebaut?"),
        ),
        (
            "Was kostete die Brücke, und mit welchem Geld wurde sie bezahlt?",
            ("Was kostete die Brücke?", "mit welchem Geld wurde sie bezahlt?"),
        ),
        (
            "Ist die Brücke schon offen? Seit wann fahren dort Züge?",
            ("Ist die Brücke schon offen?", "Seit wann fahren dort Züge?"),
        ),
        (
            "When was the bridge opened and who built it?",
            ("When was the bridge opened?", "who built it?"),
        ),
        (
            "Wer plante sie und wer baute sie und wer zahlte und wer sah zu?",
            ("Wer plante sie?", "wer baute sie?", "wer zahlte und wer sah zu?"),
        ),
    ],
)
def test_each_thing_is_a_question_of_its_own(question: str, asked: tuple[str, ...]) -> None:
    assert parts(question) == asked


@pytest.mark.parametrize("second", ["Und der Bund?", "??"])
def test_what_asks_nothing_stays_as_it_is_behind_a_question(second: str) -> None:
    assert parts(f"Wann kam die Stadt ins Spiel? {second}")[1:] == (second,)


@pytest.mark.parametrize(
    ("question", "second"),
    [
        ("Wann wurde die Brücke gebaut und von wem?", "von wem wurde die Brücke gebaut?"),
        ("Wer hat die Brücke gebaut und warum?", "warum hat man die Brücke gebaut?"),
        (
            "Was kündigte die Stadt im Mai an und was der Bund im Juni?",
            "was kündigte der Bund im Juni an?",
        ),
        (
            "Vergleiche bitte: Wie hoch waren die Kosten der Brücke und wie hoch die des Tunnels?",
            "wie hoch waren die des Tunnels?",
        ),
        ("Wie viel zahlte die Stadt und wie viel der Bund?", "wie viel zahlte der Bund?"),
        (
            "Welche Summe will die Stadt ausgeben und welche der Bund?",
            "welche will der Bund ausgeben?",
        ),
        (
            "Wie viele Züge fahren über die Brücke und in welchen Monaten?",
            "in welchen Monaten fahren Züge über die Brücke?",
        ),
    ],
)
def test_a_verb_that_is_said_once_belongs_to_both(question: str, second: str) -> None:
    assert parts(question)[1:] == (second,)


@pytest.mark.parametrize(
    "question",
    [
        "Wie und warum wurde die Brücke gebaut?",
        "Wer plante und baute die Brücke?",
        "Welche Firmen und Vereine waren am Bau beteiligt?",
        "Ist es wahr, dass die Brücke rostet und wer sie gebaut hat, verschwand?",
        "Was kostete die Brücke? Danke!",
        "Wann und wo wurde sie eröffnet?",
        "Wer kam wann und wo an?",
        "Nenne die Firmen, die am Bau beteiligt waren.",
        "",
    ],
)
def test_a_question_that_asks_one_thing_stays_as_it_is(question: str) -> None:
    assert parts(question) == (question,)
