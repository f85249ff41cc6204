"""Pictures of the page in its main states: ``python tests/screenshots.py FOLDER``.

The real model answers from the articles in corpus/; only what cannot be had from it at will (a
contradiction, a model that dies, a queue) is shown with the fake assistant.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from chromium import CHROMIUM, FLAGS
from fake_assistant import FakeAssistant
from playwright.sync_api import Browser, Page, sync_playwright
from visiting import ask, ask_to_end

from rag import app
from rag.asking import Assistant
from rag.contract import answer_json
from rag.queueing import Queue
from rag.server import serving
from rag.settings import load_settings
from rag.web import build_app

QUESTION = "Mit welchem Startkapital begann ROOST?"
PATIENCE = 120_000  # milliseconds a real model may take


@contextmanager
def visiting(
    browser: Browser, address: str, width: int = 1280, height: int = 800, scheme: str = "light"
) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if scheme == "dark" else "light",
        locale="de-DE",
    )
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector("#articles a")
    page.wait_for_timeout(700)
    yield page
    context.close()


def answered(page: Page, question: str) -> None:
    """Ask and wait for the answer and what may be asked next."""
    ask(page, question)
    page.wait_for_selector("#log .turn .foot")
    page.wait_for_timeout(1500)


def real_pictures(browser: Browser, assistant: Assistant, folder: Path) -> None:
    with serving(build_app(assistant, answer_json)) as address:
        with visiting(browser, address) as page:
            page.screenshot(path=folder / "empty.png")
            ask(page, QUESTION)
            page.wait_for_selector("#live .passage")
            page.screenshot(path=folder / "searching.png")
            page.wait_for_selector("#live .draft")
            page.wait_for_timeout(1200)
            page.screenshot(path=folder / "streaming.png")
            page.wait_for_selector("#log .turn .foot")
            page.wait_for_timeout(1500)
            page.locator("#log .cite").first.click()
            page.wait_for_selector(".lines .cited")
            page.mouse.move(2, 2)
            page.wait_for_timeout(500)
            page.screenshot(path=folder / "answered.png")
            page.locator("#log .cite").first.hover()
            page.wait_for_timeout(300)
            page.screenshot(path=folder / "citation.png")
        with visiting(browser, address) as page:
            answered(page, "Wie hoch ist der Eiffelturm?")
            page.screenshot(path=folder / "abstention.png")
        with visiting(browser, address, scheme="dark") as page:
            answered(page, QUESTION)
            page.locator("#log .cite").first.click()
            page.wait_for_selector(".lines .cited")
            page.screenshot(path=folder / "dark.png")
        with visiting(browser, address, 360, 740) as page:
            answered(page, QUESTION)
            page.screenshot(path=folder / "phone.png")
            page.locator("#log .cite").first.click()
            page.wait_for_selector(".lines .cited")
            page.wait_for_timeout(500)
            page.screenshot(path=folder / "phone-source.png")
        with visiting(browser, f"{address}/en/") as page:
            answered(page, QUESTION)
            page.screenshot(path=folder / "english.png")


def played_pictures(browser: Browser, folder: Path) -> None:
    queue = Queue(1)
    with (
        serving(build_app(FakeAssistant(queue=queue), answer_json)) as address,
        visiting(browser, address) as page,
    ):
        ask_to_end(page, "Wie viel Geld soll fließen? Streit")
        page.wait_for_timeout(800)
        page.screenshot(path=folder / "conflict.png")
        page.click("#new")
        page.wait_for_selector("#welcome h2")
        ask_to_end(page, "Was geschieht nach einem Absturz?")
        page.screenshot(path=folder / "error.png")
        page.click("#new")
        page.wait_for_selector("#welcome h2")
        with queue.place(), queue.place():
            ask(page, "Wann bin ich an der Reihe?")
            page.wait_for_timeout(1500)
            page.screenshot(path=folder / "queue.png")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    assistant = app.make_assistant(load_settings(), print)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        real_pictures(browser, assistant, folder)
        played_pictures(browser, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
