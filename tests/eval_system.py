"""A small working system for the tests of eval: it answers what it was told to, and counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from eval.datasets import Dataset
from eval.suite import Question
from eval.systems import System
from eval.worlds import Say
from rag.contract import Json
from rag.errors import GeneratorDown
from rag.lines import line_span
from rag.settings import Settings

TEXT = "Die Brücke\n\nDie Brücke ist 40 Meter lang.\nSie steht in Ulm & <b>Neu-Ulm</b>.\n"
ARTICLES = {"a.txt": TEXT}
SUITE = (
    '{"id": "q1", "question": "Wie lang?", "type": "number", "answerable": true,'
    ' "lines": [["a.txt", 3]], "must": ["40"]}\n'
    '{"id": "q2", "question": "Wo steht sie?", "type": "fact", "answerable": true,'
    ' "lines": [["a.txt", 4]], "must": ["Ulm"], "history": [["Wie lang?", "40 Meter."]]}\n'
    '{"id": "q3", "question": "Wer baute sie?", "type": "unanswerable", "answerable": false,'
    ' "lines": []}\n'
    '{"id": "q4", "question": "Wie <i>breit</i>?", "type": "unanswerable", "answerable": false,'
    ' "lines": []}\n'
)


@dataclass
class FakeSystem:
    """Quotes the line ``lines`` names for a question's id, else abstains. ``stop_at``: the question
    at which it is interrupted, ``down_at``: at which its model is gone."""

    lines: Mapping[str, int] = field(default_factory=lambda: {"q1": 3, "q2": 4, "q4": 4})
    model: str = "fake"
    index_version: str = "v1"
    articles: Mapping[str, str] = field(default_factory=lambda: dict(ARTICLES))
    stop_at: str = ""
    down_at: str = ""
    asked: list[str] = field(default_factory=list)

    def answer(self, question: Question) -> Json:
        if question.id == self.stop_at:
            raise KeyboardInterrupt
        if question.id == self.down_at:
            raise GeneratorDown("The model is gone.", "ollama serve")
        self.asked.append(question.id)
        line = self.lines.get(question.id)
        place = self._place(line) if line else None
        statement = {
            "text": place and place["quote"],
            "support": "supported",
            "score": 1.0,
            "reasons": [],
            "citations": [place],
        }
        return {
            "question": question.question,
            "answered": place is not None,
            "answer": place["quote"] if place else "Das steht nicht in den Artikeln.",
            "statements": [statement] if place else [],
            "abstention": None if place else {"reason": "not_answered", "detail": "a < b"},
            "passages": self._passages(),
            "milliseconds": {
                "search": 20.0,
                "first_token": 500.0,
                "total": 1000.0 + len(self.asked),
            },
            "tokens": {"prompt": 300, "completion": 20},
        }

    def search(self, question: Question) -> Json:
        self.asked.append(question.id)
        times = {"embed": 10.0, "search": 1.0, "total": 11.0}
        return {"question": question.question, "passages": self._passages(), "milliseconds": times}

    def _passages(self) -> list[Json]:
        found = []
        for rank, line in enumerate((4, 3)):
            place = self._place(line)
            found.append({**place, "text": place["quote"], "score": 1 - rank / 2})
        return found

    @staticmethod
    def _place(line: int) -> Json:
        start, end = line_span(TEXT, line)
        return {
            **{"article": "a.txt", "first_line": line, "last_line": line},
            **{"start": start, "end": end, "quote": TEXT[start:end]},
        }


@dataclass
class Opener:
    """Opens ``system`` in the place of ``systems.open_system``."""

    system: FakeSystem = field(default_factory=FakeSystem)

    @contextmanager
    def __call__(
        self, name: str, settings: Settings, dataset: Dataset, say: Say, llm: bool
    ) -> Iterator[System]:
        yield self.system


def write_suite(folder: Path, text: str = SUITE) -> Path:
    path = folder / "suite.jsonl"
    path.write_text(text, encoding="utf-8")
    return path
