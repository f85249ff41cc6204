"""The whole program on the two real articles, with the real embedder, model and browser."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio_client
import mcp
import pytest
from chromium import CHROMIUM, FLAGS
from playwright.sync_api import expect, sync_playwright

from eval.suite import Question, load_suite
from rag import app
from rag.assistant import Assistant
from rag.catalogue import load_catalogue
from rag.indexing import IndexReport
from rag.models import whole_adapter
from rag.settings import Settings
from rag.types import Answer, Turn

ROOT = Path(__file__).parent.parent
SUITE = load_suite(ROOT / "eval" / "suites" / "paris.jsonl")
ROOST = "Welche Unternehmen unterstützen die ROOST-Initiative?"
XPERT = "xpert-digital-ai-action-summit-paris.txt"


def quiet(line: str) -> None:
    """Takes what a command would say on stderr."""


@pytest.fixture(scope="module")
def writing(paris: tuple[Settings, IndexReport]) -> Assistant:
    """The assistant with the embedded language model."""
    settings = paris[0].model_copy(update={"llm": f"llamacpp:{app.DEFAULT_LLM}", "threads": 0})
    return app.make_assistant(settings, quiet)


def assert_exact(answer: Answer) -> int:
    """Every citation is what stands in the file at its place; returns how many there are."""
    count = 0
    for statement in answer.statements:
        assert statement.citations
        assert statement.verdict.support == "supported"
        for c in statement.citations:
            text = (ROOT / "corpus" / c.article).read_bytes().decode()
            assert text[c.start : c.end] == c.quote
            lines = text.split("\n")[c.first_line - 1 : c.last_line]
            assert c.quote in "\n".join(lines)
            count += 1
    return count


def test_every_citation_is_reread_exactly_for_every_question(paris_assistant: Assistant) -> None:
    counted = sum(assert_exact(paris_assistant.ask(q.question, q.history)) for q in SUITE)
    assert counted > 100


def test_the_right_line_is_in_the_top_five_for_95_percent(paris_assistant: Assistant) -> None:
    asked = [q for q in SUITE if q.answerable]
    found = [q for q in asked if hit(paris_assistant, q)]
    assert len(asked) >= 50
    assert len(found) >= 0.95 * len(asked), sorted({q.id for q in asked} - {q.id for q in found})


def hit(assistant: Assistant, question: Question) -> bool:
    answer = assistant.ask(question.question, question.history)
    chunks = [p.chunk for p in answer.passages[:5]]
    return any(
        c.article == article and c.first_line <= line <= c.last_line
        for article, line in question.lines
        for c in chunks
    )


def tuned() -> str:
    """The name of the embedded model with the adapter it was tuned with."""
    adapter = whole_adapter(load_catalogue()[app.DEFAULT_LLM])
    assert adapter is not None
    return f"llamacpp:{app.DEFAULT_LLM}+{adapter.fingerprint}"


def test_the_model_answers_with_the_proving_line(writing: Assistant) -> None:
    answer = writing.ask(ROOST)
    assert answer.answered
    assert sum(name in answer.text for name in ("Alphabet", "OpenAI", "Roblox", "Discord")) >= 2
    assert assert_exact(answer) >= 1
    assert (XPERT, 118) in {
        (c.article, c.first_line) for s in answer.statements for c in s.citations
    }
    assert answer.model == tuned()
    again = writing.ask("Mit welchem Startkapital begann ROOST?")
    assert again.usage.cached > 50, "the fixed beginning of the prompt is read once"


def test_what_the_articles_do_not_say_is_not_claimed(writing: Assistant) -> None:
    answer = writing.ask("Wie viele Goldmedaillen gewann Norwegen bei den Winterspielen 1994?")
    assert answer.abstention is not None
    assert answer.statements == ()
    assert answer.text


def test_a_follow_up_is_understood(writing: Assistant) -> None:
    history = [Turn("Was ist die ROOST-Initiative?", "Eine globale Initiative für Kinderschutz.")]
    answer = writing.ask("Und wer unterstützt sie?", history)
    assert answer.rewritten_question
    assert "ROOST" in answer.rewritten_question
    assert "Roblox" in answer.text


@pytest.fixture(scope="module")
def chat(paris: tuple[Settings, IndexReport]) -> Iterator[str]:
    """``rag chat`` with the embedded model on a free port; gives its address."""
    command = [
        sys.executable,
        "-m",
        "rag.cli",
        "--index",
        str(paris[0].index),
        "chat",
        "--port",
        "0",
    ]
    environment = {**os.environ, "RAG_LLM": f"llamacpp:{app.DEFAULT_LLM}"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_a_reader_asks_and_checks_the_cited_line(chat: str) -> None:
    with sync_playwright() as playwright:
        assert Path(CHROMIUM).exists(), "install the browser: apt-get install chromium"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page()
        page.goto(chat)
        box = page.locator("#question textarea")
        box.fill(ROOST)
        box.press("Enter")
        citation = page.locator("a[href*='zeile=118']").first
        expect(page.get_by_text("Roblox").first).to_be_visible(timeout=120_000)
        expect(page.get_by_text("Belege")).to_be_visible(timeout=120_000)
        citation.click()
        line = page.locator(".lines .cited").first
        expect(line).to_contain_text("ROOST wurde mit einem Startkapital")
        expect(line).to_contain_text("118")
        expect(page.locator("mark").first).to_be_in_viewport()
        browser.close()


@pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")
def test_programs_are_answered_with_citations_over_gradio_and_mcp(chat: str) -> None:
    async def over_mcp() -> dict[str, Any]:
        async with mcp.Client(f"{chat}/mcp", read_timeout_seconds=300) as client:
            result = await client.call_tool("ask_articles", {"question": ROOST})
            assert not result.is_error, result.content
            return dict(result.structured_content or {})

    over_gradio = gradio_client.Client(chat, verbose=False).predict(ROOST, api_name="/ask")
    for answer in (over_gradio, asyncio.run(over_mcp())):
        assert answer["model"] == tuned()
        cited = [c for s in answer["statements"] for c in s["citations"]]
        assert (XPERT, 118) in {(c["article"], c["first_line"]) for c in cited}
        for c in cited:
            text = (ROOT / "corpus" / c["article"]).read_bytes().decode()
            assert text[c["start"] : c["end"]] == c["quote"]


def test_the_command_line_prints_the_contract(paris: tuple[Settings, IndexReport]) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "rag.cli", "--index", str(paris[0].index), "ask", "--json", ROOST],
        cwd=ROOT,
        env={**os.environ, "RAG_LLM": "extractive"},
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(run.stdout)
    assert set(answer) >= {
        "question", "answered", "answer", "statements", "abstention", "conflicts", "passages",
        "model", "index_version", "milliseconds", "tokens",
    }  # fmt: skip
    assert set(answer["milliseconds"]) == {"search", "first_token", "total"}
    assert set(answer["tokens"]) == {"prompt", "completion"}
    for statement in answer["statements"]:
        assert set(statement) >= {"text", "support", "score", "citations"}
        for c in statement["citations"]:
            assert set(c) == {"article", "first_line", "last_line", "start", "end", "quote"}
