"""The chat page as a web application: the conversation, and one route for the articles.

The page asks no host but its own: the Guard's content policy makes the browser refuse.
"""

from __future__ import annotations

import logging

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, JSONResponse, Response

from rag.asking import Assistant
from rag.chat import AnswerJson, mount_chat
from rag.errors import CorpusError, RagError
from rag.guard import Guard
from rag.texts import PAGE
from rag.viewer import article_json

log = logging.getLogger(__name__)


def build_app(assistant: Assistant, answer_json: AnswerJson) -> FastAPI:
    """The whole page as a web application; ``answer_json`` writes an answer for the /ask API."""
    app = FastAPI(title="Zeilentreu", docs_url=None, redoc_url=None, openapi_url=None)
    app.add_middleware(Guard)

    @app.get("/artikel")
    def article(id: str, request: Request) -> Response:
        return article_response(assistant, id, request.headers.get("if-none-match"))

    @app.get("/page.js")
    def script() -> Response:
        return FileResponse(PAGE / "page.js", headers={"Cache-Control": "no-cache"})

    mount_chat(app, assistant, answer_json)
    return app


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
