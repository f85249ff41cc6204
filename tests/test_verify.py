"""The check of a sentence against evidence: what is false is caught, what is true passes."""

from __future__ import annotations

import time

import pytest

from rag.names import names
from rag.verify import Source, check

OFFICE = Source(
    "Dafür wurde im Februar 2024 das Europäische Amt für KI (AI Office) mit 140 Mitarbeitern "
    "eingerichtet.",
    "Die Rolle der EU-Kommission",
)
MONEY = Source(
    "Zwar sammelten europäische Start-ups im Jahr 2024 mit 7,7 Milliarden Dollar mehr Geld ein "
    "denn je, ein Plus von 12 Prozent.",
    "Geld für Gründer",
)
BRIDGE = Source(
    "Die Brücke wurde am 3. Mai 2019 nach zwölf Jahren eröffnet und ist nicht für Lastwagen "
    "zugelassen.",
    "Brückenbau an der Elde",
)
ORDER = Source("Den Auftrag bekam die Stadt Elde von der Firma Lindmark.")
RULE = Source("An die Regel werde sie sich halten, sagt Lind, sie könne einige Pumpen verzögern.")
VOICE = Source("„Das Rennen hat gerade erst begonnen“, sagt Petra Lind, Leiterin des Amtes.")

TITLED = Source("Die Aktion erhielt eine Bewilligung.", "Was die „Aktion Elbe“ will")


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Das AI Office hat 140 Mitarbeiter.", OFFICE),
        ("Das Europäische Amt für KI wurde im Februar 2024 eingerichtet.", OFFICE),
        ("Europäische Startups sammelten 2024 7,7 Mrd. Dollar ein.", MONEY),
        ("Das waren 12 % mehr Geld.", MONEY),
        ("Die Brücke an der Elde wurde am 03.05.2019 eröffnet.", BRIDGE),
        ("Die Brücke wurde nach 12 Jahren eröffnet.", BRIDGE),
        ("Die Brücke ist nicht für Lastwagen zugelassen.", BRIDGE),
        ("Petra Lind sagt: „Das Rennen hat gerade erst begonnen“.", VOICE),
        ("Petra Lind ist Leiterin des Amtes.", VOICE),
        ("Die Bewilligung hat die „Aktion Elbe“ erhalten.", TITLED),
    ],
)
def test_a_true_paraphrase_passes(sentence: str, source: Source) -> None:
    verdict = check(sentence, source)
    assert verdict.support == "supported", verdict


@pytest.mark.parametrize(
    ("sentence", "source", "reason"),
    [
        ("Das AI Office hat 150 Mitarbeiter.", OFFICE, "number"),
        ("Mistral AI hat 140 Mitarbeiter.", OFFICE, "name"),
        ("Europäische Start-ups sammelten 7,7 Milliarden Euro ein.", MONEY, "number"),
        ("Europäische Start-ups sammelten 7,7 Millionen Dollar ein.", MONEY, "number"),
        ("Das Plus betrug 12 Prozentpunkte.", MONEY, "number"),
        ("Die Brücke wurde am 4. Mai 2019 eröffnet.", BRIDGE, "number"),
        ("Die Brücke wurde im Mai 2021 eröffnet.", BRIDGE, "number"),
        ("Die Brücke ist für Lastwagen zugelassen.", BRIDGE, "negation"),
        ("Das Amt wurde im Februar 2024 nicht eingerichtet.", OFFICE, "negation"),
        ("Petra Lind sagt: „Das Rennen ist längst verloren“.", VOICE, "quote"),
        ("Die Gründer feierten auf dem Oktoberfest.", MONEY, "wording"),
        ("Das AI Office hat 140 Schiffe.", OFFICE, "number"),
        ("Die Bewilligung hat die „Aktion Weser“ erhalten.", TITLED, "quote"),
        ("Das AI Office hat 140 Mitarbeiter das AI Office hat.", OFFICE, "said twice"),
        ("Lindmark bekam den Auftrag von der Firma Lindmark.", ORDER, "said twice"),
        ("Lind sagt, dass Pumpen einige Pumpen verzögern könnten.", RULE, "said twice"),
    ],
)
def test_a_false_sentence_is_caught_with_its_reason(
    sentence: str, source: Source, reason: str
) -> None:
    verdict = check(sentence, source)
    assert verdict.support == "unsupported"
    assert any(r.startswith(reason) for r in verdict.reasons), verdict


@pytest.mark.parametrize(
    ("sentence", "supported"),
    [
        ("Die Überführung wurde am 3. Mai 2019 eingeweiht.", True),
        ("Die Überführung wurde am 4. Mai 2019 eingeweiht.", False),
        ("Die Überführung wurde am 3. Mai 2019 gesprengt.", False),
        ("Die Überführung wurde eingeweiht.", False),
    ],
)
def test_the_questions_own_words_need_no_proof_but_all_others_do(
    sentence: str, supported: bool
) -> None:
    question = "Wann wurde die Überführung eingeweiht?"
    assert check(sentence, BRIDGE, question).support == "unsupported"
    assert (check(sentence, BRIDGE, question, echo=True).support == "supported") is supported


def test_a_name_of_the_question_needs_proof_like_any_other() -> None:
    sentence, question = "Mistral AI hat 140 Mitarbeiter.", "Wie viele Mitarbeiter hat Mistral AI?"
    assert check(sentence, OFFICE, question, echo=True).support == "unsupported"


@pytest.mark.parametrize("piece", ["1 (2) ", "A, ", "und ", "nicht ", "12 Kiel ", '"'])
def test_the_strangest_text_is_judged_quickly(piece: str) -> None:
    text = piece * (2000 // len(piece))
    began = time.perf_counter()
    check(text, Source(text[::-1] + text, text))
    assert time.perf_counter() - began < 10


def test_a_heading_may_prove_a_name_but_never_a_number() -> None:
    source = Source("Die Initiative erhielt 27 Millionen Dollar.", "ROOST wächst um 30 Prozent")
    assert check("ROOST erhielt 27 Millionen Dollar.", source).support == "supported"
    assert check("Die Initiative erhielt 30 Prozent.", source).support == "unsupported"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Das AI Office prüft die Regeln.", ["AI Office"]),
        ("Gestern traf Emmanuel Macron die Firma OpenAI.", ["Emmanuel Macron"]),
        ("Die Firma kaufte bei ROOST und bei OpenAI ein.", ["ROOST", "OpenAI"]),
        ("Die Brücke ist lang.", []),
    ],
)
def test_names_are_runs_of_capitals_or_words_with_capitals_inside(
    sentence: str, expected: list[str]
) -> None:
    assert set(expected) <= set(names(sentence)) or names(sentence) == expected


@pytest.mark.parametrize("sentence", ["Nein.", "Ja.", "B", "B C E", "Das ist so.", "...", "Doch!"])
def test_a_sentence_that_says_nothing_is_not_proven_by_anything(sentence: str) -> None:
    verdict = check(sentence, OFFICE, "Hat das AI Office 140 Mitarbeiter?")
    assert verdict.support == "unsupported"
    assert verdict.reasons == ("wording: nothing is said",)
