"""A chat that runs while its articles change: the real program, index and browser, no model."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromium import CHROMIUM, FLAGS
from playwright.sync_api import Page, expect, sync_playwright
from visiting import ask, ask_to_end

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

ROOT = Path(__file__).parent.parent
BRIDGE = "Die neue Brücke\n\nDie Brücke über die Elde ist 300 Meter lang.\n"
TOWER = "Der alte Turm\n\nDer Turm am Markt von Wismar ist 80 Meter hoch.\n"


class Folders:
    """A corpus and an index of the test's own, and the commands on them."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.index = folder / "corpus", folder / "index"
        self.corpus.mkdir()
        self.command = [sys.executable, "-m", "rag.cli", "--corpus", str(self.corpus)]
        self.command += ["--index", str(self.index)]
        self.environment = {**os.environ, "RAG_LLM": "extractive"}

    def write(self, name: str, text: str) -> None:
        (self.corpus / name).write_text(text, "utf-8")
        command = [*self.command, "index"]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True, capture_output=True)


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path)


@pytest.fixture
def page(folders: Folders) -> Iterator[Page]:
    folders.write("bruecke.txt", BRIDGE)
    command = [*folders.command, "chat", "--port", "0"]
    with subprocess.Popen(
        command, cwd=ROOT, env=folders.environment, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
                page = browser.new_page()
                page.goto(address)
                page.wait_for_selector("#articles a")
                yield page
                browser.close()
        finally:
            process.terminate()


def test_the_page_follows_its_articles_and_outlives_their_index(page: Page, folders: Folders):
    expect(page.locator("#model")).to_contain_text("kein Sprachmodell", timeout=60_000)
    ask_to_end(page, "Wie lang ist die Brücke über die Elde?")
    expect(page.locator("#log .statement")).to_contain_text("300 Meter")
    cited = page.locator("#log .cite").first
    link = str(cited.get_attribute("href"))

    folders.write("turm.txt", TOWER)
    expect(page.locator(".news")).to_contain_text("neu aufgenommen", timeout=20_000)
    expect(page.locator("#articles li")).to_have_count(2)
    ask_to_end(page, "Wie hoch ist der Turm von Wismar?")
    expect(page.locator("#log .statement").nth(1)).to_contain_text("80 Meter")

    folders.write("bruecke.txt", "Eine neue erste Zeile.\n" + BRIDGE)
    cited.click()
    expect(page.locator("#reader .problem")).to_contain_text("seit dieser Antwort geändert")
    page.evaluate("location.hash = ''")
    page.evaluate(f"location.hash = {link!r}")
    expect(page.locator("#reader .problem")).to_contain_text("seit dieser Link entstand")

    away = folders.index.rename(folders.index.with_name("away"))
    ask(page, "Wie hoch ist der Turm von Wismar?")
    expect(page.locator("#log .problem")).to_contain_text("noch nicht aufgenommen")
    expect(page.locator("#log .problem code")).to_contain_text("index")
    assert page.locator("#log .turn").count() == 3
    if folders.index.exists():  # what was rated meanwhile, say
        shutil.rmtree(folders.index)
    away.rename(folders.index)
    ask_to_end(page, "Wie hoch ist der Turm von Wismar?")
    expect(page.locator("#log .turn").nth(3).locator(".statement")).to_contain_text("80 Meter")
