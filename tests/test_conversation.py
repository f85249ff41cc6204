"""What readers do with the page, in a real browser: look at a citation, ask on, choose, keep."""

from __future__ import annotations

import json
import re
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fake_assistant import FakeAssistant, cite, corpus_articles
from gradio_client import Client
from playwright.sync_api import Browser, Page, expect
from visiting import BOX, ask, ask_to_end, hit_place

from rag.contract import answer_json
from rag.feedback import Feedback
from rag.queueing import Queue
from rag.server import serving
from rag.texts import load_texts
from rag.types import Loading
from rag.web import build_app

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

Visit = Callable[..., Page]
QUESTION = "Wie viele Unternehmen machen mit?"


def test_a_citation_shows_quote_article_date_and_line_on_hover_and_on_focus(visit: Visit):
    page = visit()
    ask_to_end(page, QUESTION)
    wiwo = corpus_articles()[1]
    quote = cite(wiwo, "Mehr als 60 europäische Unternehmen haben eine „EU AI Champions Ini")
    first, second = page.locator("#log .statement .cite").nth(0), page.locator("#log .cite").nth(1)
    card = page.get_by_role("tooltip")
    expect(card).to_be_hidden()
    first.hover()
    expect(card).to_contain_text(quote.quote)
    for fact in (wiwo.metadata.title, "WirtschaftsWoche", "10.2.2025", f"Zeile {quote.first_line}"):
        expect(card).to_contain_text(str(fact))
    card.hover()
    page.wait_for_timeout(300)
    expect(card).to_be_visible()
    page.hover("#brand")
    expect(card).to_be_hidden()
    second.focus()
    expect(card).to_contain_text("Stargate KI Europa")
    assert second.get_attribute("aria-describedby") == "card"
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_arrow_keys_lead_from_one_citation_to_the_next_and_back(visit: Visit):
    page = visit()
    ask_to_end(page, QUESTION)
    page.locator("#log .cite").first.click()
    marks = [hit_place(page)["mark"]]
    expect(page.locator(".steps")).to_contain_text("Beleg 1 von 3")
    expect(page.get_by_role("button", name="Voriger Beleg")).to_be_disabled()
    for number in (2, 3):
        page.keyboard.press("ArrowRight")
        expect(page.locator(".steps")).to_contain_text(f"Beleg {number} von 3")
        marks.append(hit_place(page)["mark"])
        assert hit_place(page)["seen"]
    assert len(set(marks)) == 3
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Nächster Beleg")).to_be_disabled()
    page.get_by_role("button", name="Voriger Beleg").click()
    expect(page.locator(".steps")).to_contain_text("Beleg 2 von 3")
    assert page.locator("#log .cite[aria-current]").inner_text() == "[2]"
    page.locator(".lines .cited").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "[2]"


def test_a_conversation_survives_a_reload_and_goes_on_until_a_new_one_begins(visit, fake):
    page = visit()
    ask_to_end(page, QUESTION)
    ask_to_end(page, "Wie wird das Wetter?")
    shown = page.locator("#log .turn").all_inner_texts()
    page.reload()
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#welcome")).to_be_hidden()
    assert page.locator("#log .turn").all_inner_texts() == shown
    page.locator("#log .cite").nth(1).click()
    assert hit_place(page)["mark"] == "Stargate KI Europa"
    ask_to_end(page, "Und sonst?")
    assert [turn.question for turn in fake.histories[-1]] == [QUESTION, "Wie wird das Wetter?"]
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    page.reload()
    page.wait_for_selector("#welcome button")
    assert page.locator("#log .turn").count() == 0


def test_what_a_browser_kept_is_never_trusted_to_be_a_conversation(visit: Visit):
    page = visit()
    for wrong in ('"<img src=x onerror=hacked=1>"', "{", '{"drafts": [{"question": 1}]}'):
        page.evaluate("value => localStorage.setItem('zeilentreu-talk', value)", wrong)
        page.reload()
        page.wait_for_selector("#welcome button")
    assert page.locator("#log .turn").count() == 0
    ask_to_end(page, QUESTION)


def test_an_answer_can_be_written_anew_and_replaces_the_one_before(visit, fake):
    page = visit()
    ask_to_end(page, "Wie wird das Wetter?")
    ask_to_end(page, QUESTION)
    assert page.locator(".act.redo").count() == 1, "only the end can be written anew"
    page.click(".act.redo")
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#ask")).to_be_visible()
    assert fake.asked[-1] == (QUESTION, None, 1)
    assert [turn.question for turn in fake.histories[-1]] == ["Wie wird das Wetter?"]
    page.click(".act.redo")
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#ask")).to_be_visible()
    assert fake.asked[-1] == (QUESTION, None, 2)
    assert page.locator("#log .asked").all_inner_texts()[-1].endswith(QUESTION)


def test_the_last_question_can_be_changed_and_its_answer_is_replaced(visit, fake):
    page = visit()
    ask_to_end(page, QUESTION)
    page.click(".act.edit")
    expect(page.locator(BOX)).to_have_value(QUESTION)
    expect(page.locator("#hint")).to_contain_text("Sie ändern Ihre letzte Frage")
    page.locator("#hint button", has_text="Abbrechen").click()
    expect(page.locator(BOX)).to_have_value("")
    expect(page.locator("#hint")).to_have_text("")
    page.click(".act.edit")
    page.fill(BOX, "x" * 5000)
    page.press(BOX, "Enter")
    expect(page.locator("#notice")).to_contain_text("zu lang")
    expect(page.locator("#log .turn")).to_have_count(1)
    page.fill(BOX, "")
    page.click(".act.edit")
    page.fill(BOX, "Wie wird das Wetter?")
    page.press(BOX, "Enter")
    expect(page.locator("#log .abstained")).to_be_visible()
    expect(page.locator("#log .turn")).to_have_count(1)
    assert fake.histories[-1] == ()
    assert page.locator("#hint").inner_text() == ""


def test_what_may_be_asked_next_is_one_press_away(visit, fake):
    page = visit()
    ask_to_end(page, QUESTION)
    page.locator(".follow-ups button").nth(1).click()
    expect(page.locator("#log .turn")).to_have_count(2)
    assert page.locator("#log .asked").nth(1).inner_text().endswith("Wann beginnt es?")
    assert [turn.question for turn in fake.histories[-1]] == [QUESTION]
    expect(page.locator(".follow-ups")).to_have_count(1)


def test_a_question_is_asked_of_the_chosen_articles_only(visit, fake):
    page = visit()
    xpert, wiwo = corpus_articles()
    page.get_by_label(f"Nur ausgewählte fragen: {wiwo.metadata.title}").check()
    expect(page.locator("#hint")).to_contain_text("Gefragt wird in 1 von 5 Artikeln.")
    ask_to_end(page, QUESTION)
    assert fake.asked[-1] == (QUESTION, (wiwo.id,), 0)
    expect(page.locator("#log .aside")).to_contain_text(str(wiwo.metadata.title))
    page.click(".act.redo")
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#log .turn")).to_have_count(1)
    expect(page.locator("#ask")).to_be_visible()
    assert fake.asked[-1] == (QUESTION, (wiwo.id,), 1)
    page.locator("#hint button", has_text="Alle fragen").click()
    expect(page.locator("#hint")).to_have_text("")

    page.select_option("#publisher", "Xpert.Digital")
    expect(page.locator("#articles li:visible")).to_have_count(1)
    ask_to_end(page, QUESTION)
    assert fake.asked[-1][1] == (xpert.id,)
    page.select_option("#publisher", "")
    page.fill("#until", "2025-02-10")
    expect(page.locator("#articles li:visible")).to_have_count(1)
    ask_to_end(page, QUESTION)
    assert fake.asked[-1][1] == (wiwo.id,)
    page.fill("#since", "2025-02-11")
    expect(page.locator("#found")).to_have_text("Kein Artikel passt.")
    ask_to_end(page, QUESTION)
    assert fake.asked[-1][1] == ()
    page.locator("#hint button").click()
    ask_to_end(page, QUESTION)
    assert fake.asked[-1][1] is None


def test_articles_are_found_by_words_of_title_publisher_author_and_file_name(visit: Visit):
    page = visit()
    for words, expected in (
        ("durchbruch", 1),
        ("wolfenstein", 1),
        ("SUMMIT action", 1),
        ("lang breit", 1),
    ):
        page.fill("#find", words)
        expect(page.locator("#articles li:visible")).to_have_count(expected)
    page.fill("#find", "gibt es nicht")
    expect(page.locator("#found")).to_have_text("Kein Artikel passt.")
    page.fill("#find", "")
    expect(page.locator("#articles li:visible")).to_have_count(5)
    expect(page.locator("#hint")).to_have_text("")


def test_an_answer_is_copied_as_markdown_whose_links_lead_to_the_places(visit: Visit):
    page = visit()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask_to_end(page, QUESTION)
    page.click(".act.copy")
    expect(page.locator(".act.copy")).to_have_text("Kopiert")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"## {QUESTION}\n\nMehr als 60 europäische Unternehmen")
    assert "angekündigt. \\[1\\] \\[2\\] Geplant" in copied
    assert "(nicht belegt)" in copied
    assert "\\[2\\] »Stargate KI Europa« — AI Action Summit" in copied
    assert "Xpert.Digital, 11.2.2025, Zeile 1" in copied
    links = re.findall(r"<(http[^>]+)>", copied)
    assert len(links) == 3
    page.goto("about:blank")
    page.goto(links[1])
    assert hit_place(page)["mark"] == "Stargate KI Europa"
    assert page.locator("#reader .problem").count() == 0


def test_a_whole_conversation_is_saved_as_a_file(visit: Visit, tmp_path: Path):
    page = visit()
    expect(page.locator("#export")).to_be_hidden()
    ask_to_end(page, QUESTION)
    ask_to_end(page, "Wie wird das *Wetter*?")
    with page.expect_download() as download:
        page.click("#export")
    file = tmp_path / "talk.md"
    download.value.save_as(file)
    text = file.read_text("utf-8")
    assert download.value.suggested_filename.endswith(".md")
    assert text.startswith("# Zeilentreu, 20")
    assert text.count("\n## ") == 2
    assert "## Wie wird das \\*Wetter\\*?\n\nDas steht nicht in den Artikeln." in text


def test_an_opinion_is_kept_with_its_reason_question_answer_and_citations(visit, fake):
    page = visit()
    ask_to_end(page, QUESTION)
    page.click(".act.down")
    expect(page.locator(".act.down")).to_have_attribute("aria-pressed", "true")
    ((rating, reason, answer),) = fake.opinions.values()
    assert (rating, reason, answer["question"]) == ("down", "", QUESTION)
    assert answer["statements"][0]["citations"][0]["quote"].startswith("Mehr als 60")
    page.get_by_label("Warum?").fill("Die Zahl fehlt <b>!")
    page.get_by_role("button", name="Senden").click()
    expect(page.locator("#log .note")).to_contain_text("auch der Grund")
    assert [each[:2] for each in fake.opinions.values()] == [("down", "Die Zahl fehlt <b>!")]
    page.reload()
    expect(page.locator(".act.down")).to_have_attribute("aria-pressed", "true")
    page.click(".act.up")
    expect(page.locator(".act.up")).to_have_attribute("aria-pressed", "true")
    assert [each[0] for each in fake.opinions.values()] == ["up"], "the later one replaces it"
    fake.full = True
    page.click(".act.down")
    expect(page.locator("#notice .problem")).to_be_visible()
    fake.full = False
    ask_to_end(page, QUESTION)
    fake.opinions.clear()


def test_an_opinion_given_while_the_next_question_is_answered_stays_on_the_page(visit, fake):
    page = visit()
    live = page.locator("#live")
    ask_to_end(page, QUESTION)
    ask(page, "Was gibt es endlos?")
    expect(live).to_contain_text("und so fort")
    page.click("#log .act.up")
    expect(page.locator("#log .act.up")).to_have_attribute("aria-pressed", "true")
    expect(live).to_contain_text("und so fort")
    page.click("#stop")
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#log .act.up").first).to_have_attribute("aria-pressed", "true")
    page.click("#log .act.redo")
    expect(live).to_contain_text("und so fort")
    page.click("#log .act.down")
    expect(page.locator("#log .act.down")).to_have_attribute("aria-pressed", "true")
    assert page.locator("#log .turn").count() == 1, (
        "the one that is answered anew is not there twice"
    )
    page.click("#log .act.up")
    expect(page.locator("#log .act.up")).to_have_attribute("aria-pressed", "true")
    page.click("#stop")
    expect(page.locator("#log .turn")).to_have_count(2)
    page.reload()
    expect(page.locator("#log .turn")).to_have_count(2)
    expect(page.locator("#log .act.up").first).to_have_attribute("aria-pressed", "true")
    fake.opinions.clear()


def test_an_opinion_given_on_the_page_is_exported(browser: Browser, tmp_path: Path):
    file = tmp_path / "feedback.sqlite"
    page = browser.new_page()
    with serving(build_app(FakeAssistant(), answer_json, Feedback(file))) as address:
        page.goto(address)
        page.wait_for_selector("#articles a")
        ask_to_end(page, QUESTION)
        page.click(".act.up")
        page.get_by_label("Warum?").fill("Genau richtig")
        page.get_by_role("button", name="Senden").click()
        expect(page.locator("#log .note")).to_contain_text("auch der Grund")
        page.close()
    (rated,) = Feedback(file).all()
    assert (rated.rating, rated.reason, rated.question) == ("up", "Genau richtig", QUESTION)
    assert rated.answer["statements"][0]["citations"][0]["article"] == corpus_articles()[1].id


def test_the_page_is_there_in_english_and_the_conversation_with_it(visit, fake):
    page = visit()
    ask_to_end(page, QUESTION)
    page.locator("#log .cite").first.click()
    hit_place(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"
    expect(page.locator("#log .turn")).to_have_count(1)
    expect(page.locator("#log .foot")).to_contain_text("2.3 s")
    assert "2025-02-10" in str(page.locator("#log .cite").first.get_attribute("data-place"))
    hit_place(page)
    ask_to_end(page, "How will the weather be? Wetter")
    expect(page.locator("#log .passages h3")).to_have_text("These passages come nearest")
    page.get_by_role("link", name="Deutsch").click()
    expect(page.locator("#log .passages h3")).to_have_text("Am nächsten kommen diese Stellen")


def test_both_languages_have_the_same_texts_with_the_same_gaps():
    german, english = load_texts("de"), load_texts("en")
    assert german.table.keys() == english.table.keys()
    assert german.errors.keys() == english.errors.keys()
    for key, text in german.table.items():
        if key != "date":
            gaps = [sorted(re.findall(r"\{\w+\}", each)) for each in (text, english.table[key])]
            assert gaps[0] == gaps[1], key


def test_an_open_page_says_that_the_articles_were_indexed_anew(visit, fake):
    page = visit()
    page.wait_for_timeout(500)
    before = fake.index_version
    fake.index_version = "20250212-120000-fedcba"
    try:
        expect(page.locator(".news")).to_contain_text("neu aufgenommen", timeout=12_000)
    finally:
        fake.index_version = before
    ask_to_end(page, QUESTION)


def test_while_models_load_the_page_says_so_and_a_question_is_kept_until_it_is_answered(
    visit, fake
):
    fake.loading = Loading("llm", 5, download=True)
    page = visit()
    expect(page.locator("#composer .loading")).to_have_text("Holt das Sprachmodell (einmal) … 5 %")
    fake.loading = Loading("llm", 40)
    expect(page.locator("#composer .loading")).to_have_text("Lädt das Sprachmodell … 40 %")
    assert page.locator("#welcome button:visible").count() == 0
    ask(page, QUESTION)
    expect(page.locator("#live .progress")).to_contain_text("Lädt das Sprachmodell … 40 %")
    fake.loading = Loading("llm", 80)
    expect(page.locator("#composer .loading")).to_contain_text("80 %")
    expect(page.locator("#live .progress")).to_contain_text("80 %")
    fake.loading = None
    expect(page.locator("#log .turn .statement")).to_have_count(4)
    expect(page.locator("#model")).to_contain_text("Es antwortet")
    expect(page.locator("#composer .loading")).to_have_text("")


def test_twenty_at_once_wait_in_a_visible_queue_and_each_gets_the_answer_to_the_own_question(
    browser: Browser,
):
    fake = FakeAssistant(pace=0.004, queue=Queue(1))
    positions: list[str] = []
    with serving(build_app(fake, answer_json)) as address, ThreadPoolExecutor(20) as pool:

        def ask_once(number: int) -> dict[str, object]:
            client = Client(address, verbose=False)
            return client.predict(f"Frage Nummer {number}?", api_name="/ask")

        answers = [pool.submit(ask_once, number) for number in range(19)]
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#articles a")
        ask(page, "Frage der Seite?")
        while not page.locator("#log .turn").count():
            positions += page.locator("#live .progress").all_inner_texts()
            page.wait_for_timeout(50)
        for number, answer in enumerate(answers):
            got = answer.result(60)
            assert got["question"] == f"Frage Nummer {number}?"
            assert f"Gefragt war: Frage Nummer {number}?" in str(got["answer"])
        expect(page.locator("#log .unchecked")).to_contain_text("Gefragt war: Frage der Seite?")
        page.close()
    waits = [int(found[1]) for each in positions if (found := re.search(r"noch (\d+) davor", each))]
    assert waits, positions
    assert waits == sorted(waits, reverse=True)


def test_the_time_that_has_passed_is_shown_while_an_answer_is_made(visit, fake):
    page = visit()
    fake.pace = 0.08
    try:
        ask(page, QUESTION)
        expect(page.locator("#live .progress")).to_contain_text("Schreibt")
        expect(page.locator("#live .clock")).to_have_text(re.compile(r"^[1-9]\d* s$"))
        page.click("#stop")
        expect(page.locator("#log .note")).to_contain_text("Angehalten")
    finally:
        fake.pace = 0.02


def test_a_link_says_if_its_article_was_changed_since(visit: Visit):
    page = visit()
    ask_to_end(page, QUESTION)
    address = str(page.locator("#log .cite").first.get_attribute("href"))
    fresh = visit("/" + address)
    hit_place(fresh)
    assert fresh.locator("#reader .problem").count() == 0
    old = visit("/" + re.sub(r"fassung=.*", "fassung=00000000", address))
    expect(old.locator("#reader .problem")).to_contain_text("seit dieser Link entstand")


def test_a_page_whose_application_is_gone_says_so_and_keeps_what_it_shows(browser: Browser):
    fake = FakeAssistant()
    page = browser.new_page()
    with serving(build_app(fake, answer_json)) as address:
        page.goto(address)
        page.wait_for_selector("#articles a")
        ask_to_end(page, QUESTION)
        page.wait_for_timeout(500)
    expect(page.locator(".news")).to_contain_text("antwortet nicht mehr", timeout=12_000)
    assert page.locator("#log .turn").count() == 1
    page.close()


def test_how_things_stand_is_told_to_the_open_page(url: str, fake: FakeAssistant):
    with urllib.request.urlopen(f"{url}/stand") as reply:  # noqa: S310
        assert json.loads(reply.read()) == {"index": fake.index_version, "loading": None}


def test_a_conversation_goes_on_after_the_application_was_started_anew(browser: Browser):
    page = browser.new_page()
    with serving(build_app(FakeAssistant(), answer_json)) as address:
        page.goto(address)
        page.wait_for_selector("#articles a")
        ask_to_end(page, QUESTION)
        page.wait_for_timeout(500)
    expect(page.locator(".news")).to_contain_text("antwortet nicht mehr", timeout=12_000)
    again = FakeAssistant()
    with serving(build_app(again, answer_json), port=int(address.rpartition(":")[2])):
        expect(page.locator(".news")).to_have_text("", timeout=12_000)
        ask_to_end(page, "Und sonst?")
        assert [turn.question for turn in again.histories[-1]] == [QUESTION]
        assert page.locator("#log .turn").count() == 2
        page.close()


def test_a_new_conversation_stays_new_though_the_old_one_was_still_thought_about(visit, fake):
    page = visit()
    fake.thinks = 1.0
    try:
        ask_to_end(page, QUESTION)
        page.click("#new")
        expect(page.locator("#welcome")).to_be_visible()
        page.wait_for_timeout(1500)
        assert page.locator("#log .turn").count() == 0
        ask_to_end(page, "Und jetzt?")
        assert fake.histories[-1] == ()
    finally:
        fake.thinks = 0.0
