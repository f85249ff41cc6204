"""Visitors of the chat page: Debian's chromium in front of the fake assistant.

conftest.py makes the fixtures known to all tests.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from chromium import CHROMIUM, FLAGS
from fake_assistant import FakeAssistant, evil_articles, long_article
from playwright.sync_api import Browser, Page, expect, sync_playwright

from rag.contract import answer_json
from rag.server import serving
from rag.web import build_app

BOX = "#question textarea"
LONG = long_article(5000)


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant(extra=(*evil_articles(), LONG))


@pytest.fixture(scope="module")
def url(fake: FakeAssistant) -> Iterator[str]:
    with serving(build_app(fake, answer_json, fake)) as address:
        yield address


@pytest.fixture(scope="module")
def browser(url: str) -> Iterator[Browser]:
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing: apt-get install chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, url: str) -> Iterator[Callable[..., Page]]:
    """Opens the page as a new visitor. Fails at an outside request, a script error, a dialog."""
    contexts, wrong = [], []

    def open_page(
        path: str = "/", width: int = 1200, ready: str = "#articles a", scheme: Any = "light"
    ) -> Page:
        size = {"width": width, "height": 740}
        context = browser.new_context(viewport=size, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("request", lambda r: outside(r.url) and wrong.append(r.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("dialog", lambda dialog: (wrong.append(dialog.message), dialog.dismiss()))
        page.goto(url + path)
        page.wait_for_selector(ready, state="attached")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert wrong == []


def outside(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1"


def ask(page: Page, question: str) -> None:
    page.fill(BOX, question)
    page.press(BOX, "Enter")


def ask_to_end(page: Page, question: str) -> None:
    turns = page.locator("#log .turn").count()
    ask(page, question)
    expect(page.locator("#log .turn")).to_have_count(turns + 1, timeout=15_000)
    expect(page.locator("#ask")).to_be_visible()


def until(condition: Callable[[], bool], seconds: float = 5.0) -> bool:
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.02)
    return condition()


def hit_place(page: Page) -> dict[str, object]:
    """The opened article: its cited lines, the marked text, and whether that is in view."""
    page.wait_for_selector(".lines .cited")
    return page.evaluate(
        """() => {
        const view = document.getElementById("viewer").getBoundingClientRect();
        const head = document.querySelector(".reader-head").getBoundingClientRect();
        const box = document.querySelector(".lines .cited").getBoundingClientRect();
        const numbers = [...document.querySelectorAll(".lines .cited .no")];
        const marks = [...document.querySelectorAll(".lines mark")];
        return {
            title: document.querySelector(".reader-head h2").textContent,
            lines: numbers.map((e) => Number(e.textContent)),
            mark: marks.map((e) => e.textContent).join("\\n"),
            seen: [box, ...marks.map((e) => e.getBoundingClientRect())].every((b) =>
                b.top >= head.bottom - 1 && b.bottom <= Math.min(view.bottom, innerHeight) + 1),
            rows: document.querySelectorAll(".lines .row").length,
        };
    }"""
    )
