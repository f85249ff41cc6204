"""The report needs nothing but itself, shows every question, and lets no text become markup."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest
from chromium import FLAGS
from eval_system import ARTICLES, FakeSystem, Opener, write_suite
from playwright.sync_api import sync_playwright

from eval.context import citation, proving_line
from eval.run import Options, run
from rag.settings import load_settings


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    options = Options(str(write_suite(folder)), folder / "out")
    run(options, load_settings(llm="extractive"), print, Opener(FakeSystem()))
    return folder / "out" / "report.html"


def test_the_page_names_no_outside_host_and_no_other_file(report: Path) -> None:
    text = report.read_text()
    assert not re.search(r"https?:|//\w|src=|@import|url\(", text)
    assert not re.search(r"<(link|img|iframe|base)\b", text)


def test_texts_of_articles_and_questions_stay_text(report: Path) -> None:
    text = report.read_text()
    assert "<b>Neu-Ulm</b>" not in text
    assert "&lt;b&gt;Neu-Ulm&lt;/b&gt;" in text
    assert "<i>breit</i>" not in text
    assert "a &lt; b" in text


def test_in_a_browser_the_questions_can_be_filtered_and_opened(report: Path) -> None:
    scores = json.loads((report.parent / "scores.json").read_text())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        page = browser.new_page()
        asked: list[str] = []
        problems: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: problems.append(message.text))
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(report.as_uri())
        shown = page.locator(".question:visible")
        assert shown.count() == len(scores["questions"])
        page.locator(".chip", has_text="answered the unanswerable").click()
        assert shown.count() == scores["endings"]["answered_unanswerable"]
        assert page.locator("output").inner_text() == "1 of 4"
        shown.first.locator("summary").first.click()
        assert "Neu-Ulm" in shown.first.locator("mark").inner_text()
        page.locator(".chip", has_text="answered the unanswerable").click()
        page.locator("input[type=search]").fill("wo STEHT")
        assert shown.count() == 1
        assert page.locator("svg").count() == 3
        assert asked == [report.as_uri()]
        assert problems == []
        browser.close()


def test_a_citation_is_shown_in_its_line_with_the_span_marked() -> None:
    text = ARTICLES["a.txt"]
    start = text.index("40 Meter")
    place = {
        **{"article": "a.txt", "first_line": 3, "last_line": 3},
        **{"start": start, "end": start + 8, "quote": "40 Meter"},
    }
    right = citation(place, [("a.txt", 3)], ARTICLES)
    assert "Die Brücke ist <mark>40 Meter</mark> lang." in right
    assert 'class="right"' in right
    assert 'class="wrong"' in citation(place, [("a.txt", 4)], ARTICLES)
    moved = citation({**place, "start": start + 1}, [("a.txt", 3)], ARTICLES)
    assert "This is not what stands there" in moved


def test_a_long_line_is_cut_around_the_span_and_not_in_it() -> None:
    text = "x" * 5000 + "Mitte" + "y" * 5000 + "\n"
    place = {"article": "l", "first_line": 1, "last_line": 1, "start": 5000, "end": 5005}
    found = citation({**place, "quote": "Mitte"}, [], {"l": text})
    assert "<mark>Mitte</mark>" in found
    assert len(html.unescape(found)) < 600
    assert len(proving_line("l", 1, {"l": text})) < 900
