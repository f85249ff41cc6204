"""The real program under the harness: baselines, data sets with their own articles, speed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval import inside, worlds
from eval.__main__ import main
from eval.baselines import VIEWS, proving_rows
from eval.bench import QUICK, _answering, _indexing, _searching
from eval.suite import load_suite
from rag import app
from rag.assistant import Assistant
from rag.settings import Settings, load_settings

ROOT = Path(__file__).parent.parent
SUITE = ROOT / "eval" / "suites" / "paris.jsonl"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The two articles of the repository, indexed for these tests."""
    index = tmp_path_factory.mktemp("index")
    found = load_settings(corpus=ROOT / "corpus", index=index, llm="extractive", threads=1)
    app.make_index(found, print)
    return found


@pytest.fixture(scope="module")
def assistant(settings: Settings) -> Assistant:
    return app.make_assistant(settings, print)


def scores_of(folder: Path) -> dict[str, Any]:
    found = json.loads((folder / "scores.json").read_text())["scores"]
    return {name: s["value"] for name, s in found.items() if s}


def test_a_suite_runs_over_the_index_of_the_settings(settings: Settings, tmp_path: Path) -> None:
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    arguments = ["run", str(SUITE), "--limit", "12", "--out", str(tmp_path / "out")]
    assert main([*folders, *arguments, "--llm", "extractive"]) == 0
    found = scores_of(tmp_path / "out")
    assert found["exact_quotes"] == 1.0
    assert found["hit@5"] > 0.5
    assert 0 < found["total_seconds_p50"] <= found["total_seconds_p95"]


def test_an_article_changed_since_it_was_indexed_is_refused(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = load_suite(SUITE)[0]
    article = question.lines[0][0]
    (tmp_path / article).write_text("Neu.\n")
    folders = ["--corpus", str(tmp_path), "--index", str(settings.index)]
    assert (
        main([*folders, "run", str(SUITE), "--retrieval-only", "--out", str(tmp_path / "o")]) == 1
    )
    assert "has changed since it was indexed" in capsys.readouterr().err


def test_one_sided_systems_differ_and_the_oracle_is_given_what_proves(
    assistant: Assistant,
) -> None:
    questions = [q for q in load_suite(SUITE) if q.lines and not q.history][:10]
    before = [assistant.search(q.question).passages for q in questions]
    found = {
        name: [VIEWS[name](assistant, q).search(q.question).passages for q in questions]
        for name in ("full", "lexical", "dense", "oracle")
    }
    assert found["full"] == before
    assert found["lexical"] != found["dense"]
    assert all(found["lexical"])
    assert all(found["dense"])
    records = assistant.index.records
    for question, passages in zip(questions, found["oracle"], strict=True):
        wanted = {records.chunk(row) for row in proving_rows(records, question)}
        assert {p.chunk for p in passages} == wanted
    assert [assistant.search(q.question).passages for q in questions] == before


def test_whoever_always_abstains_is_right_half_the_time(tmp_path: Path) -> None:
    arguments = ["run", str(SUITE), "--system", "abstain", "--out", str(tmp_path / "out")]
    assert main(["--corpus", str(ROOT / "corpus"), *arguments]) == 0
    found = scores_of(tmp_path / "out")
    assert found["balanced_accuracy"] == 0.5
    assert found["abstention_recall"] == 1.0
    assert found["wrong_abstention"] == 1.0
    assert found["correct"] == 0.0


def test_data_sets_bring_their_articles_and_leave_the_index_alone(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_THREADS", "1")
    bridge, tower = "Die Brücke in Ulm ist 40 Meter lang.", "Der Turm in Bonn ist 162 Meter hoch."
    asked = {"id": "s1", "question": "Wie lang ist die Brücke in Ulm?"}
    answers = [{"text": "40 Meter", "answer_start": 22}]
    paragraphs = [
        {"context": tower, "qas": []},
        {"context": bridge, "qas": [{**asked, "answers": answers}]},
    ]
    squad = tmp_path / "squad.json"
    squad.write_text(json.dumps({"data": [{"title": "Bauten", "paragraphs": paragraphs}]}))
    nomiracl = tmp_path / "nomiracl.jsonl"
    rows = [
        {**asked, "id": "n1", "answerable": True, "passages": [f"Ulm: {bridge}"]},
        {**asked, "id": "n2", "answerable": False, "passages": [f"Bonn: {tower}"]},
    ]
    nomiracl.write_text("".join(json.dumps(row) + "\n" for row in rows))
    before = sorted(settings.index.rglob("*"))
    options = ["--llm", "extractive"]
    folders = ["--index", str(settings.index)]
    assert main([*folders, "run", f"squad:{squad}", *options, "--out", str(tmp_path / "s")]) == 0
    assert (
        main([*folders, "run", f"nomiracl:{nomiracl}", *options, "--out", str(tmp_path / "n")]) == 0
    )
    assert sorted(settings.index.rglob("*")) == before
    found = scores_of(tmp_path / "s")
    assert (found["hit@1"], found["correct"], found["citation_precision"]) == (1.0, 1.0, 1.0)
    lines = (tmp_path / "n" / "answers.jsonl").read_text().split("\n")[:-1]
    answers_of = [json.loads(line) for line in lines]
    for row, passage in zip(answers_of, (bridge, tower), strict=True):
        assert all(passage in p["text"] for p in row["passages"])
    assert scores_of(tmp_path / "n")["balanced_accuracy"] == 1.0


def test_speed_is_measured_in_units_that_add_up(
    assistant: Assistant, settings: Settings, tmp_path: Path
) -> None:
    text = "".join(f"Die Brücke Nummer {n} ist {n} Meter lang.\n" for n in range(20))
    (tmp_path / "a.txt").write_text(text)
    own = settings.model_copy(update={"corpus": tmp_path})
    questions = ["Wie lang ist die Brücke Nummer 3?", "Welche Brücke ist 7 Meter lang?"]
    with worlds.another(own, assistant, {"a.txt": text}) as small:
        figures = [
            *_searching(small, questions, QUICK),
            *_indexing(own, small, QUICK),
            *_answering(small, questions, QUICK),
        ]
    found = {(f.what, f.unit): f.value for f in figures}
    assert all(value > 0 for value in found.values())
    assert found["search, warm, p50", "ms"] <= found["search, warm, p95", "ms"]
    share = found["embedding", "tokens/s"] * inside.FLOP_PER_TOKEN / 1e9
    share /= found["matrix product", "GFLOP/s"]
    assert found["embedding, of that", "%"] == pytest.approx(100 * share, rel=1e-6)
    assert found["index, nothing changed", "s"] < found["index build", "s"]
    assert inside.peak_memory() > 100
