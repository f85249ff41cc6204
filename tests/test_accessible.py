"""The page as axe-core judges it: no serious finding in any state, language, theme or width."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from visiting import BOX, ask, ask_to_end

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

SERIOUS = {"serious", "critical"}
Visit = Callable[..., Page]


def findings(page: Page) -> list[str]:
    """What is wrong for people: how bad, which rule, and where."""
    result = Axe().run(page)
    assert result.response["passes"], "nothing was judged"
    return [
        f"{found['impact']} {found['id']}: {node['html'][:160]} {node['failureSummary'][:300]}"
        for found in result.response["violations"]
        if found["impact"] in SERIOUS
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("path", "width"), [("/", 1200), ("/", 360), ("/en/", 1200)])
def test_no_state_of_the_page_has_a_serious_finding(
    visit: Visit, path: str, width: int, scheme: str
):
    page = visit(path, width, scheme=scheme)
    page.wait_for_selector("#welcome button")
    assert findings(page) == [], "before the first question"
    ask_to_end(page, "Wie viel Geld? Streit")
    expect(page.locator(".follow-ups")).to_be_visible()
    page.locator("#log .cite").first.focus()
    assert findings(page) == [], "answered, with the card of a citation"
    page.click(".act.down")
    expect(page.locator("form.reason")).to_be_visible()
    page.locator("#log .cite").first.click()
    page.wait_for_selector(".lines .cited")
    page.wait_for_selector(".steps")
    assert findings(page) == [], "rated, with the article open"
    ask_to_end(page, "Wetter")
    ask_to_end(page, "Absturz")
    ask(page, "")
    expect(page.locator("#notice .problem")).to_be_visible()
    assert findings(page) == [], "abstained, broken off, refused"
    ask(page, "Rede endlos")
    expect(page.locator("#live .draft")).to_be_visible()
    assert findings(page) == [], "while it is written"
    page.click("#stop")


def test_the_judge_finds_what_nobody_can_use(visit: Visit):
    page = visit()
    page.evaluate("document.querySelector('#head').innerHTML += '<img src=\"data:,\"><input>'")
    assert {each.split(":")[0] for each in findings(page)} >= {"critical image-alt"}


def test_everything_is_reached_by_the_tab_key_in_reading_order(visit: Visit):
    page = visit()
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    page.locator("#language a").focus()
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                """() => {
                    const at = document.activeElement;
                    const box = at.getBoundingClientRect();
                    const name = at.id || at.dataset.act || at.className || at.tagName;
                    return {name, seen: box.width > 0 && box.height > 0};
                }"""
            )
        )
        if reached[-1]["name"] == "language":
            break
    names = [each["name"] for each in reached]
    assert all(each["seen"] for each in reached if each["name"] != "BODY"), reached
    order = ["export", "new", "cite", "source", "copy", "up", "down", "ask", "find", "publisher"]
    at = [names.index(each) for each in order]
    assert at == sorted(at), names
    page.locator(BOX).focus()
    assert page.evaluate("document.activeElement.tagName") == "TEXTAREA"
