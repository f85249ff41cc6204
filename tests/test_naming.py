"""Names and nouns stand in the source, in full or in short."""

from __future__ import annotations

import pytest

from rag.naming import missing_names, missing_things
from rag.short_forms import short_forms
from rag.wording import coverage

SPEECH = "OpenHarbour werde wachsen, sagte Brandt."


def test_a_surname_is_completed_by_the_article() -> None:
    article = f"Karl Brandt leitet OpenHarbour. {SPEECH}"
    assert missing_names("Karl Brandt sagte das.", SPEECH, "", article) == []
    assert missing_names("Karl Brandt sagte das.", SPEECH, "") == ["name: Karl Brandt"]


def test_a_surname_of_two_people_completes_nobody() -> None:
    article = f"Karl Brandt leitet OpenHarbour, Petra Brandt die Werft. {SPEECH}"
    assert missing_names("Karl Brandt sagte das.", SPEECH, "", article) == ["name: Karl Brandt"]


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Die VAE helfen.", "Hilfe kommt aus den Vereinigten Arabischen Emiraten."),
        ("Die Vereinigten Arabischen Emirate helfen.", "Hilfe kommt aus den VAE."),
        ("Die EU hat 27 Mitglieder.", "Die Europäische Union hat 27 Mitglieder."),
        ("Die USA haben 50 Staaten.", "Die Vereinigten Staaten haben 50 Staaten."),
        ("Künstliche Intelligenz hilft.", "KI hilft."),
    ],
)
def test_a_short_form_and_its_words_are_one(sentence: str, text: str) -> None:
    assert short_forms(sentence, text)
    assert missing_names(sentence, text, "") == []
    assert coverage(sentence, text)[0] > coverage(sentence, "Nichts davon.")[0]


def test_other_words_with_these_letters_are_no_short_form() -> None:
    assert not short_forms("Die EU hilft.", "eine Uhr und kein Institut")
    assert not short_forms("KI hilft.", "Das weckte kein Interesse.")


def test_a_noun_has_to_stand_somewhere() -> None:
    sentence, text = "Die Brücke wurde wegen des Sturms gesperrt.", "Die Brücke wurde gesperrt."
    assert missing_things(sentence, text, "", "") == ["thing: Sturms"]
    assert missing_things(sentence, text, "Schäden nach dem Sturm", "") == []
    assert missing_things(sentence, text, "", "Was geschah beim Sturm?") == []
