"""The plain pipeline answers in the program's own JSON, from the same models, and is refused in
one line where it cannot be had."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from small_embedder import SmallEmbedder

from eval.__main__ import main
from eval.errors import EvalError
from eval.measures import measure
from eval.suite import Question
from rag import app
from rag.catalogue import load_catalogue
from rag.models import pull
from rag.settings import load_settings
from rag.types import Turn

pytest.importorskip("langchain_openai")

from langchain_core.embeddings import Embeddings
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from eval import plain, plain_models

ROOT = Path(__file__).parent.parent
SMOLLM = "smollm2-135m-instruct"
BRIDGE = "Die Brücke\n\nDie Brücke über die Donau ist 350 Meter lang. Sie steht in Ulm.\n"
TOWER = "Der Turm\n\nDer Turm auf dem Hügel ist 80 Meter hoch. Ihn baute Anna Muster.\n"
ARTICLES = {"bruecke.txt": BRIDGE, "turm.txt": TOWER}
ASKED = Question("q", "Wie lang ist die Brücke?", "fact", True, (("bruecke.txt", 3),), ("350",))


class Small(Embeddings):
    """The tests' tiny embedder for LangChain."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, v)) for v in SmallEmbedder().documents(texts)]

    def embed_query(self, text: str) -> list[float]:
        return list(map(float, SmallEmbedder().query(text)[0]))


class Says(BaseChatModel):
    """Says ``text``, or all it was told if that is None, word by word; words are its tokens."""

    text: str | None = None

    @property
    def _llm_type(self) -> str:
        return "says"

    def _generate(self, messages: Any, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError("an answer is streamed")

    def _stream(self, messages: Any, *args: Any, **kwargs: Any) -> Iterator[ChatGenerationChunk]:
        told = "\n".join(f"{m.type}: {m.content}" for m in messages)
        text = told if self.text is None else self.text
        for word in re.findall(r"\S*\s*", text):
            yield ChatGenerationChunk(message=AIMessageChunk(word))
        read, wrote = len(told.split()), len(text.split())
        usage = {"input_tokens": read, "output_tokens": wrote, "total_tokens": read + wrote}
        yield ChatGenerationChunk(message=AIMessageChunk("", usage_metadata=usage))


def pipeline(text: str | None = None, articles: dict[str, str] = ARTICLES) -> plain.Plain:
    store = plain.index(articles, Small())
    model = plain_models.LocalModel("says", Says(text=text))
    return plain.Plain(articles, "memory", lambda question: store, model)


def test_each_passage_is_a_slice_of_its_article_in_its_lines() -> None:
    articles = {p.name: p.read_bytes().decode() for p in (ROOT / "corpus").glob("*.txt")}
    store = plain.index(articles, Small())
    pieces = list(store.store.values())
    found = plain.Plain(articles, "memory", lambda question: store, None, len(pieces)).search(ASKED)
    passages: Any = found["passages"]
    assert len(passages) == len(pieces) > 40
    for p in passages:
        text = articles[p["article"]]
        assert text[p["start"] : p["end"]] == p["text"]
        lines = text.split("\n")[p["first_line"] - 1 : p["last_line"]]
        assert p["text"] in "\n".join(lines)
        assert len(p["text"]) <= 1000
    assert sorted(p["text"] for p in passages) == sorted(piece["text"] for piece in pieces)


def test_a_sentence_cites_what_it_marks_and_otherwise_all_that_was_shown() -> None:
    passages = pipeline().ask(ASKED).passages
    text = "Es öffnet am 6. Februar [2]. Es kostet 3 Euro. [1] Mehr ist neu. So [9]. Alles [2, 1]."
    found = [(s.text, [c.quote for c in s.citations]) for s in plain.read_answer(text, passages)]
    first, second = (p.text for p in passages)
    assert found == [
        ("Es öffnet am 6. Februar.", [second]),
        ("Es kostet 3 Euro.", [first]),
        ("Mehr ist neu.", [first, second]),
        ("So.", [first, second]),
        ("Alles.", [first, second]),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Ich weiß es nicht.",
        "Das weiß ich leider nicht. Fragen Sie jemand anderen. [1]",
        "Im Kontext wird die Höhe nicht ausdrücklich genannt.",
        "Es gibt dazu keine genauen Angaben.",
        "Das steht nicht im Kontext.",
        "",
        "[1]",
    ],
)
def test_who_says_that_he_does_not_know_abstains(text: str) -> None:
    found: Any = pipeline(text).answer(ASKED)
    assert found["answered"] is False
    assert found["abstention"]["reason"] == "not_answered"
    assert found["statements"] == []
    assert len(found["passages"]) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Die Brücke ist nicht 300, sondern 350 Meter lang. [1]",
        "Sie ist 350 Meter lang. Wer sie baute, ist nicht bekannt.",
        "Kein Bauwerk ist länger.",
    ],
)
def test_who_says_something_else_answers(text: str) -> None:
    assert pipeline(text).answer(ASKED)["answered"] is True


def test_an_answer_is_the_object_the_harness_measures() -> None:
    system = pipeline("Die Brücke ist 350 Meter lang. [1]")
    found: Any = json.loads(json.dumps(system.answer(ASKED)))
    assert found["answer"] == "Die Brücke ist 350 Meter lang."
    assert [s["support"] for s in found["statements"]] == ["unchecked"]
    measures = measure(ASKED, {"id": "q", **found}, system.articles)
    assert measures["correct"] == 1.0
    assert measures["cited_right"] == 1.0
    assert measures["exact_quotes"] == measures["citations"] == 1.0
    assert measures["supported"] == 0.0
    assert measures["prompt_tokens"] > measures["completion_tokens"] > 0
    assert measures["total_seconds"] >= measures["first_token_seconds"] > 0


def test_the_model_is_told_the_passages_the_conversation_and_the_question() -> None:
    asked = Question(
        *("q", "Und der Turm?", "follow_up", True, ()),
        history=(Turn("Wie lang ist die Brücke?", "350 Meter."),),
    )
    told = pipeline().ask(asked).text
    shown = told.partition("human: ")
    for text in (BRIDGE, TOWER):
        assert text.strip() in shown[0]
    assert shown[2] == "Wie lang ist die Brücke?\nai: 350 Meter.\nhuman: Und der Turm?"


def test_it_embeds_with_the_models_own_prompts_like_the_program() -> None:
    settings = load_settings(threads=1)
    own = app.make_embedder(settings, print)
    theirs = plain_models.make_embeddings(settings, print)
    texts = [BRIDGE, "Der Turm"]
    for ours, vector in zip(own.documents(texts), theirs.embed_documents(texts), strict=True):
        assert ours @ vector == pytest.approx(1, abs=1e-5)
    assert own.query("Wie hoch?")[0] @ theirs.embed_query("Wie hoch?") == pytest.approx(1, abs=1e-5)
    assert own.query("Wie hoch?")[0] @ theirs.embed_documents(["Wie hoch?"])[0] < 0.999


@pytest.mark.parametrize("llm", ["extractive", "ollama:gemma3:4b"])
def test_without_an_embedded_model_it_is_refused(llm: str) -> None:
    with pytest.raises(EvalError, match=f"not with {llm}") as caught:
        plain_models.make_llm(load_settings(llm=llm), print)
    assert caught.value.mend == "--llm llamacpp"


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a corpus, and settings that keep a real model short."""
    pull(load_catalogue()[SMOLLM], load_settings().model_dir, lambda _: None)
    monkeypatch.setenv("RAG_THREADS", "1")
    monkeypatch.setenv("RAG_ANSWER_TOKENS", "16")
    (tmp_path / "corpus").mkdir()
    for name, text in ARTICLES.items():
        (tmp_path / "corpus" / name).write_text(text)
    return tmp_path


def rows_of(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "answers.jsonl").read_text().split("\n")[:-1]
    return [json.loads(line) for line in lines]


def test_with_real_models_it_runs_in_the_harness_without_any_index(small: Path) -> None:
    suite, out = small / "suite.jsonl", small / "out"
    line = {"id": "a", "question": ASKED.question, "type": "fact", "answerable": True}
    suite.write_text(json.dumps({**line, "lines": [["bruecke.txt", 3]], "must": ["350"]}) + "\n")
    folders = ["--corpus", str(small / "corpus"), "--index", str(small / "none")]
    options = ["--system", "plain", "--llm", f"llamacpp:{SMOLLM}", "--out", str(out)]
    assert main([*folders, "run", str(suite), *options]) == 0
    (row,) = rows_of(out)
    assert row["model"] == f"llamacpp:{SMOLLM}"
    assert row["passages"][0]["article"] == "bruecke.txt"
    assert 0 < row["tokens"]["completion"] <= 16
    assert row["tokens"]["prompt"] > 50
    assert 0 < row["milliseconds"]["first_token"] <= row["milliseconds"]["total"]
    assert json.loads((out / "scores.json").read_text())["scores"]["hit@1"]["value"] == 1.0
    assert not (small / "none").exists()
    (small / "corpus" / "turm.txt").write_text(TOWER.replace("80", "90"))
    assert main([*folders, "run", str(suite), *options]) == 1  # another corpus, another run


def test_data_sets_are_searched_in_their_own_articles(small: Path) -> None:
    asked = {"question": ASKED.question, "answers": [{"text": "350", "answer_start": 30}]}
    paragraphs = [
        {"context": TOWER.split("\n")[2], "qas": []},
        {"context": BRIDGE.split("\n")[2], "qas": [{"id": "s", **asked}]},
    ]
    (small / "s.json").write_text(
        json.dumps({"data": [{"title": "Bauten", "paragraphs": paragraphs}]})
    )
    rows = [
        {"id": "n1", "question": ASKED.question, "answerable": True, "passages": [f"A: {BRIDGE}"]},
        {"id": "n2", "question": ASKED.question, "answerable": False, "passages": [f"B: {TOWER}"]},
    ]
    (small / "n.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    options = ["--system", "plain", "--retrieval-only", "--out"]
    assert main(["run", f"squad:{small / 's.json'}", *options, str(small / "s")]) == 0
    assert rows_of(small / "s")[0]["passages"]
    assert main(["run", f"nomiracl:{small / 'n.jsonl'}", *options, str(small / "n")]) == 0
    found = [[p["text"] for p in row["passages"]] for row in rows_of(small / "n")]
    assert [len(texts) for texts in found] == [1, 1]
    assert "Donau" in found[0][0]
    assert "Hügel" in found[1][0]


def test_without_its_packages_it_is_refused_in_one_line(
    small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("eval.plain", "eval.plain_models"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    suite = ROOT / "eval" / "suites" / "paris.jsonl"
    out = small / "out"
    assert main(["run", str(suite), "--system", "plain", "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "langchain_openai" in said
    assert "pip install -e '.[compare]'" in said
    assert not out.exists()
