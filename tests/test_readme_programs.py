"""What the README tells other programs to do works, word for word, on a running page."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from fake_assistant import FakeAssistant
from mcp import Client

from rag.contract import answer_json
from rag.server import serving
from rag.types import Done
from rag.web import build_app

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
ADDRESS = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving(build_app(FakeAssistant(pace=0.002), answer_json)) as address:
        yield address


def test_there_is_one_snippet_for_each_way() -> None:
    packages = [re.findall(r"^from (\w+) import Client$", s, re.MULTILINE) for s in SNIPPETS]
    assert packages == [["gradio_client"], ["mcp"]]


@pytest.mark.parametrize("snippet", SNIPPETS)
def test_a_snippet_prints_the_answer_and_what_it_cites(snippet: str, url: str) -> None:
    (question,) = set(re.findall(r'"([^"]*\?)"', snippet))
    *_, done = FakeAssistant(pace=0).answer(question)
    assert isinstance(done, Done)
    assert ADDRESS in snippet
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", snippet.replace(ADDRESS, url)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert ran.returncode == 0, ran.stderr
    for statement in done.answer.statements:
        assert statement.text in ran.stdout
        for each in statement.citations:
            assert each.quote in ran.stdout


def test_the_configuration_names_the_place_of_the_tools(url: str) -> None:
    (block,) = re.findall(r"```json\n(.*?)```", README, re.DOTALL)
    (server,) = json.loads(block)["mcpServers"].values()

    async def count() -> int:
        async with Client(server["url"].replace(ADDRESS, url)) as client:
            return len((await client.list_tools()).tools)

    assert asyncio.run(count()) == 3
