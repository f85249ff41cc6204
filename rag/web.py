"""The chat page as a web application: conversation, articles, how things stand, tools for programs.

The page asks no host but its own: the Guard's content policy makes the browser refuse.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response

from rag.asking import Assistant
from rag.chat import AnswerJson, Opinions, mount_chat
from rag.errors import CorpusError, RagError
from rag.guard import TOOLS, Guard
from rag.mcp_tools import ArticleTools
from rag.texts import PAGE, SCRIPTS
from rag.viewer import article_json

log = logging.getLogger(__name__)


def build_app(
    assistant: Assistant, answer_json: AnswerJson, opinions: Opinions | None = None
) -> FastAPI:
    """The whole page as a web application; ``answer_json`` writes an answer for the /ask API,
    ``opinions`` keeps what readers think of one."""
    tools: Any = ArticleTools(assistant)  # an ASGI application, which add_route does not declare
    app = FastAPI(
        title="Zeilentreu",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=tools.lifespan,  # which the page's own goes round
    )
    app.add_middleware(Guard)
    for path in TOOLS:
        app.add_route(path, tools)

    @app.get("/artikel")
    def article(id: str, request: Request) -> Response:
        return article_response(assistant, id, request.headers.get("if-none-match"))

    @app.get("/stand")
    def state() -> Response:
        return JSONResponse(state_json(assistant), headers={"Cache-Control": "no-store"})

    @app.get("/scripts/{name}")
    def script(name: str) -> Response:
        if name not in SCRIPTS:
            return JSONResponse({}, status_code=404)
        headers = {"Cache-Control": "no-cache"}
        return FileResponse(PAGE / "scripts" / name, headers=headers, media_type="text/javascript")

    @app.get("/en")
    def without_slash() -> Response:
        return RedirectResponse("/en/")

    mount_chat(app, assistant, answer_json, opinions)
    return app


def state_json(assistant: Assistant) -> dict[str, Any]:
    """What an open page has to know: the version of the index, and what is being loaded."""
    version = None
    with suppress(RagError):
        version = assistant.index_version
    loading = assistant.loading
    return {"index": version, "loading": asdict(loading) if loading else None}


def article_response(assistant: Assistant, id: str, known: str | None = None) -> Response:
    """An article as JSON; ``known`` is the tag of the copy that the browser has already."""
    try:
        article = assistant.article(id)
    except CorpusError:
        return JSONResponse({}, status_code=404)
    except RagError as error:
        log.warning("%s", error)
        return JSONResponse({}, status_code=503)
    headers = {"Cache-Control": "no-cache", "ETag": f'"{article.sha256}"'}
    if known == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return JSONResponse(article_json(article), headers=headers)
