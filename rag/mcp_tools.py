"""The assistant as tools for other programs, by the Model Context Protocol over HTTP.

Three tools and nothing else: no session, no stream, one request is answered by one JSON object.
A program that goes away stops the model. Whatever goes wrong is one sentence to the program.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

import anyio
from mcp import types
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from rag.asking import Asking, Assistant
from rag.contract import Json, answer_json, lines_json, search_json
from rag.errors import CorpusError, RagError
from rag.plain_text import answer_text, lines_text, search_text
from rag.release import program_version

MOST_LINES = 200  # of one call
MOST_PASSAGES = 50
_MOST_BYTES = 64 * 1024  # of a request

INSTRUCTIONS = (
    "Answers from a fixed collection of articles, each sentence proven with exact lines. Ask with "
    "ask_articles; look around with search_articles and read_lines. Cite article and lines."
)
log = logging.getLogger(__name__)


class _Arguments(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AskArticles(_Arguments):
    question: str = Field(
        description="One question that can be understood by itself, in German or English."
    )


class SearchArticles(_Arguments):
    question: str = Field(description="A question or key words; German finds most.")
    count: int = Field(8, ge=1, le=MOST_PASSAGES, description="How many passages at most.")


class ReadLines(_Arguments):
    article: str = Field(
        description="The id of an article, as search_articles and citations give it."
    )
    first_line: int = Field(ge=1, description="First line, counted from 1.")
    last_line: int = Field(
        ge=1, description=f"Last line, included; at most {MOST_LINES} lines a call."
    )


@dataclass(frozen=True, slots=True)
class _Tool:
    arguments: type[_Arguments]
    title: str
    description: str
    run: Callable[[Any], Awaitable[tuple[Json, str]]]


class ArticleTools:
    """An ASGI application; it answers while ``lifespan`` runs."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._manager: StreamableHTTPSessionManager | None = None
        self._tools = {
            "ask_articles": _Tool(
                AskArticles,
                "Ask the articles",
                "Answers a question from the articles, in German. A program has checked every "
                "sentence against the articles; its citations give article id, lines (counted "
                "from 1, both included) and the exact quote. Takes some seconds, up to a minute. "
                'If "answered" is false, the articles do not contain the answer: say so and do '
                'not guess. "conflicts" tells where articles disagree. Cite title and lines '
                "when you pass the answer on.",
                self._ask,
            ),
            "search_articles": _Tool(
                SearchArticles,
                "Search the articles",
                "Finds passages of the articles for a question or key words, best first, within "
                "a moment and without a language model. Each passage has its article id, first "
                "and last line, text, and a score from 0 to 1. Use it to see what there is, and "
                "to get article ids and line numbers for read_lines.",
                self._search,
            ),
            "read_lines": _Tool(
                ReadLines,
                "Read lines of an article",
                "Reads lines of one article exactly as they stand there, to see what is around a "
                f"citation or a passage; at most {MOST_LINES} lines a call.",
                self._read,
            ),
        }
        self._server = Server(
            "zeilentreu",
            version=program_version(),
            title="Zeilentreu",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    @asynccontextmanager
    async def lifespan(self, app: object = None) -> AsyncIterator[None]:
        """Answers while this is open; it may be opened again once it was closed."""
        manager = StreamableHTTPSessionManager(
            self._server, json_response=True, stateless=True, max_request_body_size=_MOST_BYTES
        )
        async with manager.run():
            self._manager = manager
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request; leaving ends what it started.

        Only pages in a browser send an Origin, and no page needs the tools. To refuse them all
        keeps out other sites, those too that have their own name point to this machine (DNS
        rebinding), whatever names and addresses the server is reached by.
        """
        if scope["method"] != "POST":
            await Response(status_code=405, headers={"Allow": "POST"})(scope, receive, send)
        elif any(name == b"origin" for name, _ in scope["headers"]):
            await Response("Not for web pages.", status_code=403)(scope, receive, send)
        elif self._manager is None:
            await Response(status_code=503)(scope, receive, send)
        else:
            await _while_connected(self._manager.handle_request, scope, receive, send)

    async def _list(self, context: object, page: object) -> types.ListToolsResult:
        harmless = types.ToolAnnotations(
            read_only_hint=True, destructive_hint=False, open_world_hint=False
        )
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.arguments.model_json_schema(),
                    annotations=harmless,
                )
                for name, tool in self._tools.items()
            ]
        )

    async def _call(
        self, context: object, call: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = self._tools.get(call.name)
        if tool is None:
            return _refused(f"There is no tool {call.name!r}, but {', '.join(self._tools)}.")
        try:
            data, text = await tool.run(tool.arguments.model_validate(call.arguments or {}))
        except ValidationError as error:
            return _refused(_wrong_arguments(error))
        except RagError as error:
            return _refused(str(error))
        except Exception:  # logged; what it says is not for others
            log.exception("%s failed", call.name)
            return _refused("The program failed; what happened stands in its log.")
        return types.CallToolResult(
            content=[types.TextContent(text=text)], structured_content=dict(data)
        )

    async def _ask(self, given: AskArticles) -> tuple[Json, str]:
        answer = await Asking(lambda: self._assistant.answer(given.question)).answer()
        cited = [each.citations for each in answer.statements]
        cited += [each.citations for each in answer.conflicts]
        places = [place.article for citations in cited for place in citations]
        titles = await asyncio.to_thread(self._titles, places)
        return answer_json(answer), answer_text(answer, titles)

    async def _search(self, given: SearchArticles) -> tuple[Json, str]:
        result = await asyncio.to_thread(self._assistant.search, given.question, given.count)
        found = [each.chunk.article for each in result.passages]
        titles = await asyncio.to_thread(self._titles, found)
        return search_json(result), search_text(result, titles)

    async def _read(self, given: ReadLines) -> tuple[Json, str]:
        first, last = given.first_line, given.last_line
        if last - first >= MOST_LINES:
            raise RagError(
                f"Lines {first} to {last} are {last - first + 1}; ask for {MOST_LINES} at most."
            )
        try:
            article = await asyncio.to_thread(self._assistant.article, given.article)
        except CorpusError:
            raise CorpusError(
                f"There is no article {given.article!r}; search_articles gives the ids."
            ) from None
        return lines_json(article, first, last), lines_text(article, first, last)

    def _titles(self, ids: Iterable[str]) -> dict[str, str]:
        """What these articles are called; those gone meanwhile are left out."""
        titles = {}
        for id in set(ids):
            with suppress(RagError):
                titles[id] = self._assistant.article(id).title
        return titles


async def _while_connected(
    handle: Callable[[Scope, Receive, Send], Awaitable[None]],
    scope: Scope,
    receive: Receive,
    send: Send,
) -> None:
    """Handle one request, and cancel that as soon as its client goes."""
    into, out = anyio.create_memory_object_stream[Message](0)

    async def forward() -> None:
        while (message := await receive())["type"] != "http.disconnect":
            await into.send(message)
        group.cancel_scope.cancel()

    async with into, out, anyio.create_task_group() as group:
        group.start_soon(forward)
        await handle(scope, out.receive, send)
        group.cancel_scope.cancel()


def _refused(why: str) -> types.CallToolResult:
    return types.CallToolResult(
        content=[types.TextContent(text=" ".join(why.split()))], is_error=True
    )


def _wrong_arguments(error: ValidationError) -> str:
    """Each wrong argument and what it has to be, in one line."""
    return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
