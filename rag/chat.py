"""The conversation: what Gradio shows, and what a press of each button does.

Nothing here knows how an answer is made or drawn. Every error ends as one sentence and the page
goes on. The conversation is the browser's: it comes with every press, so that neither a reload nor
a new start of the server loses it. scripts/page.js adds to a press what Gradio does not know of:
the articles chosen, and whether the last question is asked anew ("given", a JSON object).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Collection
from contextlib import aclosing, suppress
from dataclasses import dataclass, replace
from typing import Any, Protocol

import gradio as gr
from gradio.components import Component

from rag.asking import Asking, Assistant
from rag.errors import QuestionError, RagError
from rag.panes import article_list, model_line
from rag.render import Renderer, ending_of, status_text
from rag.scope import read_given, read_scope
from rag.talk import Draft, Ending, Talk, from_json, to_json
from rag.texts import EXAMPLES, LANGUAGES, PAGE, Texts, esc, load_texts
from rag.types import Answer, Article, Done, Rating

ASKERS_AT_ONCE = 100
"""Questions that are open at the same time; the assistant lets them wait for each other."""

STORED_AS = "zeilentreu-talk"
SCRAMBLED_WITH = "zeilentreu"
"""Gradio scrambles what the browser keeps. This is no secret: it never leaves that browser."""

AnswerJson = Callable[[Answer], dict[str, Any]]
Update = dict[Component, Any]
Updates = AsyncGenerator[Update, None]
log = logging.getLogger(__name__)


class Opinions(Protocol):
    """Where ratings are kept. A later one with the same key replaces the earlier."""

    def add(self, rating: Rating, reason: str, answer: dict[str, Any], key: str) -> object: ...


def mount_chat(
    app: Any, assistant: Assistant, answer_json: AnswerJson, opinions: Opinions | None = None
) -> None:
    """Put the conversation into a FastAPI application, in each language at its own path."""

    def mount() -> None:
        for language, path in reversed(LANGUAGES.items()):  # "/" last, or it would hide the others
            gr.mount_gradio_app(
                app,
                Page(assistant, answer_json, opinions, language).blocks,
                path=path.rstrip("/") or path,
                footer_links=[],
                run_history=False,
                show_error=False,
                ssr_mode=False,
                pwa=False,
                mcp_server=False,
                enable_monitoring=False,
                theme=gr.themes.Base(font=["system-ui", "sans-serif"], font_mono=["monospace"]),
                css_paths=PAGE / "page.css",
                head='<script type="module" src="/scripts/page.js"></script>',
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
    """The Gradio blocks and what their events do.

    By session: ``running`` holds the one question being answered, ``shown`` the id of what was
    shown last.
    """

    def __init__(
        self,
        assistant: Assistant,
        answer_json: AnswerJson,
        opinions: Opinions | None,
        language: str,
    ) -> None:
        self._assistant = assistant
        self._answer_json = answer_json
        self._opinions = opinions
        self._language = language
        self._texts = load_texts(language)
        self._running: dict[str, _Running] = {}
        self._shown: dict[str, str] = {}
        with gr.Blocks(
            title=self._texts("title"), analytics_enabled=False, fill_width=True
        ) as self.blocks:
            self._build()
        self.blocks.queue(default_concurrency_limit=ASKERS_AT_ONCE)

    def _build(self) -> None:
        t = self._texts
        self._kept = gr.BrowserState("", storage_key=STORED_AS, secret=SCRAMBLED_WITH)
        self._given = gr.Textbox(visible=False)
        with gr.Row(elem_id="head"):
            _html(f"<h1>{esc(t('title'))}</h1><p>{esc(t('claim'))}</p>", "brand")
            _html(_other_language(t), "language")
            _html(f'<button type="button" id="export">{esc(t("export"))}</button>', "exporter")
            self._new = gr.Button(t("new_talk"), elem_id="new", size="sm")
        with gr.Row(elem_id="main"):
            with gr.Column(elem_id="chat"):
                with gr.Column(elem_id="scroll"):
                    self._log = _html("", "log")
                    self._live = _html("", "live")
                    with gr.Column(elem_id="welcome") as self._welcome:
                        _html(f"<h2>{esc(t('welcome'))}</h2><p>{esc(t('welcome_more'))}</p>")
                        self._chips = [gr.Button(visible=False) for _ in range(EXAMPLES)]
                with gr.Column(elem_id="composer"):
                    self._notice = _html("", "notice")
                    _html("", "hint")  # scripts/scope.js says here what is asked
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
                    self._model_line = _html("", "model")
                    self._status = gr.HTML(
                        "",
                        html_template='<p role="status" aria-live="polite">${value}</p>',
                        js_on_load=None,
                        elem_id="status",
                    )
            with gr.Column(elem_id="viewer"):
                self._articles = _html("", "articles")
                _html(f'<div id="reader" data-texts="{esc(json.dumps(dict(t.table)))}"></div>')
        with gr.Row(elem_id="pressed"):  # by scripts; page.css hides it
            self._redo = gr.Button(elem_id="redo")
            self._rate = gr.Button(elem_id="rate")
            self._refresh = gr.Button(elem_id="refresh")
        self._events()

    def _events(self) -> None:
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        shown: list[Any] = [self._log, self._live, self._welcome, self._notice, self._box]
        shown += [self._ask, self._stop, self._status, self._kept]
        around: list[Any] = [self._model_line, self._articles, self._notice]
        asks: dict[str, Any] = {"outputs": shown, "trigger_mode": "once", **quiet}
        # A reader may be quicker than the scripts of the page.
        chosen = "window.zeilentreu?.given() ?? given"
        asks["js"] = f"(question, given, kept) => [question, {chosen}, kept]"
        told = [self._given, self._kept]
        follow: dict[str, Any] = {
            "fn": self._go_on,
            "inputs": self._kept,
            "outputs": [self._log, self._kept],
            **quiet,
        }

        self.blocks.load(self._load, None, around, **quiet)
        self.blocks.load(self._recall, self._kept, [self._log, self._welcome], **quiet)
        self._refresh.click(self._load, None, around, **quiet)
        gr.on([self.blocks.load, self._refresh.click], self._offer, None, self._chips, **quiet)
        gr.on([self._box.submit, self._ask.click], self._answer, [self._box, *told], **asks).then(
            **follow
        )
        for chip in self._chips:
            chip.click(self._answer, [chip, *told], **asks).then(**follow)
        self._redo.click(self._answer_again, self._kept, shown, trigger_mode="once", **quiet).then(
            **follow
        )
        self._rate.click(
            self._rated,
            told,
            [self._log, self._kept, self._notice],
            js="(given, kept) => [zeilentreu.rating(), kept]",
            trigger_mode="multiple",
            **quiet,
        )
        self._stop.click(self._halt, None, None, **quiet)
        self._new.click(self._renew, None, shown, **quiet)
        self.blocks.unload(self._leave)
        if LANGUAGES[self._language] == "/":
            about = "A question, answered with the lines that prove it, as JSON."
            gr.events.api(self._answer_once, api_name="ask", api_description=about)

    def _load(self) -> list[Any]:
        """What stands around every conversation: the model, the articles."""
        found: tuple[Article, ...] = ()
        notice, line = "", ""
        try:
            found = self._assistant.articles()
            if not self._assistant.loading:  # else scripts/news.js says what
                line = model_line(self._texts, self._assistant.model, self._assistant.advice)
        except Exception as error:  # noqa: BLE001 - logged and told
            notice = self._problem(error)
        return [line, article_list(self._texts, found), notice]

    def _offer(self) -> list[Any]:
        """Questions to begin with."""
        questions: tuple[str, ...] = ()
        try:
            questions = self._assistant.openers()[:EXAMPLES]
        except Exception as error:  # noqa: BLE001 - a page is there without them
            self._log_error(error)
        chips = [gr.Button(each, visible=True) for each in questions]
        return chips + [gr.Button(visible=False)] * (EXAMPLES - len(questions))

    def _recall(self, kept: str | None) -> Update:
        """The conversation that the browser has kept, after the page was loaded again."""
        talk = from_json(kept)
        return {
            self._log: self._renderer().talk(talk),
            self._welcome: gr.Column(visible=not talk.drafts),
        }

    async def _answer(
        self, question: str, given: str | None, kept: str | None, request: gr.Request
    ) -> Updates:
        """Answer a question that was typed or chosen."""
        told, talk, among = read_given(given), from_json(kept), None
        with suppress(RagError):  # asking meets it again, and tells it
            articles = await asyncio.to_thread(self._assistant.articles)
            among = read_scope(told.get("scope")).among(articles)
        instead = bool(told.get("instead"))
        async with aclosing(self._run(Draft(question, among), talk, instead, request)) as updates:
            async for update in updates:
                yield update

    async def _answer_again(self, kept: str | None, request: gr.Request) -> Updates:
        """Answer the last question once more, in other words if there are any."""
        talk = from_json(kept)
        if not talk.drafts:
            return
        last = talk.drafts[-1]
        draft = Draft(last.question, last.among, last.variation + 1)
        async with aclosing(self._run(draft, talk, True, request)) as updates:
            async for update in updates:
                yield update

    async def _run(self, draft: Draft, talk: Talk, instead: bool, request: gr.Request) -> Updates:
        """Show a question from the first moment to its end, at the end of the conversation or
        ``instead`` of its last one; Gradio closes this when one leaves."""
        session = str(request.session_hash)
        self._forget(session)
        running = _Running(Asking(lambda: self._assistant.answer(*asked)), talk, instead)
        asked = (draft.question, running.before.turns, draft.among, draft.variation)
        self._running[session] = running
        try:
            async with aclosing(self._follow(running, draft)) as updates:
                async for update in updates:
                    if self._running.get(session) is not running:  # a new conversation has begun
                        return
                    yield update
            if self._running.get(session) is running:
                self._shown[session] = draft.id
        finally:
            running.asking.stop()
            if self._running.get(session) is running:
                del self._running[session]

    async def _follow(self, running: _Running, draft: Draft) -> Updates:
        """The updates of the page."""
        renderer = self._renderer()
        yield self._asked(renderer.turn(draft), renderer.talk(running.before))
        try:
            async with aclosing(running.asking.events()) as events:
                async for event in events:
                    draft = draft.after(event)
                    if not isinstance(event, Done):
                        status = status_text(self._texts, draft)
                        yield {self._live: renderer.turn(draft), self._status: status}
        except QuestionError as error:
            yield self._idle() | {
                self._log: renderer.talk(running.talk),
                self._live: "",
                self._notice: self._problem(error),
                self._box: draft.question,
                self._welcome: gr.Column(visible=not running.talk.drafts),
            }
            return
        except Exception as error:  # noqa: BLE001 - logged and told
            self._log_error(error)
            draft = replace(draft, ending=ending_of(error))
        if draft.answer is None and draft.ending is None:
            begun = draft.statements or draft.sentence
            draft = replace(draft, ending=Ending("stopped" if begun else "stopped_early"))
        talk = running.before.plus(draft)
        yield self._idle() | {
            self._log: self._renderer().talk(talk),
            self._live: "",
            self._status: status_text(self._texts, draft),
            self._kept: to_json(talk),
        }

    async def _go_on(self, kept: str | None, request: gr.Request) -> Any:
        """Say what may be asked next, once an answer is there, unless the reader was quicker."""
        session, talk = str(request.session_hash), from_json(kept)
        last = talk.drafts[-1] if talk.drafts else None
        if last is None or last.answer is None or last.follow_ups:
            return gr.skip()
        try:
            found = await asyncio.to_thread(self._assistant.follow_ups, last.answer, last.among)
        except Exception as error:  # noqa: BLE001 - an answer is none the worse without
            self._log_error(error)
            return gr.skip()
        if not found or self._shown.get(session) != last.id:
            return gr.skip()
        talk = talk.having(replace(last, follow_ups=found))
        return self._changed(talk, talk)

    def _rated(self, given: str | None, kept: str | None, request: gr.Request) -> Any:
        """Keep what a reader thinks of an answer."""
        talk = from_json(kept)
        told = read_given(given)
        draft, rating = talk.draft(str(told.get("id"))), told.get("rating")
        if draft is None or draft.answer is None or rating not in ("up", "down"):
            return gr.skip()
        reason = str(told.get("reason") or "").strip()
        try:
            if self._opinions:
                answer = self._answer_json(draft.answer)
                self._opinions.add(rating, reason, answer, key=draft.id)
        except Exception as error:  # noqa: BLE001 - logged and told
            return {self._notice: self._problem(error)}
        talk = talk.having(replace(draft, rating=rating, reason=reason))
        running, shown = self._running.get(str(request.session_hash)), talk
        if running:  # whose end will show and keep the conversation anew
            running.talk = talk
            shown = running.before
        return self._changed(talk, shown) | {self._notice: ""}

    def _changed(self, talk: Talk, shown: Talk) -> Update:
        """What keeps a conversation of which something was changed, and shows what is over."""
        return {self._log: self._renderer().talk(shown), self._kept: to_json(talk)}

    def _asked(self, live: str, before: str) -> Update:
        return {
            self._log: before,
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
        running = self._running.get(str(request.session_hash))
        if running:
            running.asking.stop()

    def _leave(self, request: gr.Request) -> None:
        self._forget(str(request.session_hash))

    def _forget(self, session: str) -> None:
        self._shown.pop(session, None)
        running = self._running.pop(session, None)
        if running:
            running.asking.stop()

    def _renew(self, request: gr.Request) -> Update:
        self._forget(str(request.session_hash))
        return self._idle() | {
            self._log: "",
            self._live: "",
            self._notice: "",
            self._status: "",
            self._kept: to_json(Talk()),
            self._welcome: gr.Column(visible=True),
        }

    async def _answer_once(self, question: str) -> dict[str, Any]:
        """Answer one question and return it as ``rag ask --json`` prints it."""
        try:
            answer = await Asking(lambda: self._assistant.answer(question)).answer()
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return self._answer_json(answer)

    def _renderer(self) -> Renderer:
        """Draws with the articles as they are now; without them if there are none."""
        try:
            found: Collection[Article] = self._assistant.articles()
        except RagError:
            found = ()
        return Renderer(self._texts, {each.id: each for each in found})

    def _problem(self, error: Exception) -> str:
        self._log_error(error)
        return Renderer(self._texts, {}).ending(ending_of(error))

    @staticmethod
    def _log_error(error: Exception) -> None:
        if not isinstance(error, QuestionError):
            log.error("%s", error, exc_info=None if isinstance(error, RagError) else error)


@dataclass
class _Running:
    """A question being answered, and the conversation that it goes on from or, ``instead``, whose
    last question it replaces; what is in it may be rated meanwhile."""

    asking: Asking
    talk: Talk
    instead: bool

    @property
    def before(self) -> Talk:
        return self.talk.without_last() if self.instead else self.talk


def _other_language(texts: Texts) -> str:
    (other,) = (each for each in LANGUAGES if each != texts("language"))
    name = esc(texts("other_language"))
    return f'<a href="{LANGUAGES[other]}" lang="{other}" hreflang="{other}">{name}</a>'


def _html(value: str, name: str | None = None) -> gr.HTML:
    """A piece of the page whose value is already escaped; no script of its own."""
    return gr.HTML(value, elem_id=name, js_on_load=None, apply_default_css=False)
