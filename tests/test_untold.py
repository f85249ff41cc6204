"""What nothing answers of several questions asked at once is told wherever an answer is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fake_assistant import FakeAssistant, corpus_articles

from rag.cli import terminal_text
from rag.contract import answer_json
from rag.markdown import markdown
from rag.plain_text import answer_text
from rag.render import Renderer
from rag.talk import Draft, Talk, from_json, to_json
from rag.texts import load_texts
from rag.types import Answer, Done

UNTOLD = "Zu der Frage wer zahlt? steht in den Artikeln nichts."


@pytest.fixture(scope="module")
def answer() -> Answer:
    *_, last = FakeAssistant().answer("Wie viele Unternehmen machen mit?")
    assert isinstance(last, Done)
    return replace(last.answer, untold=(UNTOLD,))


def test_in_the_chat_and_what_is_copied_from_it(answer: Answer) -> None:
    articles = {each.id: each for each in corpus_articles()}
    texts = load_texts("de")
    draft = Draft(answer.question, None).after(Done(answer))
    kept = from_json(to_json(Talk((draft,)))).drafts[0]
    assert f'<p class="aside">{UNTOLD}</p>' in Renderer(texts, articles).turn(kept)
    assert f"\n\n{UNTOLD}\n\n" in markdown(kept, texts, articles)


def test_at_the_terminal_and_to_programs(answer: Answer) -> None:
    assert UNTOLD in terminal_text(answer).splitlines()
    assert UNTOLD in answer_text(answer, {}).splitlines()


def test_but_it_is_no_statement_since_nothing_can_prove_it(answer: Answer) -> None:
    found = answer_json(answer)
    assert UNTOLD not in found["answer"]
    assert all(each["text"] != UNTOLD for each in found["statements"])
