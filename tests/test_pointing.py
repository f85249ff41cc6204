"""How a tuned model is asked, how its words are read back, and what it was tuned on."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.datasets import load_dataset
from eval.errors import EvalError
from eval.tuning.articles import read_articles
from eval.tuning.examples import draw, usual
from eval.tuning.shown import Shown, read_shown, write_shown
from rag import pointing
from rag.catalogue import load_catalogue
from rag.errors import ModelError
from rag.models import whole_adapter
from rag.opinion import Judged, Pointed
from rag.types import Evidence, Message, Metadata, Turn
from rag.whole import sha256_of


def piece(text: str, heading: str = "", start: int = 0) -> Evidence:
    headings = (heading,) if heading else ()
    return Evidence("a.txt", 1, start, start + len(text), text, headings, Metadata())


def test_pieces_stand_by_their_letters_below_their_headings_and_the_question_last() -> None:
    evidence = [piece("Eins.", "Bau:"), piece("Zwei\nDrei.", "Bau:"), piece("Vier.", "Geld")]
    system, user = pointing.messages("Wie\nviel?", evidence, Turn("Wer?", "Ida."))
    assert system == pointing.FIXED[0]
    assert user.content == (
        "# Bau\nA Eins.\nB Zwei Drei.\n# Geld\nC Vier.\n\nZuvor: Wer? Ida.\nFrage: Wie viel?"
    )


def test_an_answer_goes_on_below_the_letters_of_the_pieces_it_is_made_from() -> None:
    assert pointing.begun((2, 0)) == Message("assistant", "C A\n")
    assert pointing.answered((2, 0), "Ja.") == "C A\nJa."
    assert pointing.answered((), "") == pointing.NONE


def test_shares_are_of_the_pieces_shown_and_of_none() -> None:
    odds = {"A": 0.3, "B": 0.1, "0": 0.1, "D": 0.4, "Der": 0.1}
    assert pointing.shares(odds, 2) == pytest.approx((0.6, 0.2))
    assert pointing.shares({"Der": 1.0}, 2) == (0.0, 0.0)


def test_a_sentence_answers_if_its_proof_was_pointed_at() -> None:
    first, second, third = piece("Eins."), piece("Zwei.", start=9), piece("Drei.", start=20)
    opinion = Pointed((first, second, third), (0.1, 0.3, 0.35))
    assert opinion.answerable()
    assert opinion.pieces == (2, 1)
    assert not opinion.agrees("Eins.", (first,), strictly=False)
    assert opinion.agrees("Zwei.", (second,), strictly=False)
    assert opinion.agrees("Drei.", (first, third), strictly=False)
    assert opinion.likely((first, second, third)) == (third, second)
    assert opinion.likely((first, second)) == (second,)
    assert not Pointed((first, second), (0.02, 0.1)).answerable()


class Judging:
    """A judge that is so sure of anything, and the last messages it was asked."""

    def __init__(self, share: float | None) -> None:
        self._share = share
        self.asked: list[str] = []

    def weigh(self, messages: Sequence[Message], yes: str, no: str) -> float | None:
        self.asked.append(messages[-1].content)
        return self._share


@pytest.mark.parametrize(
    ("shares", "judged", "answerable"),
    [
        ((0.1, 0.0), 0.9, True),
        ((0.0, 0.1), 0.1, False),
        ((0.2, 0.4), 0.05, False),
        ((0.2, 0.4), None, True),
        ((0.1, 0.0), None, False),
    ],
)
def test_where_it_is_in_doubt_a_judge_has_a_say(
    shares: tuple[float, ...], judged: float | None, answerable: bool
) -> None:
    judge = Judging(judged)
    evidence = (piece("Eins."), piece("Zwei.", start=9))
    opinion = Pointed(evidence, shares, Judged(judge, "Was?", "Was?"))
    assert opinion.in_doubt
    assert opinion.answerable() is answerable
    likeliest = evidence[shares.index(max(shares))].text
    assert judge.asked == [f"Beleg: {likeliest}\nFrage: Was?\nAntwort: {likeliest}"]


@pytest.mark.parametrize(("shares", "answerable"), [((0.99, 0.0), True), ((0.001, 0.0), False)])
def test_where_it_is_sure_no_judge_is_asked(shares: tuple[float, ...], answerable: bool) -> None:
    judge = Judging(0.5)
    evidence = (piece("Eins."), piece("Zwei.", start=9))
    opinion = Pointed(evidence, shares, Judged(judge, "Was?", "Was?"))
    assert not opinion.in_doubt
    assert opinion.answerable() is answerable
    assert judge.asked == []


def test_the_adapter_that_comes_with_the_program_is_the_one_of_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tuned = [model for model in load_catalogue().values() if model.adapter]
    assert [model.task for model in tuned] == ["llm"]
    adapter = whole_adapter(tuned[0])
    assert adapter is not None
    assert sha256_of(adapter.path) == adapter.sha256
    damaged = tmp_path / adapter.file
    damaged.write_bytes(adapter.path.read_bytes()[:-1])
    monkeypatch.setattr(type(adapter), "path", damaged)
    with pytest.raises(ModelError, match="damaged"):
        whole_adapter(tuned[0])


SHOWN = Shown(
    id="a-01",
    held=False,
    asked="Frage: Wer baute die Mühle?",
    pieces=(
        ("Bau", "Die Mühle ist alt."),
        ("Bau", "Ida Kern baute sie."),
        ("", "Erbaut hat sie Ida Kern aus Rott."),
        ("Geld", "Sie kostete 90 Taler."),
    ),
    usual=(0, 1, 3),
    right=(1, 2),
    told=(1,),
    answer="Ida Kern baute die Mühle.",
)


def test_an_example_is_what_the_program_shows() -> None:
    example = usual(SHOWN)
    assert example.prompt[1].content == (
        "# Bau\nA Die Mühle ist alt.\nB Ida Kern baute sie.\n# Geld\nC Sie kostete 90 Taler.\n\n"
        "Frage: Wer baute die Mühle?"
    )
    assert example.said == "B\nIda Kern baute die Mühle."
    assert example.firsts == ("B",)
    refused = usual(replace(SHOWN, usual=(0, 3)))
    assert (refused.said, refused.firsts) == (pointing.NONE, (pointing.NONE,))
    unknown = usual(replace(SHOWN, told=(), answer=""))
    assert (unknown.said, unknown.firsts) == ("B", ("B",))


def test_what_is_right_to_say_follows_the_pieces_that_are_drawn() -> None:
    answering = [SHOWN.pieces[i][1] for i in SHOWN.right]
    seen = set()
    for seed in range(300):
        example = draw(SHOWN, random.Random(seed))  # noqa: S311
        lines = example.prompt[1].content.split("\n\n")[0].split("\n")
        said = {line[0]: line[2:] for line in lines if not line.startswith("#")}
        right = {letter for letter, text in said.items() if any(a in text for a in answering)}
        assert set(example.firsts) == (right or {pointing.NONE})
        assert example.said[0] in example.firsts
        told = any(SHOWN.pieces[1][1] in text for text in said.values())
        assert example.said.endswith(SHOWN.answer) is told
        seen.add((len(said), bool(right)))
    assert len(seen) >= 5  # more and fewer pieces, with and without what answers


def test_what_is_shown_is_read_back_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "shown.jsonl"
    assert write_shown(file, [SHOWN, SHOWN]) == 2
    assert read_shown(file) == (SHOWN, SHOWN)
    file.write_text(file.read_text(encoding="utf-8") + '{"id": "b"}\n', encoding="utf-8")
    with pytest.raises(EvalError, match=r"shown\.jsonl:3: KeyError"):
        read_shown(file)


def test_articles_are_held_out_and_can_be_asked() -> None:
    articles = read_articles()
    assert 0 < sum(a.held for a in articles) < len(articles) / 2
    dataset = load_dataset("invented")
    assert dataset.articles is not None
    held = [a for a in articles if a.held and not a.passages]
    assert set(dataset.articles) == {f"{a.id}.txt" for a in held}
    lines = {id: text.split("\n") for id, text in dataset.articles.items()}
    texts = {f"{a.id}.txt": {s.id: s.text for s in a.sentences} for a in articles}
    asked = {(f"{a.id}.txt", q.question): q for a in articles for q in a.questions}
    for question in dataset.questions:
        assert question.answerable is bool(question.lines)
        for id, line in question.lines:
            gold = asked[id, question.question]
            proving = [texts[id][s] for s in (*gold.gold, *gold.also)]
            assert any(text in lines[id][line - 1] for text in proving)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "JSONDecodeError"),
        ('{"id": "a"}', "KeyError"),
        (
            '{"id": "a", "title": "T", "sections": [], "questions": '
            '[{"q": "W?", "kind": "fact", "gold": ["s9"], "answer": "A."}]}',
            "unknown sentences",
        ),
    ],
)
def test_a_broken_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(EvalError, match=f"articles.jsonl:2: .*{why}"):
        read_articles(file)
