"""Distractors are articles like the others, and make another run of the same suite."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from small_embedder import SmallEmbedder

from eval import compare, tables
from eval.__main__ import main
from eval.datasets import load_dataset, with_distractors
from eval.errors import EvalError
from rag import app

BRIDGE = "Die Brücke über die Donau ist 350 Meter lang."
NEWS = [
    {"id": "gnad-0000", "category": "Web", "text": "Ein Bach ist 3 Meter breit.\r\n Und kalt. "},
    {"id": "gnad-0001", "category": "Sport", "text": "Ein Steg über die Donau ist gesperrt."},
]


@pytest.fixture(autouse=True)
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The small embedder, and a cache of vectors of the test's own."""
    monkeypatch.setenv("RAG_MODEL_DIR", str(tmp_path / "models"))
    monkeypatch.setattr(app, "make_embedder", lambda *_: SmallEmbedder())


def squad(folder: Path) -> str:
    asked = {"id": "s1", "question": "Wie lang ist die Brücke über die Donau?"}
    answers = [{"text": "350 Meter", "answer_start": BRIDGE.index("350")}]
    paragraph = {"context": BRIDGE, "qas": [{**asked, "answers": answers}]}
    path = folder / "fragen.json"
    path.write_text(json.dumps({"data": [{"title": "Brücke", "paragraphs": [paragraph]}]}))
    return f"squad:{path}"


def news(folder: Path, *rows: object, name: str = "news.jsonl.gz") -> Path:
    lines = (row if isinstance(row, str) else json.dumps(row) for row in rows or NEWS)
    text = ("\n".join(lines) + "\n").encode()
    path = folder / name
    path.write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)
    return path


def go(tmp_path: Path, out: str, *options: str) -> int:
    return main(
        ["run", squad(tmp_path), "--retrieval-only", "--out", str(tmp_path / out), *options]
    )


def described(folder: Path) -> dict[str, Any]:
    return dict(json.loads((folder / "run.json").read_text()))


@pytest.mark.parametrize("name", ["news.jsonl", "news.jsonl.gz"])
def test_every_text_becomes_one_more_article_as_it_is(tmp_path: Path, name: str) -> None:
    alone = load_dataset(squad(tmp_path))
    found = with_distractors(alone, news(tmp_path, name=name))
    assert alone.articles is not None
    assert found.articles == {
        **alone.articles,
        "gnad-0000.txt": NEWS[0]["text"],
        "gnad-0001.txt": NEWS[1]["text"],
    }
    assert found.questions == alone.questions
    assert found.name == "squad-fragen+news"


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("{", "broken JSON"),
        ('{"id": "x"}', 'no JSON object with a "text"'),
        ({"text": "Ohne Namen."}, "no id that can name an article"),
        ({"id": "../x", "text": "Draußen."}, "no id that can name an article"),
        ({"id": "x", "text": " \n"}, "the text of 'x' is empty"),
        ({"id": "brücke", "text": "Wie die Frage."}, "an article 'brücke.txt' already"),
        (NEWS[0], "an article 'gnad-0000.txt' already"),
    ],
)
def test_a_text_that_cannot_be_an_article_is_refused_by_its_line(
    tmp_path: Path, row: object, why: str
) -> None:
    path = news(tmp_path, NEWS[0], "", row)
    with pytest.raises(EvalError) as caught:
        with_distractors(load_dataset(squad(tmp_path)), path)
    assert str(caught.value).startswith(f"{path}:3: ")
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_they_go_only_with_a_data_set_whose_questions_share_its_articles(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    suite, own = tmp_path / "suite.jsonl", tmp_path / "own.jsonl"
    asked = {"id": "q", "question": "Wo?", "answerable": False}
    suite.write_text(json.dumps({**asked, "type": "unanswerable", "lines": []}) + "\n")
    own.write_text(json.dumps({**asked, "passages": ["Ulm: Dort."]}) + "\n")
    given, none = news(tmp_path), tmp_path / "none.jsonl"
    for source, path, said in (
        (str(suite), given, f"{suite}: a suite is asked of the index"),
        (f"nomiracl:{own}", given, f"{own}: each question has passages of its own"),
        (squad(tmp_path), none, f"{none}: cannot be read"),
        (squad(tmp_path), tmp_path, f"{tmp_path}: cannot be read"),
    ):
        options = ["--distractors", str(path), "--out", str(tmp_path / "out")]
        assert main(["run", source, *options]) == 1
        shown = capsys.readouterr().err
        assert shown.startswith(f"eval: {said}")
        assert shown.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_a_run_searches_them_too_and_says_what_they_were(tmp_path: Path) -> None:
    path = news(tmp_path)
    assert go(tmp_path, "out", "--distractors", str(path)) == 0
    (line,) = (tmp_path / "out" / "answers.jsonl").read_text().split("\n")[:-1]
    found = {p["article"] for p in json.loads(line)["passages"]}
    assert found == {"Brücke.txt", "gnad-0000.txt", "gnad-0001.txt"}
    info = described(tmp_path / "out")
    assert info["suite"]["name"] == "squad-fragen+news"
    assert info["distractors"]["articles"] == 2
    kept = tables.add(f"mehr={tmp_path / 'out'}", tmp_path / "results").read_text()
    assert json.loads(kept)["run"]["distractors"] == {**info["distractors"], "path": path.name}
    assert str(tmp_path / "news") not in kept
    assert "squad-fragen+news, 1 questions" in (tmp_path / "out" / "scores.md").read_text()
    assert "news.jsonl.gz (2 articles, " in (tmp_path / "out" / "report.html").read_text()


def test_a_run_goes_on_with_the_same_distractors_only(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given, other = news(tmp_path), news(tmp_path, NEWS[0], name="other.jsonl")
    moved = given.rename(tmp_path / "moved.jsonl.gz")
    assert go(tmp_path, "with", "--distractors", str(moved)) == 0
    assert go(tmp_path, "without") == 0
    info = described(tmp_path / "without")
    del info["distractors"]  # as a run from before there were any describes itself
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "run.json").write_text(json.dumps(info))
    capsys.readouterr()
    mine, none = "moved.jsonl.gz (2 articles, ", "distractors was None and is"
    for out, options, said in (
        ("with", [], f"distractors was {mine}"),
        ("with", ["--distractors", str(other)], "and is other.jsonl (1 articles, "),
        ("without", ["--distractors", str(moved)], f"{none} {mine}"),
        ("old", ["--distractors", str(moved)], f"{none} {mine}"),
    ):
        assert go(tmp_path, out, *options) == 1
        shown = capsys.readouterr().err
        assert "holds another run" in shown
        assert said in shown
        assert shown.count("\n") == 1
    assert go(tmp_path, "with", "--distractors", str(news(tmp_path))) == 0  # wherever it lies
    assert go(tmp_path, "old") == 0


def test_runs_with_and_without_are_compared_and_the_difference_is_named(tmp_path: Path) -> None:
    path = news(tmp_path)
    assert go(tmp_path, "with", "--distractors", str(path)) == 0
    assert go(tmp_path, "without") == 0
    said = compare.text(compare.compare(tmp_path / "without", tmp_path / "with"))
    assert "- distractors was None and is news.jsonl.gz (2 articles, " in said
    assert "No setting differs." in compare.text(
        compare.compare(tmp_path / "with", tmp_path / "with")
    )
