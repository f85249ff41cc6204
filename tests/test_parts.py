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


@pytest.mark.parametrize(
    "question",
    [
        "Wie und warum wurde die Brücke gebaut?",
        "Wer plante und baute die Brücke?",
        "Welche Firmen und Vereine waren am Bau beteiligt?",
        "Ist es wahr, dass die Brücke rostet und wer sie gebaut hat, verschwand?",
        "Was kostete die Brücke? Danke!",
        "Wann und wo wurde sie eröffnet?",
        "Nenne die Firmen, die am Bau beteiligt waren.",
        "",
    ],
)
def test_a_question_that_asks_one_thing_stays_as_it_is(question: str) -> None:
    assert parts(question) == (question,)
