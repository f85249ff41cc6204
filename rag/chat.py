"""The conversation: what Gradio shows, and what a press of each button does.

Nothing here knows how an answer is made or drawn. Every error ends as one German sentence and the
page goes on.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import gradio as gr
from gradio.components import Component

from rag.asking import Asking, Assistant
from rag.errors import QuestionError, RagError
from rag.render import Renderer, status_text
from rag.talk import Draft, Talk
from rag.texts import EXAMPLES, PAGE, esc, examples, load_texts
from rag.types import Answer, Article, Done

ASKERS_AT_ONCE = 16
AnswerJson = Callable[[Answer], dict[str, Any]]
Update = dict[Component, Any]
Updates = AsyncGenerator[Update, None]
log = logging.getLogger(__name__)


def mount_chat(app: Any, assistant: Assistant, answer_json: AnswerJson) -> None:
    """Put the conversation at "/" of a FastAPI application."""

    def mount() -> None:
        gr.mount_gradio_app(
            app,
            Page(assistant, answer_json).blocks,
            path="/",
            footer_links=[],
            run_history=False,
            show_error=False,
            ssr_mode=False,
            pwa=False,
            mcp_server=False,
            enable_monitoring=False,
            theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
            css_paths=PAGE / "page.css",
            head='<script src="/page.js"></script>',
        )

    async def in_loop() -> None:
        mount()

    try:
        asyncio.get_running_loop()
    except RuntimeError:  # Gradio would open event loops, and leave them open, where none runs
        asyncio.run(in_loop())
    else:
        mount()


class Page:
    """The Gradio blocks and what their events do; ``running`` holds one question per session."""

    def __init__(self, assistant: Assistant, answer_json: AnswerJson) -> None:
        self._assistant = assistant
        self._answer_json = answer_json
        self._texts = load_texts()
        self._running: dict[str, Asking] = {}
        with gr.Blocks(
            title=self._texts("title"), analytics_enabled=False, fill_width=True
        ) as self.blocks:
            self._build()
        self.blocks.queue(default_concurrency_limit=ASKERS_AT_ONCE)

    def _build(self) -> None:
        t = self._texts
        self._talk = gr.State(Talk())
        with gr.Row(elem_id="head"):
            _html(f"<h1>{esc(t('title'))}</h1><p>{esc(t('claim'))}</p>", "brand")
            new = gr.Button(t("new_talk"), elem_id="new", size="sm")
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="scroll"):
                    self._log = _html("", "log")
                    self._live = _html("", "live")
                    with gr.Column(elem_id="welcome") as self._welcome:
                        _html(f"<h2>{esc(t('welcome'))}</h2><p>{esc(t('welcome_more'))}</p>")
                        chips = [gr.Button(visible=False) for _ in range(EXAMPLES)]
                with gr.Column(elem_id="composer"):
                    self._notice = _html("", "notice")
                    with gr.Row(elem_id="ask-row"):
                        self._box = gr.Textbox(
                            label=t("question"),
                            placeholder=t("question_hint"),
                            lines=1,
                            max_lines=6,
                            autofocus=True,
                            elem_id="question",
                        )
                        self._ask = gr.Button(t("ask"), variant="primary", elem_id="ask")
                        self._stop = gr.Button(t("stop"), visible=False, elem_id="stop")
                    model_line = _html("", "model")
                    self._status = gr.HTML(
                        "",
                        html_template='<p role="status" aria-live="polite">${value}</p>',
                        js_on_load=None,
                        elem_id="status",
                    )
            with gr.Column(elem_id="viewer"):
                articles = _html("", "articles")
                _html(f'<div id="reader" data-texts="{esc(json.dumps(dict(t.table)))}"></div>')
        self._events(new, chips, model_line, articles)

    def _events(
        self, new: gr.Button, chips: list[gr.Button], model_line: gr.HTML, articles: gr.HTML
    ) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        shown: list[Any] = [self._log, self._live, self._welcome, self._notice, self._box]
        shown += [self._ask, self._stop, self._status, self._talk]

        self.blocks.load(self._load, None, [*chips, model_line, articles, self._notice], **quiet)
        gr.on(
            [self._box.submit, self._ask.click],
            self._answer,
            [self._box, self._talk],
            shown,
            trigger_mode="once",
            **quiet,
        )
        for chip in chips:
            chip.click(self._answer, [chip, self._talk], shown, trigger_mode="once", **quiet)
        self._stop.click(self._halt, None, None, **quiet)
        new.click(self._renew, None, shown, **quiet)
        self.blocks.unload(self._halt)
        gr.events.api(self._answer_once, api_name="ask", api_description="A question, answered.")

    def _load(self) -> list[Any]:
        """What every visitor sees first: examples, the model, the articles."""
        found: tuple[Article, ...] = ()
        notice, line = "", ""
        try:
            found = self._assistant.articles()
            line = self._renderer(found).model_line(self._assistant.model, self._assistant.advice)
        except Exception as error:  # noqa: BLE001 - logged and told
            notice = self._problem(error)
        questions = examples(self._texts, found)
        chips = [gr.Button(each, visible=True) for each in questions]
        chips += [gr.Button(visible=False)] * (EXAMPLES - len(questions))
        return [*chips, line, self._renderer(found).article_list(found), notice]

    async def _answer(self, question: str, talk: Talk, request: gr.Request) -> Updates:
        """Show a question from the first moment to its end; Gradio closes this when one leaves."""
        session = str(request.session_hash)
        self._forget(session)
        asking = Asking(lambda: self._assistant.answer(question, talk.turns))
        self._running[session] = asking
        try:
            async with aclosing(self._follow(asking, Draft(question), talk)) as updates:
                async for update in updates:
                    if self._running.get(session) is not asking:  # a new conversation has begun
                        return
                    yield update
        finally:
            asking.stop()
            if self._running.get(session) is asking:
                del self._running[session]

    async def _follow(self, asking: Asking, draft: Draft, talk: Talk) -> Updates:
        renderer, problem = self._renderer(()), ""
        yield self._asked(renderer.turn(draft))
        try:
            renderer = self._renderer(await asyncio.to_thread(self._assistant.articles))
            async with aclosing(asking.events()) as events:
                async for event in events:
                    draft = draft.after(event)
                    if not isinstance(event, Done):
                        status = status_text(self._texts, draft)
                        yield {self._live: renderer.turn(draft), self._status: status}
        except QuestionError as error:
            yield self._idle() | {
                self._live: "",
                self._notice: self._problem(error),
                self._box: draft.question,
                self._welcome: gr.Column(visible=not talk.drafts),
            }
            return
        except Exception as error:  # noqa: BLE001 - logged and told
            problem = self._problem(error)
        status = status_text(self._texts, draft) if draft.answer else ""
        if not problem and draft.answer is None:
            key = "stopped" if draft.statements or draft.sentence else "stopped_early"
            problem, status = renderer.note(key), esc(self._texts(key))
        talk = talk.plus(draft)
        yield self._idle() | {
            self._log: "".join(map(renderer.turn, talk.drafts)),
            self._live: "",
            self._status: status,
            self._talk: talk,
        }

    def _asked(self, live: str) -> Update:
        return {
            self._live: live,
            self._welcome: gr.Column(visible=False),
            self._notice: "",
            self._box: "",
            self._ask: gr.Button(visible=False),
            self._stop: gr.Button(visible=True),
            self._status: esc(self._texts("searching")),
        }

    def _idle(self) -> Update:
        return {self._ask: gr.Button(visible=True), self._stop: gr.Button(visible=False)}

    def _halt(self, request: gr.Request) -> None:
        """Stop what this visitor asked; no one else's."""
        asking = self._running.get(str(request.session_hash))
        if asking:
            asking.stop()

    def _forget(self, session: str) -> None:
        asking = self._running.pop(session, None)
        if asking:
            asking.stop()

    def _renew(self, request: gr.Request) -> Update:
        self._forget(str(request.session_hash))
        return self._idle() | {
            self._log: "",
            self._live: "",
            self._notice: "",
            self._status: "",
            self._talk: Talk(),
            self._welcome: gr.Column(visible=True),
        }

    def _answer_once(self, question: str) -> dict[str, Any]:
        """Answer one question and return it as ``rag ask --json`` prints it."""
        try:
            done = [e for e in self._assistant.answer(question) if isinstance(e, Done)]
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return self._answer_json(done[-1].answer)

    def _renderer(self, articles: Sequence[Article]) -> Renderer:
        titles = {each.id: each.metadata.title or each.id for each in articles}
        return Renderer(self._texts, titles)

    def _problem(self, error: Exception) -> str:
        if not isinstance(error, QuestionError):
            log.error("%s", error, exc_info=None if isinstance(error, RagError) else error)
        return Renderer(self._texts, {}).problem(error)


def _html(value: str, name: str | None = None) -> gr.HTML:
    """A piece of the page whose value is already escaped; no script of its own."""
    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)
