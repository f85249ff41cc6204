"""A regression planted into the real program is found by ``compare``; an unchanged rerun is not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import Any

import pytest

from eval import compare
from eval.compare import Comparison
from eval.run import Options, run
from rag import app, prover, retrieve, verify
from rag.ports import Embedder, Finished, Token
from rag.settings import Settings, load_settings
from rag.types import Message, Usage, Verdict

ROOT = Path(__file__).parent.parent
SUITE = str(ROOT / "eval" / "suites" / "paris.jsonl")

Runner = Callable[..., Path]


class CarelessWriter:
    """Repeats the first piece of evidence with every figure in it one too high, marker and all."""

    name = "careless"

    def stream(
        self, messages: Sequence[Message], max_tokens: int, variation: int = 0
    ) -> Generator[Token | Finished, None, None]:
        shown = next(m.content for m in reversed(messages) if m.content.startswith(("[1]", "# ")))
        first = re.search(r"\[1\] (.+)", shown)  # the second time it is asked a line stands behind
        assert first
        changed = re.sub(r"\d+", lambda m: str(int(m[0]) + 1), first[1])
        yield Token(f"{changed} [1]")
        yield Finished(Usage(1, 1))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Settings:
    index = tmp_path_factory.mktemp("index")
    found = load_settings(corpus=ROOT / "corpus", index=index, llm="extractive", threads=1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(app, "make_embedder", lambda *_: embedder)
        app.make_index(found, print)
    return found


@pytest.fixture
def go(
    settings: Settings, embedder: Embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Runner:
    """Runs the suite with the real program into a folder of that name."""
    monkeypatch.setattr(app, "make_embedder", lambda *_: embedder)

    def runner(name: str, retrieval_only: bool = False, limit: int | None = None) -> Path:
        options = Options(SUITE, tmp_path / name, "full", retrieval_only, limit)
        return run(options, settings, print)

    return runner


def measures(folder: Path) -> list[dict[str, Any]]:
    """What was measured of each question, without the times."""
    rows = json.loads((folder / "scores.json").read_text())["questions"]
    return [{k: v for k, v in row.items() if not k.endswith("_seconds")} for row in rows]


def significant(found: Comparison) -> dict[str, bool]:
    """Whether it improved, for each score that changed significantly."""
    return {d.metric.name: d.improved for d in found.differences if d.significant}


def test_worse_fusion_is_found_and_an_unchanged_rerun_is_the_same_to_the_last_digit(
    go: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, again = go("first", retrieval_only=True), go("again", retrieval_only=True)
    assert measures(first) == measures(again)
    unchanged = compare.compare(first, again)
    assert significant(unchanged) == {}
    assert "No significant difference." in compare.text(unchanged)

    fuse = retrieve.fuse
    monkeypatch.setattr(retrieve, "fuse", lambda rankings: fuse(rankings[:1]))
    worse = compare.compare(first, go("worse", retrieval_only=True))
    found = significant(worse)
    assert found["ndcg@10"] is False
    assert not any(found.values())
    assert re.search(r"Significantly worse in B: .*nDCG@10", compare.text(worse))


def test_a_broken_check_is_found(go: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = app.ChosenModel(CarelessWriter(), None)
    monkeypatch.setattr(app, "choose_model", lambda *_: chosen)
    first, again = go("first", limit=150), go("again", limit=150)
    assert significant(compare.compare(first, again)) == {}

    monkeypatch.setattr(verify, "check", lambda *_: Verdict("supported", 1.0))
    monkeypatch.setattr(prover.Prover, "_unfit", lambda *_: ())
    found = significant(compare.compare(first, go("broken", limit=150)))
    assert found["abstention_recall"] is False
    assert found["citation_precision"] is False
