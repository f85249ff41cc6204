"""What the README says is true: commands, options, settings, files."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from eval import tables
from eval.planted.shares import ALL
from rag.cli import make_parser
from rag.settings import Settings

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = [
    line
    for block in re.findall(r"```\n(.*?)```", README, re.DOTALL)
    for line in block.split("\n")
    if line.startswith((".venv/bin/rag ", "make "))
]


def test_there_are_commands_to_check() -> None:
    assert len(COMMANDS) >= 6
    assert "make run" in COMMANDS
    assert "make test" in COMMANDS


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_exists(command: str) -> None:
    program, *arguments = shlex.split(command)
    if program == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
        assert arguments[0] in targets
    else:
        make_parser().parse_args(arguments)


def test_the_help_text_is_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    shown = re.search(r"<!-- help -->\n```\n(.*?)```\n<!-- /help -->", README, re.DOTALL)
    assert shown
    assert shown[1] == make_parser().format_help()


def test_every_setting_stands_in_the_table_with_its_default_and_meaning() -> None:
    rows = re.findall(r"^\| `(RAG_\w+)` \| `(.*?)` \| (.*?) \|$", README, re.MULTILINE)
    real = [
        (f"RAG_{name.upper()}", str(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert rows == real


def test_every_file_it_names_is_there() -> None:
    files = README.partition("## Files")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([\w./-]+)` \|", files, re.MULTILINE)
    links = re.findall(r"\]\(([\w./-]+)\)", README)
    assert len(named) >= 8
    for name in [*named, *links]:
        assert (ROOT / name).exists(), name


def test_every_table_of_figures_is_the_one_of_its_results() -> None:
    assert README.count("<!-- table:") >= 2
    assert tables.update(ROOT / "README.md", ROOT / "eval" / "results", write=False) == []


def test_the_shares_of_planted_sentences_are_of_at_least_300_false_and_300_true_ones() -> None:
    kept = json.loads((ROOT / "eval" / "results" / "planted.json").read_text(encoding="utf-8"))
    counts = {row["true"]: row["n"] for row in kept["groups"] if row["check"] == ALL}
    assert "<!-- table:planted -->" in README
    assert min(counts[False], counts[True]) >= 300


def test_the_example_cites_what_stands_in_the_article() -> None:
    place = re.search(r"\[1\] `([\w.-]+)`, line (\d+): »(.*?)«", README)
    assert place
    lines = (ROOT / "corpus" / place[1]).read_bytes().decode().split("\n")
    assert place[3] in lines[int(place[2]) - 1]


def test_kept_results_name_no_folder_of_the_machine_they_were_made_on() -> None:
    for path in (ROOT / "eval" / "results").glob("*.json"):
        assert not re.search(r'"/\w+', path.read_text(encoding="utf-8")), path
