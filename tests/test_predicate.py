"""What is done, and which one is meant, is the source's."""

from __future__ import annotations

import pytest

from rag.predicate import singled_out, undone

BRIDGE = "Die Gründung der Werft erfolgte 2015, seither wächst sie."
GIFT = "Der Hafen erhielt 27 Millionen Euro und wird von Städten getragen, darunter Emden."


@pytest.mark.parametrize(
    ("sentence", "text"),
    [
        ("Die Werft wurde 2015 gegründet.", BRIDGE),
        ("Er gründete die Werft.", BRIDGE),
        ("Die Werft ist 2015 gewachsen.", BRIDGE),
        ("Er investiert in Schiffe.", "Seine Investitionen gelten Schiffen."),
        ("Die Entwicklung gelang.", "Sie entwickelte es, und es gelang."),
        ("Es gibt eine Werft.", BRIDGE),
    ],
)
def test_a_verb_stands_there_in_some_form(sentence: str, text: str) -> None:
    assert undone(sentence, text) == []


def test_a_verb_of_nobody_is_named() -> None:
    assert undone("Die Werft wurde 2015 verkauft.", BRIDGE) == ["verb: verkauft"]


def test_the_verb_of_the_question_may_stand_for_the_source_in_one_clause_of_it() -> None:
    asked = "Wie viel Geld kassierte der Hafen, wie viel kassierte Emden?"
    assert undone("Der Hafen kassierte 27 Millionen Euro.", GIFT, "", asked) == []
    assert undone("Emden kassierte 27 Millionen Euro.", GIFT, "", asked) == ["verb: kassierte"]


def test_a_word_that_singles_out_has_to_be_the_sources() -> None:
    text = "Das Treffen ist am 10. Mai."
    assert singled_out("Das nächste Treffen ist am 10. Mai.", text, "") == ["thing: nächste"]
    assert singled_out("Das nächste Treffen ist im Mai.", "das nächste Treffen", "") == []
