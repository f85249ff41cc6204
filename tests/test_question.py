"""Kinds of questions, small talk and follow-ups."""

from __future__ import annotations

import pytest

from rag.question import expanded, is_small_talk, standalone, topics
from rag.sought import asked_for
from rag.types import Turn

BRIDGE = [Turn("Was kostet die Elde-Brücke?", "Die Elde-Brücke kostet 4 Millionen Franken.")]


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wie viele Firmen machen mit?", "amount"),
        ("Wie hoch ist die Summe?", "amount"),
        ("How much money is planned?", "amount"),
        ("Wann beginnt das Fest?", "time"),
        ("In welchem Jahr war das?", "time"),
        ("Wer leitet das Amt?", "person"),
        ("Von wem stammt das Zitat?", "person"),
        ("Wo liegt die Brücke?", "place"),
        ("Warum ist das so?", "other"),
    ],
)
def test_what_is_asked_for(question: str, kind: str) -> None:
    assert asked_for(question) == kind


@pytest.mark.parametrize("text", ["Hallo", "Danke!", "Guten Morgen, wie geht es dir?", "ok super"])
def test_small_talk_is_known(text: str) -> None:
    assert is_small_talk(text)


@pytest.mark.parametrize("text", ["Hallo, wer leitet das Amt?", "Danke an wen?", "Super Bowl 2024"])
def test_a_question_is_no_small_talk(text: str) -> None:
    assert not is_small_talk(text)


def test_a_follow_up_gets_the_topic_of_the_conversation() -> None:
    assert "Elde" in standalone("Und wie lang ist sie?", BRIDGE)
    assert "Elde" in standalone("In welcher Währung?", BRIDGE)


def test_a_question_that_stands_alone_stays_as_it_is() -> None:
    question = "Wie viele Mitarbeiter hat das AI Office in Brüssel?"
    assert standalone(question, BRIDGE) == question
    assert expanded(question, BRIDGE) is None


def test_without_history_nothing_is_added() -> None:
    assert standalone("Und wer ist das?", []) == "Und wer ist das?"
    assert expanded("Und wer ist das?", []) is None


def test_a_question_that_names_little_is_searched_with_the_topic_too() -> None:
    wider = expanded("Wofür ist das Geld gedacht?", BRIDGE)
    assert wider is not None
    assert "Elde" in wider


def test_a_follow_up_to_a_follow_up_is_about_what_both_were() -> None:
    history = [*BRIDGE, Turn("In welcher Währung?", "In Franken.")]
    assert "Elde" in standalone("Und wer hat sie gebaut?", history)
    assert "Elde" in standalone("Wofür ist das Geld gedacht?", history)


def test_a_hyphenated_noun_is_one_topic() -> None:
    assert topics("Wofür ist Open-Source-Software gut?") == ["Open-Source-Software"]
    assert topics("Was kostet ein KI-Start-up?") == ["KI-Start-up"]
