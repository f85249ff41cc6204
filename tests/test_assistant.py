"""The way of one question, with a model that says what the test lets it say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_world import World

from rag.assistant import Assistant
from rag.errors import GeneratorError, QuestionError
from rag.ports import Finished, Odds, Stream, Token
from rag.prompt import REFUSAL
from rag.types import Done, Found, Message, Proven, Reading, Turn, Usage, Writing

TEXT = """Die neue Brücke über die Elde

Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet. Sie kostete 4,2 Millionen Franken.

Am Bau beteiligt waren die Firmen Kahl, Stegmann und Rombach.
"""
QUESTION = "Was kostete die neue Brücke über die Elde?"


class Scripted:
    """A model that writes the given text, a few letters at a time."""

    name = "scripted"

    def __init__(self, *texts: str, fails: bool = False) -> None:
        """``texts``: what it writes when it is asked first, second ...; the last one again."""
        self._texts = list(texts)
        self._fails = fails
        self.asked: list[Sequence[Message]] = []
        self.closed = False

    def stream(self, messages: Sequence[Message], max_tokens: int, variation: int = 0) -> Stream:
        text = self._texts[min(len(self.asked), len(self._texts) - 1)]
        self.asked.append(messages)
        try:
            for at in range(0, len(text), 3):
                yield Token(text[at : at + 3])
            if self._fails:
                raise GeneratorError("The model died.")
            yield Finished(Usage(100, 20, 50))
        finally:
            self.closed = True


class Weighing:
    """A judge that says how sure it is, and remembers what it was shown."""

    def __init__(self, share: float | None, only: str = "") -> None:
        """``only``: it is sure of an answer that has these words, and of no other."""
        self._share = share
        self._only = only
        self.shown: list[str] = []

    def weigh(self, messages: Sequence[Message], yes: str, no: str) -> float | None:
        self.shown.append(messages[-1].content)
        return self._share if self._only in messages[-1].content.rpartition("Antwort: ")[2] else 0.0


class Pointing(Scripted):
    """A tuned model: says how likely each letter is, and writes."""

    def __init__(self, odds: dict[str, float], text: str) -> None:
        super().__init__(text)
        self._odds = odds

    def point(self, messages: Sequence[Message]) -> Stream:
        yield Reading(50, 100)
        yield Odds(self._odds)
        yield Finished(Usage(100, 1, 50))


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.write(bruecke=TEXT)
    world.build()
    return world


@pytest.fixture
def two_sources(world: World) -> World:
    """Two that differ in what the bridge cost."""
    other = TEXT.replace("4,2 Millionen Franken", "4,5 Millionen Franken")
    world.write(bote=TEXT, kurier=other, bruecke=None)
    world.build()
    return world


def asked(world: World, model: Scripted | None, judge: Weighing | None = None) -> Assistant:
    base = world.assistant()
    return Assistant(world.settings, lambda: base.index, base.embedder, model, judge=judge)


def test_a_proven_sentence_is_the_answer_with_its_exact_place(world: World) -> None:
    answer = asked(world, Scripted("Die Brücke kostete 4,2 Millionen Franken. [1]")).ask(QUESTION)
    assert answer.text == "Die Brücke kostete 4,2 Millionen Franken."
    citation = answer.statements[0].citations[0]
    assert TEXT[citation.start : citation.end] == citation.quote
    assert "4,2 Millionen Franken" in citation.quote
    assert answer.usage == Usage(100, 20, 50)


def test_an_unproven_sentence_is_left_out_and_the_proven_one_stays(world: World) -> None:
    model = Scripted(
        "Die Brücke kostete 9 Millionen Franken. [1] Die Brücke kostete 4,2 Mio. Franken."
    )
    answer = asked(world, model).ask(QUESTION)
    assert answer.text == "Die Brücke kostete 4,2 Millionen Franken."  # as the source spells it


def test_if_nothing_is_proven_the_evidence_is_quoted_word_for_word(world: World) -> None:
    answer = asked(world, Scripted("Sie kostete 9 Milliarden Euro.")).ask(QUESTION)
    assert answer.answered
    assert answer.text in TEXT
    assert "9 Milliarden" not in answer.text


def test_if_no_evidence_answers_either_the_model_is_asked_once_more_and_told_why(
    world: World,
) -> None:
    model = Scripted(
        "Die Brücke kostete 9 Milliarden Euro. [1]",
        "Die neue Brücke kostete 4,2 Millionen Franken. [1]",
    )
    answer = asked(world, model, Weighing(0.9, "Die neue Brücke kostete")).ask(QUESTION)
    assert answer.text == "Die neue Brücke kostete 4,2 Millionen Franken."
    assert len(model.asked) == 2
    first, second = model.asked
    assert second[: len(first)] == first  # so its cache holds all but the last two
    assert second[-2].content == "Die Brücke kostete 9 Milliarden Euro. [1]"
    assert "9 Milliarden Euro" in second[-1].content
    assert answer.usage == Usage(200, 40, 100)


def test_a_model_that_refuses_is_not_asked_again(world: World) -> None:
    model = Scripted("Das steht nicht in den Artikeln.", "Sie kostete 4,2 Millionen Franken. [1]")
    assert not asked(world, model, Weighing(0.1)).ask(QUESTION).answered
    assert len(model.asked) == 1


def test_where_the_evidence_says_less_than_the_question_the_judge_decides(world: World) -> None:
    question, said = "Wann wurde die Brücke über die Elde gesprengt?", "Am 3. Mai 2019. [1]"
    doubted = "Wann wurde die Brücke über die Elde dem Verkehr übergeben?"
    for share, answered in ((0.95, True), (0.2, False), (None, True)):
        judge = Weighing(share)
        answer = asked(world, Scripted(said), judge).ask(doubted)
        assert answer.answered is answered
        assert "3. Mai 2019" in judge.shown[0]
        assert all("Verkehr" in shown for shown in judge.shown)
    known = "Was kostete die Brücke über die Elde?"  # the evidence says all that this one says
    for share, answered in ((0.55, True), (0.45, False), (None, True)):
        model = Scripted("Sie kostete 4,2 Millionen Franken. [1]")
        assert asked(world, model, Weighing(share)).ask(known).answered is answered
    assert not asked(world, Scripted(said), Weighing(0.45)).ask(doubted).answered
    assert not asked(world, Scripted(said), Weighing(0.1)).ask(question).answered


def test_the_readers_own_words_are_taken_over_only_if_the_judge_agrees(world: World) -> None:
    question, said = (
        "Wann ging das Bauwerk in Betrieb?",
        "Das Bauwerk ging am 3. Mai 2019 in Betrieb.",
    )
    for share, answered in ((0.95, True), (0.2, False), (None, False)):
        answer = asked(world, Scripted(said), Weighing(share)).ask(question)
        assert answer.answered is answered
    assert not asked(world, Scripted(said)).ask(question).answered
    wrong = "Das Bauwerk ging am 4. Mai 2019 in Betrieb."
    assert asked(world, Scripted(wrong), Weighing(0.95)).ask(question).text != wrong


def test_what_a_model_failed_to_say_is_quoted_if_the_judge_agrees(world: World) -> None:
    question = "Wann ging das Bauwerk in Betrieb?"
    model = Scripted("Das steht nicht in den Artikeln.")
    assert "3. Mai 2019" in asked(world, model, Weighing(0.95)).ask(question).text
    assert not asked(world, model, Weighing(0.2)).ask(question).answered


def test_the_place_a_failed_sentence_was_meant_to_tell_of_is_quoted_first(world: World) -> None:
    model = Scripted("Beteiligt waren die Firmen Kahl, Stegmann und Runkel. [1]")
    answer = asked(world, model, Weighing(0.9)).ask("Was weiß man über die Brücke?")
    assert answer.text == "Am Bau beteiligt waren die Firmen Kahl, Stegmann und Rombach."


def test_who_may_be_told_without_a_name_but_not_by_a_thing(world: World) -> None:
    world.write(
        bruecke=TEXT + "\nDen Verkehr regeln die Wächter, und auch eine Ampel regelt ihn.\n"
    )
    world.build()
    question = "Wer regelt den Verkehr?"
    who, what = "Den Verkehr regeln die Wächter.", "Den Verkehr regelt auch eine Ampel."
    assert asked(world, Scripted(who), Weighing(0.9, who)).ask(question).text == who
    assert not asked(world, Scripted(what), Weighing(0.9, what)).ask(question).answered


@pytest.mark.parametrize(
    ("question", "said", "answers"),
    [
        ("Was weiß man über die neue Brücke?", "Die neue Brücke.", False),
        ("Was weiß man über die neue Brücke?", "Die neue Brücke wurde 2019 eröffnet.", True),
        ("Ist die neue Brücke eröffnet?", "Die neue Brücke ist eröffnet.", True),
        ("Führt eine Brücke oder ein Tunnel über die Elde?", "Eine Brücke über die Elde.", True),
    ],
)
def test_a_sentence_that_only_says_the_question_again_answers_nothing(
    world: World, question: str, said: str, answers: bool
) -> None:
    answer = asked(world, Scripted(said), Weighing(0.9, said)).ask(question)
    assert (answer.text == said) is answers


def letter_of(world: World, question: str, words: str) -> str:
    """The letter of the piece with these words, as a tuned model is shown it."""
    model = Pointing({"A": 1.0}, "")
    asked(world, model).ask(question)
    told = model.asked[0][1].content.split("\n")
    return next(line[0] for line in told if words in line)


def test_a_tuned_model_points_at_what_proves_its_answer(world: World) -> None:
    letter = letter_of(world, QUESTION, "4,2 Millionen")
    said = "Die neue Brücke kostete 4,2 Millionen Franken."
    model = Pointing({letter: 0.9, "0": 0.1}, said)
    events = list(asked(world, model).answer(QUESTION))
    answer = events[-1].answer
    assert answer.text == said
    assert "4,2 Millionen Franken" in answer.statements[0].citations[0].quote
    shown = [e.text for e in events if isinstance(e, Writing)]
    assert shown
    assert all(said.startswith(text) for text in shown)
    assert Reading(50, 100) in events
    assert model.asked[0][-1] == Message("assistant", f"{letter}\n")


def test_a_tuned_model_that_finds_nothing_is_stopped_before_it_writes(world: World) -> None:
    model = Pointing({"A": 0.1, "0": 0.9}, "Die Brücke kostete 4,2 Millionen Franken.")
    answer = asked(world, model).ask(QUESTION)
    assert answer.abstention is not None
    assert answer.abstention.reason == "not_answered"
    assert answer.usage == Usage(100, 1, 50)
    assert model.asked == []


@pytest.mark.parametrize(("share", "answered"), [(0.9, True), (0.01, False)])
def test_where_a_tuned_model_is_in_doubt_the_judge_has_a_say(
    world: World, share: float, answered: bool
) -> None:
    letter = letter_of(world, QUESTION, "4,2 Millionen")
    model = Pointing({letter: 0.3, "0": 0.7}, "Die neue Brücke kostete 4,2 Millionen Franken.")
    judge = Weighing(share, "4,2 Millionen")
    answer = asked(world, model, judge).ask(QUESTION)
    assert (answer.abstention is None) is answered
    assert len(judge.shown) == 1
    assert len(model.asked) == answered


def test_a_proven_sentence_that_was_not_pointed_at_is_no_answer(world: World) -> None:
    letter = letter_of(world, QUESTION, "3. Mai 2019")
    said = "Die neue Brücke kostete 4,2 Millionen Franken."
    model = Pointing({letter: 0.9, "0": 0.1}, said)
    assert asked(world, model).ask(QUESTION).text != said


def test_pieces_that_are_about_as_likely_are_pointed_at_together(world: World) -> None:
    first, second = letter_of(world, QUESTION, "3. Mai 2019"), letter_of(world, QUESTION, "4,2 Mi")
    said = "Die neue Brücke kostete 4,2 Millionen Franken."
    model = Pointing({first: 0.4, second: 0.3, "0": 0.3}, said)
    assert asked(world, model).ask(QUESTION).text == said
    assert model.asked[0][-1] == Message("assistant", f"{first} {second}\n")


def test_what_a_tuned_model_pointed_at_is_quoted_if_its_own_words_are_unproven(
    world: World,
) -> None:
    letter = letter_of(world, QUESTION, "4,2 Millionen")
    model = Pointing({letter: 0.9, "0": 0.1}, "Sie kostete neun Milliarden Euro.")
    answer = asked(world, model).ask(QUESTION)
    assert answer.text == "Sie kostete 4,2 Millionen Franken."
    assert len(model.asked) == 1


def test_each_source_is_heard_where_the_question_compares_them(two_sources: World) -> None:
    question = "Was kostete die neue Brücke über die Elde: Was sagt der Bote, was der Kurier?"
    answer = asked(two_sources, Scripted("Sie kostete 4,2 Millionen Franken. [1]")).ask(question)
    said = {s.citations[0].article: s.text for s in answer.statements}
    assert set(said) == {"bote.txt", "kurier.txt"}
    assert "4,2 Millionen" in said["bote.txt"]
    assert "4,5 Millionen" in said["kurier.txt"]


def test_what_one_source_says_is_not_taken_from_another(two_sources: World) -> None:
    question = "Was kostete die neue Brücke über die Elde laut Kurier-Artikel?"
    answer = asked(two_sources, Scripted("Sie kostete 4,2 Millionen Franken. [1]")).ask(question)
    assert {c.article for s in answer.statements for c in s.citations} == {"kurier.txt"}
    assert {p.chunk.article for p in answer.passages} == {"kurier.txt"}
    assert "4,2" not in answer.text


def test_two_things_asked_at_once_are_answered_one_by_one(world: World) -> None:
    model = Scripted(
        "Die Brücke kostete 4,2 Millionen Franken. [1]",
        "Am Bau beteiligt waren die Firmen Kahl, Stegmann und Rombach.",
    )
    answer = asked(world, model).ask(
        "Was kostete die neue Brücke über die Elde und welche Firmen waren am Bau beteiligt?"
    )
    first, second = (messages[-1].content for messages in model.asked)
    assert first.endswith("Frage: Was kostete die neue Brücke über die Elde?")
    assert second.endswith("Frage: welche Firmen waren am Bau beteiligt?")
    assert [TEXT[c.start : c.end] for s in answer.statements for c in s.citations] == [
        "Sie kostete 4,2 Millionen Franken.",
        "Am Bau beteiligt waren die Firmen Kahl, Stegmann und Rombach.",
    ]


def test_one_of_two_things_that_nothing_answers_is_named(world: World) -> None:
    model = Scripted("Die Brücke kostete 4,2 Millionen Franken. [1]", REFUSAL)
    question = "Was kostete die neue Brücke über die Elde und wie schwer war der erste Zug?"
    answer = asked(world, model).ask(question)
    assert answer.text == "Die Brücke kostete 4,2 Millionen Franken."
    (untold,) = answer.untold
    assert "„wie schwer war der erste Zug?“" in untold


def test_if_nothing_answers_any_of_two_things_it_is_an_abstention(world: World) -> None:
    question = "Wie laut war die Feier und wie schwer war der erste Zug?"
    answer = asked(world, Scripted(REFUSAL)).ask(question)
    assert (answer.answered, answer.untold) == (False, ())


def test_a_refusal_is_an_abstention_without_citations(world: World) -> None:
    refusing = Scripted("Das steht nicht in den Artikeln.")
    answer = asked(world, refusing).ask("Wer fotografierte sie?")
    assert answer.abstention is not None
    assert answer.abstention.reason == "not_answered"
    assert answer.statements == ()


def test_small_talk_asks_no_model(world: World) -> None:
    model = Scripted("Hallo!")
    answer = asked(world, model).ask("Hallo")
    assert answer.abstention is not None
    assert answer.abstention.reason == "small_talk"
    assert model.asked == []


def test_events_come_in_order_and_the_whole_answer_last(world: World) -> None:
    model = Scripted("Die Brücke kostete 4,2 Millionen Franken. [1] Das war viel Geld.")
    events = list(asked(world, model).answer(QUESTION))
    assert isinstance(events[0], Found)
    assert isinstance(events[-1], Done)
    kinds = [type(e) for e in events]
    assert kinds.count(Done) == 1
    assert Writing in kinds
    assert kinds.index(Proven) < len(kinds) - 1


def test_a_date_that_looks_like_an_end_while_it_is_written_is_no_end(world: World) -> None:
    model = Scripted("Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet. [1]")
    answer = asked(world, model).ask("Wann wurde die neue Brücke über die Elde eröffnet?")
    assert answer.text == "Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet."


def test_closing_the_answer_stops_the_model(world: World) -> None:
    model = Scripted("Die Brücke ist schön. " * 50)
    events = asked(world, model).answer(QUESTION)
    while not isinstance(next(events), Writing):
        pass
    events.close()
    assert model.closed


def test_a_model_that_dies_is_an_error_and_no_answer(world: World) -> None:
    with pytest.raises(GeneratorError):
        asked(world, Scripted("Die Brücke", fails=True)).ask(QUESTION)


def test_the_model_is_asked_the_question_as_it_was_understood(world: World) -> None:
    model = Scripted("Sie kostete 4,2 Millionen Franken. [1]")
    history = [Turn("Was ist die Elde-Brücke?", "Eine neue Brücke.")]
    answer = asked(world, model).ask("Und was kostete sie?", history)
    assert answer.rewritten_question
    assert "Elde" in model.asked[0][-1].content


@pytest.mark.parametrize("question", ["", "  \n", "x" * 10_000, "\ud800"])
def test_a_question_that_is_none_is_refused(world: World, question: str) -> None:
    with pytest.raises(QuestionError):
        asked(world, None).ask(question)
