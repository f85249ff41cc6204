"""The tools for other programs, asked by a real client over HTTP."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from fake_assistant import FakeAssistant, article, corpus_articles
from mcp import Client, types

from rag import contract
from rag.assistant import Assistant
from rag.contract import answer_json
from rag.errors import IndexMissing
from rag.guard import TOOLS
from rag.lines import line_count, line_span
from rag.mcp_tools import MOST_LINES
from rag.server import serving
from rag.types import Done
from rag.web import build_app

# Gradio counts its events with calls that pandas 4 will drop.
pytestmark = pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning")

LONG = article("lang.txt", "".join(f"Zeile {n}.\n" for n in range(1, 501)), {"title": "Lang"})
ODD = article("odd.txt", "eins\r\n\x0czwei\u2028noch zwei\n\ndrei", {})
MODES = ["auto", "legacy"]  # the protocol of 2026, and the one before


@pytest.fixture(scope="module")
def fake() -> FakeAssistant:
    return FakeAssistant(pace=0.002, extra=(LONG, ODD))


@pytest.fixture(scope="module")
def url(fake: FakeAssistant) -> Iterator[str]:
    with serving(build_app(fake, answer_json)) as address:
        yield address


def with_client(address: str, work: Callable[[Client], Awaitable[Any]], mode: str = "auto") -> Any:
    async def run() -> Any:
        async with Client(address, mode=mode) as client:
            return await work(client)

    return asyncio.run(run())


def call(url: str, tool: str, mode: str = "auto", /, **arguments: Any) -> types.CallToolResult:
    return with_client(f"{url}/mcp", lambda client: client.call_tool(tool, arguments), mode)


def refused(result: types.CallToolResult) -> str:
    """The one sentence of a refusal."""
    assert result.is_error
    assert result.structured_content is None
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    assert "\n" not in content.text
    assert "Traceback" not in content.text
    return content.text


def shown(result: types.CallToolResult) -> str:
    assert not result.is_error, result.content
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", TOOLS)
def test_there_are_three_tools_at_every_place_and_nothing_else(
    url: str, path: str, mode: str
) -> None:
    async def look(client: Client) -> Any:
        return client.server_capabilities, (await client.list_tools()).tools

    offered, tools = with_client(url + path, look, mode)
    assert [each.name for each in tools] == ["ask_articles", "search_articles", "read_lines"]
    assert all(each.description and each.annotations.read_only_hint for each in tools)
    properties = [each.input_schema["properties"] for each in tools]
    assert [list(each) for each in properties] == [
        ["question"],
        ["question", "count"],
        ["article", "first_line", "last_line"],
    ]
    assert all(p["description"] for each in properties for p in each.values())
    assert offered.tools
    assert offered.prompts is offered.resources is offered.logging is offered.completions is None


@pytest.mark.parametrize("mode", MODES)
def test_an_answer_is_the_one_of_the_contract_and_its_citations_are_slices(
    url: str, fake: FakeAssistant, mode: str
) -> None:
    question = "Wie viele Unternehmen machen mit? Streit"
    result = call(url, "ask_articles", mode, question=question)
    *_, done = fake.answer(question)
    assert isinstance(done, Done)
    assert result.structured_content == json.loads(json.dumps(contract.answer_json(done.answer)))
    text = shown(result)
    texts = {each.id: each for each in corpus_articles()}
    said = [*result.structured_content["statements"], *result.structured_content["conflicts"]]
    cited = [c for each in said for c in each["citations"]]
    assert len(cited) >= 5
    for number, each in enumerate(cited, 1):
        source = texts[each["article"]]
        assert source.text[each["start"] : each["end"]] == each["quote"]
        title = source.metadata.title
        place = f"[{number}] {title}, line {each['first_line']}: »{each['quote']}«"
        assert f"\n{place} ({each['article']})" in text
    assert "[1][2]" in text
    assert "(not proven)" in text


def test_an_abstention_cites_nothing_and_says_why(url: str) -> None:
    result = call(url, "ask_articles", question="Wie wird das Wetter?")
    assert result.structured_content["answered"] is False
    assert shown(result) == "Das steht nicht in den Artikeln.\n\n(Not answered: no proof.)"


def test_a_search_gives_as_many_passages_as_are_asked_for(url: str, fake: FakeAssistant) -> None:
    result = call(url, "search_articles", question="Unternehmen", count=2)
    expected = contract.search_json(fake.search("Unternehmen", 2))
    assert result.structured_content == json.loads(json.dumps(expected))
    assert len(result.structured_content["passages"]) == 2
    for each in result.structured_content["passages"]:
        assert each["text"] in shown(result)
        assert f"line {each['first_line']} ({each['article']})" in shown(result)


@pytest.mark.parametrize("source", [*corpus_articles(), ODD], ids=lambda each: each.id)
def test_lines_are_read_as_they_stand_there(url: str, source: Any) -> None:
    last = min(line_count(source.text), MOST_LINES)
    first = min(3, last)
    result = call(url, "read_lines", article=source.id, first_line=first, last_line=last)
    read = result.structured_content
    spans = [line_span(source.text, n) for n in range(first, last + 1)]
    assert read == {
        "article": source.id,
        "title": source.metadata.title or source.id,
        "first_line": first,
        "last_line": last,
        "text": source.text[spans[0][0] : spans[-1][1]],
        "lines": [{"line": n, "text": source.text[a:b]} for n, (a, b) in enumerate(spans, first)],
    }
    assert "\n".join(each["text"] for each in read["lines"]) == read["text"]
    assert f"\n{first}: {read['lines'][0]['text']}" in shown(result)


@pytest.mark.parametrize(
    ("tool", "arguments", "why"),
    [
        ("ask_articles", {"question": "  "}, "question is empty"),
        ("ask_articles", {"question": "x" * 2001}, "longer than 2000"),
        ("ask_articles", {}, "question: Field required"),
        ("ask_articles", {"question": "Was?", "model": "x"}, "model: Extra inputs"),
        ("ask_articles", {"question": "Der Server?"}, "Mend it: ollama serve"),
        ("ask_articles", {"question": "Ein Absturz?"}, "The model died"),
        ("search_articles", {"question": "Was?", "count": 0}, "count: Input should be greater"),
        ("search_articles", {"question": "Was?", "count": 51}, "count: Input should be less"),
        ("read_lines", {"article": "x", "first_line": 1, "last_line": 1}, "no article 'x'"),
        ("read_lines", {"article": "lang.txt", "first_line": 0, "last_line": 1}, "first_line: "),
        ("read_lines", {"article": "lang.txt", "first_line": 9, "last_line": 8}, "has 1 to 500"),
        ("read_lines", {"article": "lang.txt", "first_line": 500, "last_line": 501}, "1 to 500"),
        ("read_lines", {"article": "lang.txt", "first_line": 1, "last_line": 201}, "200 at most"),
        ("delete_articles", {}, "no tool 'delete_articles'"),
    ],
)
@pytest.mark.parametrize("mode", MODES)
def test_bad_input_is_an_error_of_one_sentence(
    url: str, tool: str, arguments: dict[str, Any], why: str, mode: str
) -> None:
    assert why in refused(call(url, tool, mode, **arguments))


def test_a_fault_of_the_program_is_logged_and_not_told(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    told = refused(call(url, "ask_articles", question="Ein Fehler?"))
    assert "secret" not in told
    assert "secret" in caplog.text


def test_without_an_index_every_tool_says_how_to_get_one() -> None:
    fake = FakeAssistant(missing=IndexMissing("There is no index.", "rag index"))
    lines = {"article": "x", "first_line": 1, "last_line": 1}
    with serving(build_app(fake, answer_json)) as url:
        for tool, arguments in (("ask_articles", {"question": "Was?"}), ("read_lines", lines)):
            assert refused(call(url, tool, **arguments)) == "There is no index. Mend it: rag index"


def test_two_calls_are_answered_at_the_same_time(fake: FakeAssistant, url: str) -> None:
    questions = [f"Frage {n}?" for n in range(4)]

    async def ask_all(client: Client) -> Any:
        asked = [client.call_tool("ask_articles", {"question": q}) for q in questions]
        return await asyncio.gather(*asked)

    fake.pace = 0.01
    began = time.monotonic()
    call(url, "ask_articles", question="Eine?")
    one = time.monotonic() - began
    results = with_client(f"{url}/mcp", ask_all)
    together = time.monotonic() - began - one
    fake.pace = 0.002
    assert [each.structured_content["question"] for each in results] == questions
    assert together < 2.5 * one


def test_a_search_is_answered_while_an_answer_is_written(url: str) -> None:
    async def both(client: Client) -> Any:
        asking = asyncio.create_task(client.call_tool("ask_articles", {"question": "endlos"}))
        await asyncio.sleep(0.3)
        found = await client.call_tool("search_articles", {"question": "Was?"})
        still = not asking.done()
        asking.cancel()
        return found, still

    found, still = with_client(f"{url}/mcp", both)
    assert still
    assert found.structured_content["passages"]


@pytest.mark.parametrize("mode", MODES)
def test_a_client_that_goes_closes_its_answer(fake: FakeAssistant, url: str, mode: str) -> None:
    closed = fake.closed

    async def leave(client: Client) -> None:
        asking = asyncio.create_task(client.call_tool("ask_articles", {"question": "endlos"}))
        await asyncio.sleep(0.3)
        assert not asking.done()
        asking.cancel()

    with_client(f"{url}/mcp", leave, mode)
    end = time.monotonic() + 5
    while fake.closed == closed and time.monotonic() < end:
        time.sleep(0.02)
    assert fake.closed == closed + 1
    assert shown(call(url, "ask_articles", mode, question="Und jetzt?"))


def send(url: str, method: str, body: bytes = b"{}", **headers: str) -> int:
    request = urllib.request.Request(url, data=body, method=method)  # noqa: S310 - our own server
    for name, value in {"content_type": "application/json", **headers}.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_a_page_in_a_browser_is_refused_whatever_host_it_names(url: str) -> None:
    ping = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}'
    json_only = {"accept": "application/json"}
    for path in TOOLS:
        assert send(url + path, "POST", ping, **json_only) == 200
        assert send(url + path, "POST", ping, **json_only, host="my.server:7860") == 200
        for origin in ("http://evil.example", "null", url):
            assert send(url + path, "POST", ping, **json_only, origin=origin) == 403


def test_only_small_posts_are_read(url: str) -> None:
    for method in ("GET", "DELETE", "OPTIONS", "PUT"):
        assert send(f"{url}/mcp", method) == 405
    assert send(f"{url}/mcp", "POST", b" " * 70_000) == 413
    assert send(f"{url}/mcp", "POST", b"no json", accept="application/json") == 400
    assert send(f"{url}/mcp/other", "POST") == 404


def test_an_application_can_be_served_again(fake: FakeAssistant) -> None:
    app = build_app(fake, answer_json)
    for _ in range(2):
        with serving(app) as url:
            assert shown(call(url, "search_articles", question="Was?"))


def test_the_real_assistant_answers_with_lines_that_can_be_read(
    paris_assistant: Assistant,
) -> None:
    question = "Welche Unternehmen unterstützen die ROOST-Initiative?"
    with serving(build_app(paris_assistant, contract.answer_json)) as url:
        answer = call(url, "ask_articles", question=question).structured_content
        assert answer["answered"]
        for cited in (c for each in answer["statements"] for c in each["citations"]):
            place = {key: cited[key] for key in ("article", "first_line", "last_line")}
            read = call(url, "read_lines", **place).structured_content
            assert cited["quote"] in read["text"]
        found = call(url, "search_articles", question=question, count=3).structured_content
        assert len(found["passages"]) == 3
