"""Two pipelines are measured in turn, in processes of their own, and shown as ratios."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from eval_system import ARTICLES, FakeSystem

from eval import bench, tables
from eval.beside import Times, beside, measured, why_not
from eval.errors import EvalError
from eval.side import Process
from eval.suite import Question
from rag import app
from rag.catalogue import load_catalogue
from rag.models import pull
from rag.settings import load_settings

SMOLLM = "smollm2-135m-instruct"
QUESTIONS = [
    Question("q1", "Wie lang?", "number", True, (("a.txt", 3),), ("40",)),
    Question("q2", "Wo steht sie?", "fact", True, (("a.txt", 4),), ("Ulm",)),
    Question("q3", "Wer baute sie?", "unanswerable", False, ()),
]
ABOUT = {
    "figures": [],
    "model": "llamacpp:m",
    "commit": "c",
    "date": "2026-11-23T10:00",
    "machine": {"threads": 2, "processor": "x"},
}


@dataclass
class SmallSide:
    """Answers as the small system of these tests does, in seconds it is told; notes its turns."""

    name: str
    slowness: float
    turns: list[tuple[str, str]]
    first: bool = True
    system: FakeSystem = field(default_factory=FakeSystem)

    def search(self, question: str) -> float:
        self.turns.append((self.name, f"search {question}"))
        return 0.01 * self.slowness

    def ask(self, question: str) -> dict[str, Any]:
        self.turns.append((self.name, f"ask {question}"))
        (known,) = (q for q in QUESTIONS if q.question == question)
        tokens = {"prompt": int(100 * self.slowness), "cached": 40}
        first = self.slowness if self.first else None
        answer = self.system.answer(known)
        return {"seconds": 2 * self.slowness, "first": first, **tokens, "answer": answer}

    def build(self) -> float:
        self.turns.append((self.name, "build"))
        return 4 * self.slowness

    def memory(self) -> float:
        self.turns.append((self.name, "memory"))
        return 100 * self.slowness


def compared(**changes: Any) -> tuple[dict[str, dict[str, Any]], list[tuple[str, str]], str]:
    """Rows by name, the turns taken, the table; the second side is three times as slow."""
    turns: list[tuple[str, str]] = []
    ours, plain = SmallSide("a", 1, turns), SmallSide("b", 3, turns)
    ours = replace(ours, **changes)
    rows = [asdict(r) for r in measured(ours, plain, QUESTIONS, Times(4, 9, 2), ARTICLES)]
    table = tables.beside_table({**ABOUT, "beside": rows})
    return {r["what"]: r for r in rows}, turns, table


def test_both_do_the_same_in_turn_and_are_first_in_turn() -> None:
    _, turns, _ = compared()
    of = {name: [what for who, what in turns if who == name] for name in "ab"}
    assert of["a"] == of["b"]
    assert [what.split()[0] for what in of["a"]] == (
        ["search", "ask"] + ["search"] * 4 + ["ask"] * 2 + ["memory"] + ["build"] * 2 + ["memory"]
    )
    assert [who for who, what in turns if what == "build"] == ["a", "b", "b", "a"]
    assert "ask Wie lang?" not in of["a"][2:]  # what was asked before would come from the cache


def test_the_table_shows_both_and_their_ratio() -> None:
    rows, _, table = compared()
    assert (rows["search, p50"]["ours"], rows["search, p50"]["plain"]) == (10, 30)
    assert "| index build | 4.00 s | 12.00 s | 3.00 | median of 2, from the files |" in table
    assert "| prompt, mean | 100 tokens | 300 tokens | 3.00 | 2 answers |" in table
    assert "| of that not in the cache, mean | 60 tokens | 260 tokens | 4.33 | 2 answers |" in table
    assert "| peak memory, answering | 100 MiB | 300 MiB | 3.00 |" in table
    assert "| right answers | 100.0 % | 100.0 % |  | 1 and 1 questions |" in table
    assert "| a citation, p50 | 34 characters | 34 characters | 1.00 | to be read |" in table
    assert "2 threads of x, llamacpp:m" in table


def test_what_one_side_does_not_have_is_a_dash_and_no_ratio() -> None:
    _, _, table = compared(first=False)
    assert "| first token, p50 | – | 3.00 s |  | 2 answers |" in table


def test_the_readme_has_the_table_only_if_it_was_measured(tmp_path: Path) -> None:
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- table:beside -->\nold\n<!-- /table -->\nb\n")
    bench_json = tmp_path / "bench.json"
    bench_json.write_text(json.dumps(ABOUT))
    assert tables.update(readme, tmp_path, write=True) == ["beside"]
    assert readme.read_text() == "a\n<!-- table:beside -->\n<!-- /table -->\nb\n"
    row = {"what": "x", "ours": 2000.0, "plain": 1000.0, "unit": "s", "how": "y", "digits": 0}
    bench_json.write_text(json.dumps({**ABOUT, "beside": [{**row, "ratio": True}]}))
    assert tables.update(readme, tmp_path, write=True) == ["beside"]
    assert "| x | 2 000 s | 1 000 s | 0.50 | y |" in readme.read_text()
    assert tables.update(readme, tmp_path, write=False) == []


def test_without_its_packages_or_model_the_comparison_is_left_out_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    for name in ("eval.plain", "eval.plain_models"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    settings = load_settings()
    rows = bench._beside(settings, f"llamacpp:{SMOLLM}", QUESTIONS, bench.QUICK, said.append)
    assert rows == []
    (line,) = said
    assert line.startswith("Left out: ")
    assert "pip install -e '.[compare]'" in line
    assert "embedded model" in why_not("ollama:gemma3:4b")


def test_a_side_that_cannot_start_says_why_and_what_mends_it(tmp_path: Path) -> None:
    settings = load_settings(corpus=tmp_path, index=tmp_path / "none", llm="extractive")
    with Process("ours", settings) as side, pytest.raises(EvalError, match="ours: ") as caught:
        side.ready()
    assert caught.value.mend == "rag index"


def test_real_pipelines_are_measured_in_processes_of_their_own(tmp_path: Path) -> None:
    pytest.importorskip("langchain_openai")
    pull(load_catalogue()[SMOLLM], load_settings().model_dir, lambda _: None)
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "a.txt").write_text(ARTICLES["a.txt"])
    settings = load_settings(
        corpus=tmp_path / "corpus",
        index=tmp_path / "index",
        llm=f"llamacpp:{SMOLLM}",
        threads=1,
        answer_tokens=16,
    )
    app.make_index(settings, print)
    rows = {r.what: r for r in beside(settings, QUESTIONS[:2], Times(2, 1, 1))}
    for row in list(rows.values())[:8]:
        assert row.ours is not None, row
        assert row.plain is not None, row
        assert row.ours > 0, row
        assert row.plain > 0, row
    assert rows["first token, p50"].plain <= rows["whole answer, p50"].plain
    early, late = rows["peak memory, answering"], rows["peak memory, indexing too"]
    assert 300 < early.ours <= late.ours
    assert 300 < early.plain <= late.plain
    assert rows["of that not in the cache, mean"].ours < rows["prompt, mean"].ours
