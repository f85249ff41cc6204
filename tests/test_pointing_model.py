"""The embedded language model with its adapter: it points before it answers."""

from __future__ import annotations

import pytest

from rag import app, pointing
from rag.catalogue import load_catalogue
from rag.generate_llamacpp import LlamaCppGenerator, LlamaCppPointer
from rag.judgement import NO, YES, judgement
from rag.models import whole_adapter
from rag.opinion import Pointed
from rag.ports import Finished, Odds, Token
from rag.settings import load_settings
from rag.types import Evidence, Message, Metadata, Reading, Usage

TEXTS = (
    "Die neue Brücke über die Elde wurde am 3. Mai 2019 eröffnet.",
    "Sie kostete 4,2 Millionen Franken und ist 310 Meter lang.",
    "Die Pläne stammen von der Ingenieurin Ada Kolb aus Rulm.",
    "Der Fährmann Jens Holm verlor durch sie seine Arbeit.",
)
EVIDENCE = [
    Evidence("a.txt", i + 1, 100 * i, 100 * i + len(text), text, ("Brückenbau",), Metadata())
    for i, text in enumerate(TEXTS)
]


@pytest.fixture(scope="module")
def pointer() -> LlamaCppPointer:
    settings = load_settings(llm=f"llamacpp:{app.DEFAULT_LLM}")
    generator = app.choose_model(settings, lambda line: None, lambda loading: None).generator
    assert isinstance(generator, LlamaCppPointer)
    return generator


def pointed(pointer: LlamaCppPointer, question: str) -> tuple[float, ...]:
    """The shares of the pieces."""
    events = list(pointer.point(pointing.messages(question, EVIDENCE)))
    kinds = [type(event) for event in events if not isinstance(event, Token)]
    assert kinds == sorted(kinds, key=[Reading, Odds, Finished].index)
    assert kinds.count(Odds) == kinds.count(Finished) == 1
    odds = next(event for event in events if isinstance(event, Odds))
    return pointing.shares(odds.of, len(EVIDENCE))


def written(pointer: LlamaCppPointer, question: str, pieces: tuple[int, ...]) -> tuple[str, Usage]:
    """What is written below the letters of the pieces, and the tokens it took."""
    messages = [*pointing.messages(question, EVIDENCE), pointing.begun(pieces)]
    events = list(pointer.stream(messages, 60))
    text = "".join(event.text for event in events if isinstance(event, Token))
    finished = events[-1]
    assert isinstance(finished, Finished)
    return text, finished.usage


@pytest.mark.parametrize(
    ("question", "piece", "said"),
    [
        ("Wie viel hat die Brücke gekostet?", 1, "4,2 Millionen Franken"),
        ("Wer hat das Bauwerk entworfen?", 2, "Ada Kolb"),
        ("Seit wann kann man über die Brücke fahren?", 0, "3. Mai 2019"),
    ],
)
def test_it_points_at_what_answers_and_says_it(
    pointer: LlamaCppPointer, question: str, piece: int, said: str
) -> None:
    shares = pointed(pointer, question)
    assert max(range(len(shares)), key=shares.__getitem__) == piece
    text, usage = written(pointer, question, (piece,))
    assert said in text
    assert usage.prompt - usage.cached < 10, "what was read to point is not read again"


@pytest.mark.parametrize(
    "question", ["Wie alt ist Ada Kolb?", "Wie viele Autos fahren täglich über die Brücke?"]
)
def test_it_points_at_nothing_where_nothing_answers(
    pointer: LlamaCppPointer, question: str
) -> None:
    assert not Pointed(EVIDENCE, pointed(pointer, question)).answerable()


def test_it_judges_as_the_model_does_that_was_not_tuned(pointer: LlamaCppPointer) -> None:
    settings = load_settings()
    _, path = app.llm_file(settings, app.DEFAULT_LLM, lambda line: None)
    untuned = LlamaCppGenerator(path, "untuned", 2, 1024)
    asked = judgement("Wer hat das Bauwerk entworfen?", TEXTS[2], [TEXTS[2]])
    share = pointer.weigh(asked, YES, NO)
    assert share == pytest.approx(untuned.weigh(asked, YES, NO), abs=0.02)
    assert share is not None
    assert share > 0.5
    pointed(pointer, "Wie alt ist Ada Kolb?")
    assert pointer.weigh(asked, YES, NO) == pytest.approx(share, abs=0.02)


def test_it_is_named_with_the_adapter_it_was_tuned_with(pointer: LlamaCppPointer) -> None:
    adapter = whole_adapter(load_catalogue()[app.DEFAULT_LLM])
    assert adapter is not None
    assert pointer.name == f"llamacpp:{app.DEFAULT_LLM}+{adapter.fingerprint}"


def test_without_odds_it_writes_as_any_other_model(pointer: LlamaCppPointer) -> None:
    events = list(pointer.stream([Message("user", "Sag Hallo.")], 4))
    assert not any(isinstance(event, Odds) for event in events)
    assert isinstance(events[-1], Finished)
