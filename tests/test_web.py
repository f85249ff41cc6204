"""The chat page in a real browser, in front of the fake assistant of fake_assistant.py."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from statistics import median
from urllib.parse import quote

import pytest
from fake_assistant import (
    EVIL,
    EVIL_ID,
    EVIL_LINK,
    EVIL_TITLE,
    article,
    cite,
    corpus_articles,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from visiting import BOX, LONG, ask, ask_to_end, hit_place, until

from rag import errors
from rag.errors import IndexMissing, RagError
from rag.lines import line_count
from rag.panes import article_list, model_line
from rag.render import Renderer, ending_of
from rag.server import listen
from rag.talk import Draft, Ending
from rag.texts import PAGE, load_texts
from rag.types import (
    Answer,
    AnswerTimes,
    Article,
    Chunk,
    Citation,
    Conflict,
    Done,
    Passage,
    Statement,
    Usage,
    Verdict,
    Writing,
)

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

RECORD = """() => {
    window.seen = [];
    const text = (name) => document.querySelector("#live " + name)?.textContent || "";
    const all = (name) => document.querySelectorAll("#live " + name).length;
    new MutationObserver(() => seen.push({
        passages: all(".passage"), done: document.querySelectorAll("#log .turn").length,
        progress: text(".progress"), draft: text(".draft"), cites: all(".cite"),
        stop: document.querySelector("#stop") !== null,
    })).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""


def test_passages_are_shown_first_then_reading_then_statements_then_the_answer(visit):
    page = visit()
    page.evaluate(RECORD)
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    seen = [each for each in page.evaluate("seen") if not each["done"]]
    first = [
        next(at for at, each in enumerate(seen) if happened(each))
        for happened in (
            lambda each: "Sucht" in each["progress"],
            lambda each: each["passages"] == 4,
            lambda each: re.search(r"Liest die Stellen … \d+ %", each["progress"]),
            lambda each: "noch ungeprüft" in each["draft"],
            lambda each: "Prüft am Artikel" in each["progress"],
            lambda each: each["cites"] == 2,
            lambda each: each["cites"] == 3,
        )
    ]
    assert first == sorted(set(first)), "each stage is shown, one after the other"
    assert all(each["stop"] for each in seen[first[1] :])
    assert page.locator("#log .statement").count() == 4
    assert page.locator("#live .turn, #log .draft, #stop").count() == 0
    assert page.locator("#log .cite").all_inner_texts() == ["[1]", "[2]", "[3]"]
    assert "nicht belegt: in den" in page.locator("#log .unsupported").inner_text()
    assert "nicht geprüft" in page.locator("#log .unchecked").inner_text()
    expect(page.locator("#status [role=status]")).to_contain_text("Antwort fertig")
    assert page.input_value(BOX) == ""


def test_a_question_sent_before_the_scripts_are_there_is_answered(browser, url):
    page = browser.new_page()
    page.route("**/scripts/page.js", lambda route: route.abort())
    page.goto(url)
    page.wait_for_selector("#articles a", state="attached")
    ask(page, "Wie viele Unternehmen machen mit?")
    expect(page.locator("#log .statement")).to_have_count(4, timeout=15_000)
    page.close()


def test_a_citation_opens_the_article_at_its_lines_with_the_exact_span_marked(visit):
    page = visit()
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    xpert, wiwo = corpus_articles()
    first = page.locator("#log .statement .cite").nth(0)
    first.click()
    place = hit_place(page)
    expected = cite(wiwo, "Mehr als 60 europäische Unternehmen haben eine „EU AI Champions Ini")
    assert place["lines"] == [expected.first_line]
    assert place["mark"] == expected.quote
    assert place["seen"]
    assert place["rows"] == line_count(wiwo.text)
    assert place["title"] == wiwo.metadata.title

    page.locator("#log .statement .cite").nth(1).click()
    expect(page.locator(".reader-head h2")).to_have_text(xpert.metadata.title or "")
    assert hit_place(page)["mark"] == "Stargate KI Europa"

    page.locator("#log .statement .cite").nth(2).press("Enter")
    expect(page.locator(".reader-head h2")).to_have_text(wiwo.metadata.title or "")
    assert str(hit_place(page)["mark"]).startswith("Geplant sind Investitionen")
    assert page.evaluate("document.activeElement.classList.contains('cited')")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "[3]"


def test_a_passage_highlights_whole_lines_and_the_address_opens_the_same_place_again(visit):
    page = visit()
    ask_to_end(page, "Wie wird das Wetter?")
    page.locator("#log .passage").nth(1).click()
    place = hit_place(page)
    assert place["lines"] == [29]
    assert place["seen"]
    again = visit("/" + page.evaluate("location.hash"))
    assert hit_place(again) == place


def test_an_abstention_is_a_plain_sentence_without_citations_but_with_the_nearest_passages(visit):
    page = visit()
    ask_to_end(page, "Wie wird das Wetter?")
    expect(page.locator("#log .abstained")).to_have_text("Das steht nicht in den Artikeln.")
    assert page.locator("#log .cite").count() == 0
    assert page.locator("#log .source").count() == 0
    assert page.locator("#log .passage").count() == 3
    assert "Am nächsten" in page.locator("#log .passages h3").inner_text()


def test_contradicting_articles_are_shown_side_by_side_with_both_places(visit):
    page = visit()
    ask_to_end(page, "Wie viel Geld? Streit")
    sides = page.locator("#log .conflict li").all_inner_texts()
    assert ["150 Milliarden Euro" in sides[0], "109 Milliarden Dollar" in sides[1]] == [True] * 2
    page.locator("#log .conflict .cite").nth(1).click()
    assert hit_place(page)["mark"] == "109 Milliarden Dollar"


def test_markup_in_question_article_name_and_model_text_is_shown_and_never_run(visit):
    page = visit()
    ask_to_end(page, f"böse {EVIL} {EVIL_LINK} ${{window.hacked=7}}")
    text = page.locator("#log .turn").inner_text()
    for part in (EVIL, EVIL_LINK, "${window.hacked=6}", "${window.hacked=7}", EVIL_TITLE):
        assert part in text
    expect(page.locator("#articles")).to_contain_text(EVIL_ID)
    page.locator("#log .cite").first.click()
    place = hit_place(page)
    assert place["mark"] == EVIL
    assert place["title"] == EVIL_TITLE
    page.locator("#log .cite").nth(1).click()
    page.wait_for_function("document.querySelector('.lines mark').textContent == '😀 Ende.'")
    page.locator("button.link", has_text="Alle Artikel").click()
    page.locator("#articles a", has_text=EVIL_ID).click()
    expect(page.locator(".reader-head h2")).to_have_text(EVIL_ID)
    page.evaluate("location.hash = '#artikel=%E0%A4%A&zeile=<img src=x onerror=hacked=8>'")
    page.wait_for_timeout(300)
    assert page.evaluate("window.hacked") is None
    assert page.locator("#main img, #main script, #main iframe").count() == 0
    assert page.locator("#card img, #card script").count() == 0
    links = page.eval_on_selector_all("#main a", "all => all.map(a => a.getAttribute('href'))")
    assert all(link.startswith("#artikel=") for link in links)


def test_an_empty_and_an_endless_question_get_a_sentence_and_the_page_goes_on(visit):
    page = visit()
    ask(page, "   ")
    expect(page.locator("#notice")).to_contain_text("Bitte geben Sie eine Frage ein.")
    expect(page.locator("#welcome")).to_be_visible()
    endless = "x" * 10_000
    ask(page, endless)
    expect(page.locator("#notice")).to_contain_text("zu lang")
    expect(page.locator(BOX)).to_have_value(endless)
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    expect(page.locator("#notice .problem")).to_have_count(0)
    assert page.locator("#log .statement").count() == 4


def test_a_model_that_dies_leaves_what_was_proven_and_a_sentence_and_the_page_goes_on(visit, fake):
    page = visit()
    ask_to_end(page, "Und nun der Absturz")
    expect(page.locator("#log .problem")).to_contain_text("kann gerade nicht antworten")
    expect(page.locator("#log .problem code")).to_have_text("rag doctor")
    expect(page.locator("#log .draft")).to_contain_text("abgebrochen")
    assert page.locator("#log .statement.supported .cite").count() == 2
    ask_to_end(page, "Und nun ein Fehler")
    expect(page.locator("#log .problem").nth(1)).to_contain_text("Unerwarteter Fehler")
    ask_to_end(page, "Ist der Server da?")
    expect(page.locator("#log .problem").nth(2)).to_contain_text("ist nicht erreichbar")
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    assert page.locator("#log .turn").nth(3).locator(".statement").count() == 4
    assert "secret detail" not in page.content()
    assert "Traceback" not in page.content()
    assert fake.histories[-1] == ()


def test_without_an_index_the_page_says_so_and_goes_on_once_there_is_one(visit, fake):
    fake.missing = IndexMissing("Nothing has been indexed yet.", "rag index")
    try:
        page = visit(ready="#notice .problem")
        expect(page.locator("#notice code")).to_have_text("rag index")
        ask_to_end(page, "Wie viele Unternehmen machen mit?")
        expect(page.locator("#log .problem")).to_contain_text("noch nicht aufgenommen")
    finally:
        fake.missing = None
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    assert page.locator("#log .turn").nth(1).locator(".statement").count() == 4


def test_stop_closes_the_answer_at_once_and_only_its_own(visit, fake):
    page, other = visit(), visit()
    ask(page, "Rede endlos")
    ask(other, "Rede auch endlos")
    for each in (page, other):
        expect(each.locator("#live .draft")).to_contain_text("Und so weiter")
    closed = fake.closed
    page.click("#stop")
    expect(page.locator("#log .note")).to_contain_text("Angehalten")
    assert page.locator("#log .statement.supported").count() == 2
    assert until(lambda: fake.closed == closed + 1)
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    assert fake.closed == closed + 1
    expect(other.locator("#live .draft")).to_contain_text("Und so weiter")
    other.close()
    assert until(lambda: fake.closed == closed + 2), "leaving the page stops its model"


def test_a_second_visitor_gets_the_own_answer_at_the_same_time(visit):
    pages = [visit(), visit()]
    for number, page in enumerate(pages):
        ask(page, f"Ich bin Nummer {number}")
    for number, page in enumerate(pages):
        expect(page.locator("#log .unchecked")).to_contain_text(f"Ich bin Nummer {number}")
        assert page.locator("#log .turn").count() == 1


def test_the_conversation_is_told_to_the_assistant_until_a_new_one_begins(visit, fake):
    page = visit()
    page.locator("#welcome button").first.click()
    expect(page.locator("#log .turn")).to_have_count(1, timeout=15_000)
    assert "Wer hat den Artikel" in page.locator("#log .asked").inner_text()
    ask_to_end(page, "Und das Wetter?")
    assert [turn.question for turn in fake.histories[-1]] == [fake.histories[-1][0].question]
    assert "Wer hat den Artikel" in fake.histories[-1][0].question
    assert "150 Milliarden Euro" in fake.histories[-1][0].answer
    ask(page, "Rede endlos")
    expect(page.locator("#live .draft")).to_contain_text("Und so weiter")
    closed = fake.closed
    page.click("#new")
    expect(page.locator("#welcome")).to_be_visible()
    assert until(lambda: fake.closed == closed + 1), "a new conversation stops the model"
    page.wait_for_timeout(300)
    assert page.locator(".turn").count() == 0
    ask_to_end(page, "Und jetzt?")
    assert fake.histories[-1] == ()


def test_a_place_in_an_article_of_5000_lines_opens_within_200_milliseconds(visit):
    page = visit()
    cited = cite(LONG, "Zeile 4711 😀 mit einem Satz")
    place = f"&zeile={cited.first_line}-{cited.last_line}&von={cited.start}&bis={cited.end}"
    seconds = []
    for _ in range(5):
        page.evaluate("location.hash = ''")
        page.wait_for_function("!document.body.classList.contains('reading')")
        milliseconds = page.evaluate(
            """async (hash) => {
                document.getElementById("reader").replaceChildren();
                const start = performance.now();
                location.hash = hash;
                const cited = () => document.querySelector(".lines .cited");
                while (!cited()) await new Promise(requestAnimationFrame);
                cited().getBoundingClientRect();
                return performance.now() - start;
            }""",
            f"#artikel={quote(LONG.id)}{place}",
        )
        seconds.append(milliseconds / 1000)
    found = hit_place(page)
    assert found["lines"] == [4712]
    assert found["mark"] == cited.quote
    assert found["seen"]
    page.wait_for_function("document.querySelectorAll('.lines .row').length === 5000")
    assert hit_place(page)["seen"], "the place stays in view while the rest is drawn"
    assert median(seconds) < 0.2, seconds


def test_a_place_that_is_not_there_any_more_is_told_and_not_guessed(visit):
    page = visit("/#artikel=weg.txt&zeile=3-3&von=1&bis=2")
    expect(page.locator("#reader .problem")).to_contain_text("gibt es nicht mehr")
    page.evaluate(f"location.hash = '#artikel={corpus_articles()[1].id}&zeile=9999'")
    expect(page.locator("#reader .problem")).to_contain_text("Diese Zeile gibt es")
    page.evaluate(
        """() => {
            const link = document.querySelector("#articles a").cloneNode(true);
            link.href = link.getAttribute("href") + "&zeile=1-1&von=0&bis=3";
            link.dataset.quote = "etwas anderes";
            document.getElementById("log").append(link);
            link.click();
        }"""
    )
    expect(page.locator("#reader .problem")).to_contain_text("seit dieser Antwort geändert")


def test_at_360_pixels_nothing_scrolls_sideways_and_a_citation_shows_its_lines(visit):
    page = visit(width=360)

    def fits() -> bool:
        return page.evaluate(
            """() => {
                const head = [...document.querySelectorAll("#brand h1, #head a, #head button")];
                const boxes = head.map((e) => e.getBoundingClientRect()).filter((b) => b.width);
                const apart = boxes.every((b, n) => b.right <= (boxes[n + 1]?.left ?? innerWidth));
                return apart && document.documentElement.scrollWidth <= innerWidth;
            }"""
        )

    assert fits()
    ask_to_end(page, f"böse {EVIL} {'unteilbar' * 30}")
    assert fits()
    ask_to_end(page, "Wie viele Unternehmen machen mit?")
    page.locator("#log .turn").nth(1).locator(".cite").first.click()
    page.wait_for_selector(".lines .cited mark")
    assert fits()
    box = page.locator(".lines mark").bounding_box()
    assert box is not None
    assert 0 <= box["y"] <= 740 - box["height"]
    page.locator("button.back").click()
    expect(page.locator("#log .turn").nth(1).locator(".cite").first).to_be_in_viewport()


def test_controls_have_names_and_the_page_says_its_language(visit):
    page = visit()
    expect(page.get_by_role("textbox", name="Ihre Frage")).to_be_visible()
    for name in ("Fragen", "Neues Gespräch"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_visible()
    assert page.locator("#status [role=status]").get_attribute("aria-live") == "polite"
    assert page.evaluate("document.documentElement.lang") == "de"
    assert page.locator("footer").count() == 0
    expect(page.locator("#model")).to_contain_text("qwen2.5-coder-1.5b-instruct")
    expect(page.locator("#model")).to_contain_text("ollama pull")


def fetch(url: str, body: object = None) -> tuple[int, bytes]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, {"Content-Type": "application/json"})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:  # noqa: S310
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, b""


def test_ask_is_the_only_endpoint_and_answers_in_the_contracts_form(url):
    info = json.loads(fetch(f"{url}/gradio_api/info")[1])
    assert list(info["named_endpoints"]) == ["/ask"]
    assert info["unnamed_endpoints"] == {}
    call = json.loads(fetch(f"{url}/gradio_api/call/ask", {"data": ["Wie viele?"]})[1])
    stream = fetch(f"{url}/gradio_api/call/ask/{call['event_id']}")[1].decode()
    assert "event: complete" in stream
    (answer,) = json.loads(stream.rsplit("data: ", 1)[1])
    assert answer["answered"] is True
    assert len(answer["statements"]) == 4
    call = json.loads(fetch(f"{url}/gradio_api/call/ask", {"data": [" "]})[1])
    stream = fetch(f"{url}/gradio_api/call/ask/{call['event_id']}")[1].decode()
    assert "The question is empty." in stream


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://example.org/",
        "/gradio_api/mcp/sse",
        "/gradio_api/run/ask",
        "/monitoring",
        "/docs",
        "/openapi.json",
        "/gradio_api/queue/../upload",
    ],
)
def test_gradios_other_routes_are_closed(url, path):
    assert fetch(url + path)[0] == 404


def test_the_content_policy_names_no_other_host(url):
    with urllib.request.urlopen(url) as reply:  # noqa: S310
        policy = reply.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "http" not in policy
    assert "*" not in policy


def test_an_article_is_sent_whole_once_and_then_only_confirmed(url):
    xpert, _ = corpus_articles()
    request = urllib.request.Request(f"{url}/artikel?id={quote(xpert.id)}")  # noqa: S310
    with urllib.request.urlopen(request) as reply:  # noqa: S310
        article, tag = json.loads(reply.read()), reply.headers["ETag"]
    assert "\n".join(article["lines"]) == xpert.text.removesuffix("\n")
    for line, start in zip(article["lines"], article["starts"], strict=True):
        assert xpert.text[start : start + len(line)] == line
    request.add_header("If-None-Match", tag)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)  # noqa: S310
    refused.value.close()
    assert refused.value.code == 304


def test_a_port_in_use_is_refused_with_the_next_one():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(RagError) as refused:
            listen("127.0.0.1", port)
    assert refused.value.what == f"Port {port} is in use."
    assert refused.value.mend == f"rag chat --port {port + 1}"
    with pytest.raises(RagError, match="Cannot listen"):
        listen("127.0.0.1", 99_999)
    with pytest.raises(RagError, match="Cannot listen"):
        listen("host.invalid", 0)


def test_the_server_prints_its_address_and_ends_quietly_on_ctrl_c(browser):
    program = (
        "from fake_assistant import FakeAssistant\n"
        "from rag.contract import answer_json\n"
        "from rag.server import listen, serve\n"
        "from rag.web import build_app\n"
        "serve(build_app(FakeAssistant(), answer_json), listen('127.0.0.1', 0))\n"
    )
    paths = os.pathsep.join([str(PAGE.parent.parent), str(Path(__file__).parent)])
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        address = process.stdout.readline().strip()
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("#articles a")
        ask(page, "Rede endlos")
        page.wait_for_selector("#live .draft")
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
        told = process.stderr.read()
        page.close()
    assert "Traceback" not in told
    assert "Stopped." in told


class Tags(HTMLParser):
    """The tags of a piece of HTML, and its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


TAGS = set(
    "article h2 span div p i b code button section h3 ul ol li a q details summary label input "
    "select option fieldset legend form".split()
)
ATTRIBUTES = set(
    "class aria-hidden aria-label aria-pressed role lang href id type value autocomplete name "
    "maxlength "
    "data-id data-markdown data-act data-quote data-place data-publisher data-date".split()
)


def answer_about(text: str, source: Article) -> Answer:
    cited = Citation(source.id, 1, 1, 0, len(source.text), source.text)
    chunk = Chunk(source.id, 1, 1, 0, 1, (text,))
    return Answer(
        question=text,
        text=text,
        statements=(
            Statement(text, Verdict("supported", 1.0), (cited,)),
            Statement(text, Verdict("unsupported", 0.0, (text,)), ()),
        ),
        abstention=None,
        conflicts=(Conflict(text, (cited, cited)),),
        passages=(Passage(chunk, text, 1.0),),
        model=text,
        index_version=text,
        times=AnswerTimes(1, 1, 1),
        usage=Usage(),
        rewritten_question=text,
    )


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from(list("<>&\"'=/{}$ aimgscriptonx`\n")), max_size=60))
def test_no_text_ever_becomes_markup(text):
    texts, source = load_texts(), article(text, text + "x", {"title": text, "publisher": text})
    renderer = Renderer(texts, {source.id: source})
    draft = Draft(text, (text,), id=text, rating="up", reason=text, follow_ups=(text,))
    drawn = renderer.turn(draft.after(Writing(text)), last=True)
    for ending in (ending_of(RagError(text, text)), Ending(text, text), Ending("stopped")):
        drawn += renderer.turn(replace(draft, ending=ending), last=True)
    drawn += renderer.turn(draft.after(Done(answer_about(text, source))), last=True)
    drawn += model_line(texts, text, text) + article_list(texts, [source, source])
    seen = Tags(drawn)
    assert seen.tags <= TAGS
    assert seen.attributes <= ATTRIBUTES


def test_every_error_class_has_a_german_sentence():
    known = load_texts().errors
    named = [
        name
        for name, kind in vars(errors).items()
        if isinstance(kind, type) and issubclass(kind, RagError) and name != "QuestionError"
    ]
    assert len(named) >= 10
    assert set(named) <= set(known)
    assert {"question_empty", "question_too_long"} <= set(known)


def contrast(first: str, second: str) -> float:
    """Contrast of two "#rrggbb" colours by WCAG 2.2, from 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", [":root", ".dark"])
def test_text_has_the_contrast_of_wcag_aa(scheme):
    css = (PAGE / "page.css").read_text("utf-8")
    block = css[css.index(f"\n{scheme} {{") :].split("}")[0]
    colour = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
    pairs = [(ink, ground) for ink in ("ink", "soft") for ground in ("paper", "sheet", "tint")]
    pairs += [("ink", "line-bg"), ("soft", "line-bg"), ("mark-ink", "mark-bg")]
    pairs += [("accent", "sheet"), ("accent", "tint"), ("accent-ink", "accent")]
    pairs += [("warn", "warn-bg"), ("warn", "sheet")]
    poor = {pair: contrast(colour[pair[0]], colour[pair[1]]) for pair in pairs}
    assert {pair: value for pair, value in poor.items() if value < 4.5} == {}
