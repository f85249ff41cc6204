"""Data sets that bring their articles: read as they are meant, refused by name where broken."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.datasets import load_dataset
from eval.errors import EvalError
from rag.lines import line_span

CONTEXTS = ["Die Brücke ist 40 Meter lang.", "Sie steht in Ulm.\nSeit 1893."]
SQUAD: dict[str, Any] = {
    "version": "1.1",
    "data": [
        {
            "title": "Die Brücke/Ulm",
            "paragraphs": [
                {
                    "context": CONTEXTS[0],
                    "qas": [
                        {
                            "id": "s1",
                            "question": "Wie lang?",
                            "answers": [
                                {"text": "40 Meter", "answer_start": 15},
                                {"text": "40", "answer_start": 15},
                            ],
                        }
                    ],
                },
                {
                    "context": CONTEXTS[1],
                    "qas": [
                        {
                            "id": "s2",
                            "question": "Seit wann?",
                            "answers": [{"text": "1893.", "answer_start": 23}],
                        },
                        {"id": "s3", "question": "Wer?", "answers": [], "is_impossible": True},
                    ],
                },
            ],
        },
        {"title": "Die Brücke Ulm", "paragraphs": [{"context": "Anders.", "qas": []}]},
    ],
}
NOMIRACL = [
    {"id": "n1", "question": "Wo?", "answerable": True, "passages": ["Ulm: Dort.", "Bonn: Hier."]},
    {"id": "n2", "question": "Wer?", "answerable": False, "passages": ["Ulm: Dort."]},
]


def squad(tmp_path: Path, data: object = SQUAD) -> str:
    path = tmp_path / "squad.json"
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return f"squad:{path}"


def nomiracl(tmp_path: Path, *lines: str) -> str:
    path = tmp_path / "nomiracl.jsonl"
    path.write_text("\n".join(lines or map(json.dumps, NOMIRACL)) + "\n", encoding="utf-8")
    return f"nomiracl:{path}"


def changed(*keys: str | int, value: object) -> dict[str, Any]:
    """SQUAD with one entry replaced."""
    data = copy.deepcopy(SQUAD)
    entry: Any = data
    for key in keys[:-1]:
        entry = entry[key]
    entry[keys[-1]] = value
    return data


def test_a_squad_paragraph_becomes_the_line_its_questions_are_about(tmp_path: Path) -> None:
    found = load_dataset(squad(tmp_path))
    assert found.articles is not None
    assert len(found.articles) == 2
    first, second, third = found.questions
    for question, context in ((first, CONTEXTS[0]), (second, CONTEXTS[1])):
        ((article, line),) = question.lines
        start, end = line_span(found.articles[article], line)
        assert found.articles[article][start:end] == context.replace("\n", " ")
    assert not third.answerable
    assert third.lines == ()


def test_any_accepted_answer_will_do_and_stands_for_itself(tmp_path: Path) -> None:
    first, second, _ = load_dataset(squad(tmp_path)).questions
    assert re.search(first.must[0], "Es sind 40.")
    assert re.search(first.must[0], "Es sind 40\nMeter")
    assert not re.search(first.must[0], "Es sind 50 Meter")
    assert not re.search(second.must[0], "1893!")


def test_articles_get_names_of_their_own_that_are_safe_on_disk(tmp_path: Path) -> None:
    data = changed("data", 1, "title", value="../../die brücke_ulm")
    names = [load_dataset(squad(tmp_path, d)).articles or {} for d in (SQUAD, data)]
    for found in names:
        assert len(found) == 2
        assert not any("/" in name or name.startswith(".") for name in found)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "broken JSON"),
        ("{", "broken JSON"),
        ("[]", 'no "data"'),
        ('{"data": []}', "no questions"),
        ('{"data": 7}', "data is not a list"),
        (changed("data", 0, "paragraphs", 0, "qas", 0, "answers", 0, "answer_start", value=14),
         "question s1: at 14 stands ' 40 Mete', not '40 Meter'"),
        (changed("data", 0, "paragraphs", 0, "qas", 0, "answers", 0, "answer_start", value=-3),
         "question s1: answer_start is -3"),
        (changed("data", 0, "paragraphs", 0, "qas", 0, "answers", value=[]),
         "question s1 has no answers"),
        (changed("data", 0, "paragraphs", 1, "qas", 1, "id", value="s1"), "s1 stands there twice"),
        (changed("data", 0, "paragraphs", 0, "context", value=" "), "context is empty"),
        (changed("data", 0, "paragraphs", 0, value={}), "data[0].paragraphs[0] has no 'context'"),
    ],
)  # fmt: skip
def test_a_broken_squad_file_is_refused_by_file_and_question(
    tmp_path: Path, data: object, why: str
) -> None:
    source = squad(tmp_path, data)
    with pytest.raises(EvalError) as caught:
        load_dataset(source)
    assert str(caught.value).startswith(str(tmp_path / "squad.json"))
    assert why in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_nomiracl_question_has_its_own_passages_and_no_others(tmp_path: Path) -> None:
    found = load_dataset(nomiracl(tmp_path))
    first, second = found.questions
    assert list(found.articles_of(first).values()) == ["Ulm: Dort.\n", "Bonn: Hier.\n"]
    assert list(found.articles_of(second).values()) == ["Ulm: Dort.\n"]
    assert not set(found.articles_of(first)) & set(found.articles_of(second))
    assert (first.answerable, second.answerable) == (True, False)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "broken JSON"),
        ("7", "not a JSON object"),
        ('{"id": "n3", "question": "Wo?"}', "missing answerable, passages"),
        (json.dumps({**NOMIRACL[0], "id": "n3", "answerable": 1}), "answerable must be"),
        (json.dumps({**NOMIRACL[0], "id": "n3", "passages": []}), "passages must be"),
        (json.dumps({**NOMIRACL[0], "id": "n3", "passages": [""]}), "a passage is not a text"),
        (json.dumps(NOMIRACL[0]), "already used in line 1"),
    ],
)
def test_a_broken_nomiracl_line_is_refused_by_its_number(
    tmp_path: Path, line: str, why: str
) -> None:
    source = nomiracl(tmp_path, json.dumps(NOMIRACL[0]), "", line)
    with pytest.raises(EvalError) as caught:
        load_dataset(source)
    assert str(caught.value).startswith(f"{tmp_path / 'nomiracl.jsonl'}:3: ")
    assert why in str(caught.value)


@pytest.mark.parametrize("kind", ["", "squad:", "nomiracl:"])
def test_a_missing_or_empty_file_is_one_line_and_exit_code_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    for path in (tmp_path / "none.jsonl", empty):
        assert main(["run", f"{kind}{path}", "--out", str(tmp_path / "out")]) == 1
        said = capsys.readouterr()
        assert said.err.startswith(f"eval: {path}:")
        assert said.err.count("\n") == 1
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run"],
        ["run", "x.jsonl", "--limit", "0"],
        ["run", "x.jsonl", "--system", "magic"],
        ["run", "x.jsonl", "--system", "extractive", "--llm", "ollama:x"],
        ["compare", "a"],
    ],
)
def test_wrong_usage_is_exit_code_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
