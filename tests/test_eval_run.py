"""A run asks each question once, goes on after an interruption, and can be compared."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from eval_system import SUITE, FakeSystem, Opener, write_suite

from eval import compare, tables
from eval.__main__ import main
from eval.datasets import load_dataset, sample
from eval.errors import EvalError
from eval.run import Interrupted, Options, run
from eval.suite import SuiteError
from rag.settings import Settings, load_settings


@pytest.fixture
def settings() -> Settings:
    return load_settings(llm="extractive")


def go(
    tmp_path: Path, settings: Settings, fake: FakeSystem, out: str = "out", **options: Any
) -> dict[str, Any]:
    suite = tmp_path / "suite.jsonl"
    suite = suite if suite.exists() else write_suite(tmp_path)
    run(Options(str(suite), tmp_path / out, **options), settings, print, Opener(fake))
    return dict(json.loads((tmp_path / out / "scores.json").read_text()))


def answers(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "answers.jsonl").read_text().split("\n")[:-1]]


def test_a_run_leaves_answers_scores_report_and_all_they_depend_on(
    tmp_path: Path, settings: Settings
) -> None:
    scores = go(tmp_path, settings, FakeSystem())
    out = tmp_path / "out"
    assert [row["id"] for row in answers(out)] == ["q1", "q2", "q3", "q4"]
    found = {name: s["value"] for name, s in scores["scores"].items() if s}
    assert found["hit@1"] == 0.5
    assert found["hit@3"] == 1.0
    assert found["mrr"] == 0.75
    assert found["correct"] == 1.0
    assert found["citation_precision"] == 1.0
    assert found["exact_quotes"] == 1.0
    assert found["balanced_accuracy"] == 0.75
    assert found["abstention_recall"] == 0.5
    assert found["prompt_tokens"] == 300
    assert all(s["low"] <= s["value"] <= s["high"] for s in scores["scores"].values() if s)
    assert [q["ending"] for q in scores["questions"]] == ["right"] * 3 + ["answered_unanswerable"]
    info = json.loads((out / "run.json").read_text())
    assert info["model"] == "fake"
    assert info["settings"]["llm"] == "extractive"
    assert info["finished"]
    assert set(info["machine"]) >= {"processor", "threads", "python", "packages"}
    assert "| nDCG@10 |" in (out / "scores.md").read_text()


def test_what_is_kept_of_a_run_does_not_tell_whose_home_it_was_made_in(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    own = settings.model_copy(update={"model_dir": tmp_path / "models"})
    go(tmp_path, own, FakeSystem())
    info = json.loads((tmp_path / "out" / "run.json").read_text())
    assert info["settings"]["model_dir"] == "~/models"


def test_an_interrupted_run_goes_on_where_it_stopped(tmp_path: Path, settings: Settings) -> None:
    first = FakeSystem(stop_at="q3")
    with pytest.raises(Interrupted, match="--out"):
        go(tmp_path, settings, first)
    assert first.asked == ["q1", "q2"]
    assert not (tmp_path / "out" / "scores.json").exists()
    second = FakeSystem()
    go(tmp_path, settings, second)
    assert second.asked == ["q3", "q4"]
    assert len(answers(tmp_path / "out")) == 4


def test_a_line_cut_off_by_a_kill_is_asked_again(tmp_path: Path, settings: Settings) -> None:
    go(tmp_path, settings, FakeSystem())
    path = tmp_path / "out" / "answers.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    again = FakeSystem()
    go(tmp_path, settings, again)
    assert again.asked == ["q4"]
    assert [row["id"] for row in answers(tmp_path / "out")] == ["q1", "q2", "q3", "q4"]


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"settings": {"passages": 3}}, "passages was 8 and is 3"),
        ({"system": "dense"}, "system was 'full' and is 'dense'"),
        ({"limit": 2}, "limit was None and is 2"),
        ({"model": "other"}, "model was 'fake' and is 'other'"),
        ({"suite": SUITE.replace("Wie lang?", "Wie kurz?")}, "other content"),
    ],
)
def test_another_run_in_the_same_folder_is_refused_in_one_line(
    tmp_path: Path, settings: Settings, change: dict[str, Any], why: str
) -> None:
    go(tmp_path, settings, FakeSystem())
    before = (tmp_path / "out" / "answers.jsonl").read_bytes()
    if "suite" in change:
        write_suite(tmp_path, change.pop("suite"))
    system = FakeSystem(model=change.pop("model", "fake"))
    other = load_settings(llm="extractive", **change.pop("settings", {}))
    with pytest.raises(EvalError) as caught:
        go(tmp_path, other, system, **change)
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)
    assert system.asked == []
    assert (tmp_path / "out" / "answers.jsonl").read_bytes() == before


def test_a_model_that_fails_stops_the_run_and_nothing_is_scored(
    tmp_path: Path, settings: Settings
) -> None:
    with pytest.raises(EvalError, match=r"question q2: The model is gone\..*ollama serve"):
        go(tmp_path, settings, FakeSystem(down_at="q2"))
    assert not (tmp_path / "out" / "scores.json").exists()
    assert len(answers(tmp_path / "out")) == 1


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('["b.txt", 1]', "no article 'b.txt'"),
        ('["a.txt", 5]', "a.txt has 4 lines, not 5"),
        ('["a.txt", 2]', "its lines are blank"),
    ],
)
def test_a_proving_line_that_is_not_there_is_refused_before_anything_is_asked(
    tmp_path: Path, settings: Settings, line: str, why: str
) -> None:
    suite = write_suite(tmp_path, SUITE.replace('["a.txt", 4]', line))
    system = FakeSystem()
    with pytest.raises(SuiteError, match=why) as caught:
        go(tmp_path, settings, system)
    assert str(caught.value).startswith(f"{suite}:2: q2: ")
    assert system.asked == []
    assert not (tmp_path / "out").exists()


def test_a_sample_is_always_the_same_and_keeps_the_order(tmp_path: Path) -> None:
    suite = load_dataset(str(Path(__file__).parent.parent / "eval" / "suites" / "paris.jsonl"))
    first, second = sample(suite, 20).questions, sample(suite, 20).questions
    assert first == second
    assert len(first) == 20
    order = [suite.questions.index(q) for q in first]
    assert order == sorted(order)
    assert order != list(range(20))
    assert sample(suite, 10**6).questions == suite.questions


def test_retrieval_only_keeps_the_search_and_has_no_answer_scores(
    tmp_path: Path, settings: Settings
) -> None:
    scores = go(tmp_path, settings, FakeSystem(), retrieval_only=True)
    assert set(answers(tmp_path / "out")[0]) == {"id", "question", "passages", "milliseconds"}
    assert scores["scores"]["hit@1"]["value"] == 0.5
    assert scores["scores"]["correct"] is None
    assert scores["run"]["settings"]["passages"] == 10


def test_two_runs_are_compared_question_by_question(tmp_path: Path, settings: Settings) -> None:
    go(tmp_path, settings, FakeSystem(), out="a")
    go(tmp_path, settings, FakeSystem({"q1": 4, "q2": 4}, model="other"), out="b")
    found = compare.compare(tmp_path / "a", tmp_path / "b")
    by_name = {d.metric.name: d for d in found.differences}
    assert by_name["correct"].change.value == -0.5
    assert by_name["correct"].worse == ("q1",)
    assert by_name["abstention_recall"].better == ("q4",)
    assert by_name["abstention_recall"].p == 1.0
    assert by_name["hit@1"].change == compare.Interval(0.0, 0.0, 0.0, 2)
    assert by_name["balanced_accuracy"].change.value == pytest.approx(0.25)
    assert "model was 'fake' and is 'other'" in found.settings
    text = compare.text(found)
    assert "right answers, worse in B:\n- q1: Wie lang?" in text
    assert "| right answers | 100.0 % | 50.0 % | -50.0 pp |" in text
    assert "No significant difference." in text  # four questions prove nothing


def test_runs_of_different_suites_and_unfinished_ones_are_not_compared(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    go(tmp_path, settings, FakeSystem(), out="a")
    write_suite(tmp_path, SUITE.replace("Wo steht", "Wo stand"))
    go(tmp_path, settings, FakeSystem(), out="b")
    with pytest.raises(Interrupted):
        go(tmp_path, settings, FakeSystem(stop_at="q2"), out="c")
    capsys.readouterr()
    for second, why in (("b", "different suites"), ("c", "not finished"), ("d", "cannot be read")):
        assert main(["compare", str(tmp_path / "a"), str(tmp_path / second)]) == 1
        said = capsys.readouterr()
        assert why in said.err
        assert said.err.count("\n") == 1
        assert said.out == ""
    assert main(["compare", str(tmp_path / "a"), str(tmp_path / "a")]) == 0
    assert "No setting differs." in capsys.readouterr().out


def test_tables_are_written_between_their_markers_and_drift_is_seen(
    tmp_path: Path, settings: Settings
) -> None:
    go(tmp_path, settings, FakeSystem())
    readme, results = tmp_path / "README.md", tmp_path / "results"
    frame = "# T\n<!-- table:fake -->\nold\n{0}<!-- table:fake twin -->\nold\n{0}end\n"
    readme.write_text(frame.format("<!-- /table -->\n"))
    for name in ("fake", "twin"):
        tables.add(f"{name}={tmp_path / 'out'}", results)
    assert "questions" not in json.loads((results / "fake.json").read_text())
    assert tables.update(readme, results, write=False) == ["fake", "fake twin"]
    assert "old" in readme.read_text()
    assert tables.update(readme, results, write=True) == ["fake", "fake twin"]
    text = readme.read_text()
    assert "old" not in text
    assert text.startswith("# T\n")
    assert text.endswith("<!-- /table -->\nend\n")
    assert "| right answers | 100.0 % | 100.0 % to 100.0 % | 2 |" in text
    assert "| right answers | 100.0 % | 100.0 % |" in text
    assert tables.update(readme, results, write=True) == []
    readme.write_text(text.replace("100.0 %", "99.0 %", 1))
    arguments = ["tables", "--check", "--readme", str(readme), "--results", str(results)]
    assert main(arguments) == 1
    assert main([a for a in arguments if a != "--check"]) == 0
    assert readme.read_text() == text
    assert main(arguments) == 0


def test_a_table_without_its_file_or_its_end_is_refused(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("<!-- table:none -->\n<!-- /table -->\n")
    with pytest.raises(EvalError, match=r"none\.json: cannot be read"):
        tables.update(readme, tmp_path, write=True)
    readme.write_text("<!-- table:none -->\n")
    with pytest.raises(EvalError, match="not closed"):
        tables.update(readme, tmp_path, write=True)
