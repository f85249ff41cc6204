"""What the embedded model is tuned on, the low-rank layers, and the file llama.cpp reads."""

from __future__ import annotations

import json
import random
from pathlib import Path

import gguf
import pytest
import torch
from torch import nn

from eval.errors import EvalError
from eval.invented import laid_out
from eval.tuning import adapter_file
from eval.tuning.articles import Invented, read_articles
from eval.tuning.asking import NEWS_QUESTIONS, of_articles, of_suite
from eval.tuning.lora import SCALE, Adapted
from eval.worlds import temporary
from rag.settings import load_settings

ROOT = Path(__file__).parent.parent


def quiet(line: str) -> None:
    """Takes what a command would say on stderr."""


@pytest.fixture(scope="module")
def articles() -> list[Invented]:
    """Two whole articles and a set of passages."""
    found = read_articles()
    whole = [a for a in found if not a.passages][:2]
    return [*whole, next(a for a in found if a.passages)]


def test_what_is_shown_is_marked_where_it_answers(articles: list[Invented]) -> None:
    settings = load_settings(threads=1)
    laid = [laid_out(article) for article in articles]
    texts = {id: text for one in laid for id, text in one.texts.items()}
    with temporary(settings, texts, quiet, llm=False) as assistant:
        chance = random.Random(0)  # noqa: S311
        found = list(of_articles(articles, laid, assistant, settings, chance))
    asked = {
        f"{a.id}-{number:02}": (a, question)
        for a in articles
        for number, question in enumerate(a.questions, start=1)
    }
    assert {one.id.removesuffix("-all") for one in found} == set(asked)
    answered = 0
    for one in found:
        article, question = asked[one.id.removesuffix("-all")]
        assert one.asked.endswith(f"Frage: {question.question}")
        assert one.usual == tuple(sorted(one.usual))
        said = {s.id: s.text for s in article.sentences}
        proving = [said[id] for id in (*question.gold, *question.also)]
        for place, (_, text) in enumerate(one.pieces):
            answers = any(text in p or p in text for p in proving)
            assert answers or place not in one.right
        assert set(one.told) <= set(range(len(one.pieces)))
        assert bool(one.told) is bool(one.answer)
        answered += bool(one.right)
    assert answered > len(found) / 4


def test_of_a_suite_with_lines_the_pieces_on_them_answer(tmp_path: Path) -> None:
    texts = {"paragraphs": [{"context": "Ada baute die Mühle. Sie steht in Rott.", "qas": []}]}
    texts["paragraphs"][0]["qas"] = [  # type: ignore[index]
        {"id": "1", "question": "Wo steht sie?", "answers": [{"text": "Rott", "answer_start": 34}]}
    ]
    file = tmp_path / "squad.json"
    file.write_text(json.dumps({"data": [{"title": "Mühle", **texts}]}), encoding="utf-8")
    (one,) = of_suite(f"squad:{file}", load_settings(threads=1), quiet, None, left=False)
    assert one.right
    assert not one.answer
    assert "Rott" in " ".join(one.pieces[i][1] for i in one.right)


def test_what_cannot_be_shown_is_said_in_one_line(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text('{"id": "x-1", "text": "Ada baute die Mühle."}\n', encoding="utf-8")
    settings = load_settings(threads=1)
    with pytest.raises(EvalError, match=r"has no text 'gnad-\d+', which news\.tsv asks of"):
        of_suite(f"news:{news}", settings, quiet, None, left=False)
    for suite in ("invented", f"news:{news}"):
        with pytest.raises(EvalError, match="as a whole, without --limit"):
            of_suite(suite, settings, quiet, 5, left=False)


def test_the_documentation_counts_what_is_tuned_on() -> None:
    articles = read_articles()
    questions = [question for article in articles for question in article.questions]
    answered = sum(bool(question.gold) for question in questions)
    held = [a for a in articles if a.held and not a.passages]
    rows = NEWS_QUESTIONS.read_text(encoding="utf-8").split("\n")[:-1]
    texts = {row.split("\t")[0] for row in rows}
    said = " ".join((ROOT / "eval" / "README.md").read_text(encoding="utf-8").split())
    for count in (
        f"{len(articles)} invented articles with {len(questions):,} questions",
        f"{answered:,} questions name the sentences",
        f"{len(questions) - answered:,} have no answer",
        f"the {len(held)} articles with {sum(len(a.questions) for a in held)} questions",
        f"{len(rows):,} questions about {len(texts)} texts",
    ):
        assert count in said


def test_an_adapted_layer_begins_as_the_fixed_one_and_only_the_low_rank_part_learns() -> None:
    torch.manual_seed(0)
    fixed = nn.Linear(6, 4).requires_grad_(False)
    adapted = Adapted(fixed, rank=2)
    x = torch.randn(3, 6)
    assert torch.equal(adapted(x), fixed(x))
    with torch.no_grad():
        adapted.b.copy_(torch.randn(2, 4))
    adapted(x).sum().backward()
    learning = {name for name, p in adapted.named_parameters() if p.grad is not None}
    assert learning == {"a", "b"}
    by_hand = fixed(x) + SCALE * (x @ (adapted.a @ adapted.b))
    assert torch.allclose(adapted(x), by_hand, atol=1e-5)


def test_the_file_holds_both_matrices_of_each_layer_as_llama_cpp_wants_them(tmp_path: Path) -> None:
    adapters = {
        "0.q_proj": Adapted(nn.Linear(6, 4), rank=2),
        "11.down_proj": Adapted(nn.Linear(8, 6), rank=2),
    }
    path = tmp_path / "adapter.gguf"
    adapter_file.write(path, adapters)
    reader = gguf.GGUFReader(path)
    assert reader.fields["adapter.lora.alpha"].contents() == SCALE * 2  # over the rank: SCALE
    shapes = {tensor.name: tuple(tensor.data.shape) for tensor in reader.tensors}
    assert shapes == {
        "blk.0.attn_q.weight.lora_a": (2, 6),
        "blk.0.attn_q.weight.lora_b": (4, 2),
        "blk.11.ffn_down.weight.lora_a": (2, 8),
        "blk.11.ffn_down.weight.lora_b": (6, 2),
    }


def test_what_was_learned_can_count_less_in_the_file(tmp_path: Path) -> None:
    adapters = {name: Adapted(nn.Linear(6, 4), rank=2) for name in ("0.q_proj", "0.k_proj")}
    for adapter in adapters.values():
        adapter.scale = SCALE / 4
    path = tmp_path / "adapter.gguf"
    adapter_file.write(path, adapters)
    assert gguf.GGUFReader(path).fields["adapter.lora.alpha"].contents() == SCALE / 4 * 2
    adapters["0.k_proj"].scale = SCALE
    with pytest.raises(ValueError, match="one rank and scale"):
        adapter_file.write(path, adapters)


def test_an_adapter_goes_on_from_what_a_file_does(tmp_path: Path) -> None:
    torch.manual_seed(0)
    fixed = nn.Linear(6, 4)
    tuned = Adapted(fixed, rank=2)
    with torch.no_grad():
        tuned.b.copy_(torch.randn(2, 4))
    tuned.scale = SCALE / 4
    path = tmp_path / "adapter.gguf"
    adapter_file.write(path, {"0.q_proj": tuned})
    begun = Adapted(fixed, rank=2)
    adapter_file.read_into(path, {"0.q_proj": begun})
    x = torch.randn(3, 6)
    assert torch.allclose(begun(x), tuned(x), atol=1e-2)  # the file has 16-bit numbers
    assert not torch.allclose(begun(x), fixed(x), atol=1e-2)
    assert begun.scale == SCALE
    for others in ({"0.k_proj": Adapted(fixed, 2)}, {"0.q_proj": Adapted(fixed, 3)}):
        with pytest.raises(ValueError, match="another shape"):
            adapter_file.read_into(path, others)
