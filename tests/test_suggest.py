"""Questions that are offered: made of sentences, and answered by just these."""

from __future__ import annotations

import time

import pytest

from rag.assistant import Assistant
from rag.sentence_questions import questions
from rag.suggest import MOST


@pytest.mark.parametrize(
    ("sentence", "asked"),
    [
        ("Am 3. Mai 2019 eröffnete die Stadt Elde ihre neue Brücke.", None),  # whose?
        ("Am 3. Mai 2019 eröffnete die Stadt Elde eine neue Brücke.",
         "Wann eröffnete die Stadt Elde eine neue Brücke?"),
        ("Seit 2012 betreibt Nordwind zwei Windräder auf dem Deich.",
         "Seit wann betreibt Nordwind zwei Windräder auf dem Deich?"),
        ("In Hamburg entstehen derzeit vier Werkstätten für Boote.",
         "Wo entstehen vier Werkstätten für Boote?"),
        ("Das Unternehmen Nordwind beschäftigt rund 140 Mitarbeiter im Hafen.",
         "Wie viele Mitarbeiter beschäftigt das Unternehmen Nordwind im Hafen?"),
        ("Die Firma investiert mehr als 2,5 Milliarden Euro in neue Werke.",
         "Wie viele Milliarden Euro investiert die Firma in neue Werke?"),
        ("Über 900 Läufer nahmen am Rennen durch Bremen teil.",
         "Wie viele Läufer nahmen am Rennen durch Bremen teil?"),
        ("OpenAI ist eine Firma für große Sprachmodelle.", "Was ist OpenAI?"),
        ("Ein Ziel von Nordwind ist der Bau von zwölf Windrädern.",
         "Was ist ein Ziel von Nordwind?"),
        ("Die Kommission will eine neue Behörde für Wasser gründen.",
         "Was will die Kommission gründen?"),
        ("Gestern traf Bürgermeisterin Anna Muster die Gäste.", "Wer ist Anna Muster?"),
        ("Das sagte Karl Brandt, Leiter der Werft, am Abend.", "Wer ist Karl Brandt?"),
        ("Siemens gründete 2003 eine Stiftung für junge Forscher.",
         "Wer gründete 2003 eine Stiftung für junge Forscher?"),
    ],
)  # fmt: skip
def test_a_sentence_becomes_a_question_it_answers(sentence: str, asked: str | None):
    assert (asked in questions(sentence)) if asked else (questions(sentence) == ())


@pytest.mark.parametrize(
    "sentence",
    [
        "Er eröffnete am 3. Mai 2019 eine neue Brücke in Elde.",
        "Diese Summe soll in den nächsten Jahren in Werke fließen.",
        "Dort entstehen vier neue Werkstätten für kleine Boote.",
        "Die Ministerin reiste mit 500 Gästen in Richtung Süden ab.",
        "Die Halle kostete zwischen 20 und 30 Millionen Euro im Bau.",
        "„In Hamburg entstehen vier Werkstätten“, sagte der Chef.",
        "Die Brücke ist schön.",
        "Mit 27 Millionen Euro startete das Projekt in Bremen.",
        "",
    ],
)
def test_better_none_than_a_crooked_one(sentence: str):
    assert questions(sentence) == ()


def test_openers_are_answered_by_an_article_and_found_once(paris_assistant: Assistant):
    openers = paris_assistant.openers()
    assert 2 <= len(openers) <= MOST
    assert len(set(openers)) == len(openers)
    for question in openers:
        answer = paris_assistant.ask(question)
        assert answer.answered, question
        assert answer.statements[0].citations
    began = time.perf_counter()
    assert paris_assistant.openers() == openers
    assert time.perf_counter() - began < 0.05, "they are kept for an index version"


def test_what_is_offered_after_an_answer_is_near_it_new_and_answered(paris_assistant: Assistant):
    asked = "Welche Unternehmen unterstützen die ROOST-Initiative?"
    answer = paris_assistant.ask(asked)
    offered = paris_assistant.follow_ups(answer)
    assert 1 <= len(offered) <= MOST
    assert asked not in offered
    said = {(c.article, c.start) for s in answer.statements for c in s.citations}
    found = {p.chunk.article for p in answer.passages}
    for question in offered:
        again = paris_assistant.ask(question)
        assert again.answered, question
        places = {(c.article, c.start) for s in again.statements for c in s.citations}
        assert {article for article, _ in places} <= found | {"QUELLEN.toml"}
        assert not places <= said, "it asks for something new"


def test_nothing_is_offered_after_a_greeting(paris_assistant: Assistant):
    assert paris_assistant.follow_ups(paris_assistant.ask("Hallo!")) == ()


def test_of_chosen_articles_only_what_they_answer_is_offered(paris_assistant: Assistant):
    only = ("wiwo-ki-gipfel-in-paris.txt",)
    *_, done = paris_assistant.answer("Wer ist Sam Altman?", among=only)
    for question in paris_assistant.follow_ups(done.answer, only):
        *_, again = paris_assistant.answer(question, among=only)
        assert again.answer.answered, question
