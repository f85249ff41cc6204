"""The way of one question, with a model that says what the test lets it say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from small_world import World

from rag.assistant import Assistant
from rag.errors import GeneratorError, QuestionError
from rag.ports import Finished, Stream, Token
from rag.types import Done, Found, Message, Proven, Turn, Usage, Writing

TEXT = """Die neue Brücke über die Elde

Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet. Sie kostete 4,2 Millionen Franken.

Am Bau beteiligt waren die Firmen Kahl, Stegmann und Rombach.
"""
QUESTION = "Was kostete die neue Brücke über die Elde?"


class Scripted:
    """A model that writes the given text, a few letters at a time."""

    name = "scripted"

    def __init__(self, text: str, fails: bool = False) -> None:
        self._text = text
        self._fails = fails
        self.asked: list[Sequence[Message]] = []
        self.closed = False

    def stream(self, messages: Sequence[Message], max_tokens: int) -> Stream:
        self.asked.append(messages)
        try:
            for at in range(0, len(self._text), 3):
                yield Token(self._text[at : at + 3])
            if self._fails:
                raise GeneratorError("The model died.")
            yield Finished(Usage(100, 20, 50))
        finally:
            self.closed = True


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path)
    world.write(bruecke=TEXT)
    world.build()
    return world


def asked(world: World, model: Scripted | None) -> Assistant:
    base = world.assistant()
    return Assistant(world.settings, lambda: base.index, base.embedder, model)


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
    assert answer.text == "Die Brücke kostete 4,2 Mio. Franken."


def test_if_nothing_is_proven_the_evidence_is_quoted_word_for_word(world: World) -> None:
    answer = asked(world, Scripted("Sie kostete 9 Milliarden Euro.")).ask(QUESTION)
    assert answer.answered
    assert answer.text in TEXT
    assert "9 Milliarden" not in answer.text


def test_a_refusal_is_an_abstention_without_citations(world: World) -> None:
    answer = asked(world, Scripted("Das steht nicht in den Artikeln.")).ask("Wer entwarf sie?")
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
