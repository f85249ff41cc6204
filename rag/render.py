"""Values to HTML for the conversation. Pure: no server, no files.

Everything that comes from an article, a question, a model or a file name goes through ``esc`` or
``quote``, once, here or in ``viewer``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from rag.cited import Numbers, seconds, where
from rag.errors import QuestionError, RagError
from rag.markdown import markdown
from rag.talk import Draft, Ending, Talk
from rag.texts import Texts, esc
from rag.types import (
    Answer,
    Article,
    Chunk,
    Citation,
    Conflict,
    Loading,
    Passage,
    Rating,
    Statement,
)
from rag.viewer import href

Place = Citation | Chunk

STOPPED = ("stopped", "stopped_early")  # endings that are no errors, by their texts
LIVE_PASSAGES = 4
NEAREST_PASSAGES = 3


def status_text(texts: Texts, draft: Draft) -> str:
    """What is going on, in a few words for a screen reader."""
    if draft.ending:
        return esc(texts(draft.ending.key)) if draft.ending.key in STOPPED else ""
    if draft.answer is None:
        if draft.stage in ("searching", "queued"):
            return esc(texts(draft.stage, ahead=draft.ahead))
        if draft.stage == "loading":
            return esc(loading_text(texts, draft.loading))
        writes = draft.stage in ("writing", "checking")
        return esc(texts("status_writing" if writes else "status_found"))
    if draft.answer.abstention:
        return esc(texts("finished_abstained"))
    return esc(texts("finished", seconds=seconds(texts, draft.answer)))


def loading_text(texts: Texts, loading: Loading | None) -> str:
    """What is being loaded, and how far it is."""
    if loading is None:
        return texts("loading")
    text = texts(f"{'download' if loading.download else 'loading'}_{loading.what}")
    return text if loading.percent is None else f"{text} {loading.percent} %"


def ending_of(error: Exception) -> Ending:
    """What the page says about an error: a key of its texts, and what mends it."""
    if isinstance(error, QuestionError):
        return Ending(f"question_{error.reason}")
    if isinstance(error, RagError):
        return Ending(type(error).__name__, error.mend)
    return Ending("unexpected")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Draws with the page's texts; ``articles`` by their ids, as they are now."""

    texts: Texts
    articles: Mapping[str, Article]

    def talk(self, talk: Talk) -> str:
        """The whole conversation; only its end can be rewritten or asked on."""
        last = len(talk.drafts) - 1
        return "".join(self.turn(each, number == last) for number, each in enumerate(talk.drafts))

    def turn(self, draft: Draft, last: bool = False) -> str:
        """One question with all there is to show for it."""
        asked = f'<h2 class="asked"><span class="sr">{esc(self.texts("you_asked"))}: </span>'
        actions = self._actions(draft, last) if draft.answer or draft.ending else ""
        body = self._answer(draft.answer) + actions if draft.answer else self._draft(draft, actions)
        copied = esc(markdown(draft, self.texts, self.articles)) if draft.answer else ""
        return (
            f'<article class="turn" data-id="{esc(draft.id)}" data-markdown="{copied}">'
            f"{asked}{esc(draft.question)}</h2>{self._among(draft.among)}{body}</article>"
        )

    def _among(self, among: Sequence[str] | None) -> str:
        if among is None:
            return ""
        titles = ", ".join(f"„{self._title(each)}“" for each in among)
        key = {0: "asked_none", 1: "asked_among", 2: "asked_among"}.get(
            len(among), "asked_among_many"
        )
        return f'<p class="aside">{esc(self.texts(key, articles=titles, count=len(among)))}</p>'

    def _draft(self, draft: Draft, actions: str) -> str:
        numbers = Numbers()
        parts = [self._statement(each, numbers) for each in draft.statements]
        if draft.sentence:
            label = self.texts("cut_off" if draft.ending else "unchecked_draft")
            parts.append(
                f'<p class="statement draft"><span>{esc(draft.sentence)}</span> '
                f'<span class="badge">{esc(label)}</span></p>'
            )
        passages = ""
        if draft.passages:
            heading = f"<h3>{esc(self.texts('passages_live'))}</h3>"
            best = draft.passages[:LIVE_PASSAGES]
            passages = f'<section class="passages">{heading}{self._passages(best)}</section>'
        written = f'<div class="answer">{"".join(parts)}</div>' if parts else ""
        end = self.ending(draft.ending) if draft.ending else self._progress(draft)
        return written + end + actions + passages

    def _progress(self, draft: Draft) -> str:
        label = self.texts(draft.stage, percent=draft.percent, ahead=draft.ahead)
        if draft.stage == "loading":
            label = loading_text(self.texts, draft.loading)
        full = draft.percent if draft.stage == "reading" else 0
        bar = f'<span class="bar"><span style="width:{full}%"></span></span>' if full else ""
        clock = '<span class="clock"></span>'
        return f'<p class="progress" aria-hidden="true"><i></i>{esc(label)}{bar}{clock}</p>'

    def _answer(self, answer: Answer) -> str:
        said = ""
        if answer.rewritten_question:
            text = self.texts("understood_as", question=answer.rewritten_question)
            said = f'<p class="aside">{esc(text)}</p>'
        numbers = Numbers()
        if answer.abstention:
            said += f'<div class="answer abstained"><p>{esc(answer.text)}</p></div>'
            if answer.abstention.reason != "small_talk":  # no sources under a greeting
                said += self._nearest(answer.passages)
        else:
            statements = "".join(self._statement(each, numbers) for each in answer.statements)
            said += f'<div class="answer">{statements}</div>'
            said += "".join(f'<p class="aside">{esc(each)}</p>' for each in answer.untold)
            said += "".join(self._conflict(each, numbers) for each in answer.conflicts)
            said += self._sources(numbers) + self._searched(answer.passages)
        asked = answer.usage.prompt or answer.model == "extractive"
        model = answer.model.split(":", 1)[-1] if asked else self.texts("by_rule")
        foot = self.texts("answered_by", model=model, seconds=seconds(self.texts, answer))
        return f'{said}<p class="foot">{esc(foot)}</p>'

    def _statement(self, statement: Statement, numbers: Numbers) -> str:
        support = statement.verdict.support
        badge = ""
        if support != "supported":
            why = "; ".join(statement.verdict.reasons) or self.texts(f"{support}_more")
            label = f"{self.texts(support)}: {why}"
            badge = f' <span class="badge warn">{esc(label)}</span>'
        links = "".join(self._cite(each, numbers) for each in statement.citations)
        return (
            f'<p class="statement {support}"><span class="said">{esc(statement.text)}</span>'
            f'<span class="cites">{links}</span>{badge}</p>'
        )

    def _cite(self, cited: Citation, numbers: Numbers) -> str:
        number = numbers.of(cited)
        place = where(cited, self.texts, self.articles)
        label = self.texts("cite_label", number=number, place=place)
        return (
            f' <a class="cite" href="{self._href(cited)}" data-quote="{esc(cited.quote)}" '
            f'data-place="{esc(place)}" aria-label="{esc(label)}">[{number}]</a>'
        )

    def _conflict(self, conflict: Conflict, numbers: Numbers) -> str:
        sides = "".join(
            f"<li>»{esc(side.quote)}«{self._cite(side, numbers)}</li>"
            for side in conflict.citations
        )
        heading = f"<h3>{esc(self.texts('conflict'))}</h3>"
        said = f"<p>{esc(conflict.text)}</p>"
        return f'<section class="conflict">{heading}{said}<ul>{sides}</ul></section>'

    def _sources(self, numbers: Numbers) -> str:
        items = "".join(
            f'<li><a class="source" href="{self._href(cited)}" data-quote="{esc(cited.quote)}">'
            f"{self._where(cited, f'[{number}]')}"
            f'<q class="quote">{esc(cited.quote)}</q></a></li>'
            for number, cited in numbers.all()
        )
        if not items:
            return ""
        heading = esc(self.texts("sources"))
        return f'<section class="sources"><h3>{heading}</h3><ul>{items}</ul></section>'

    def _searched(self, passages: Sequence[Passage]) -> str:
        if not passages:
            return ""
        heading = esc(self.texts("passages_done", count=len(passages)))
        inner = self._passages(passages)
        return f'<details class="passages"><summary>{heading}</summary>{inner}</details>'

    def _nearest(self, passages: Sequence[Passage]) -> str:
        if not passages:
            return ""
        heading = esc(self.texts("passages_nearest"))
        inner = self._passages(passages[:NEAREST_PASSAGES])
        return f'<section class="passages"><h3>{heading}</h3>{inner}</section>'

    def _passages(self, passages: Iterable[Passage]) -> str:
        items = "".join(
            f'<li><a class="passage" href="{self._href(each.chunk)}">'
            f'{self._where(each.chunk)}<span class="text">{esc(each.text.strip())}</span></a></li>'
            for each in passages
        )
        return f"<ol>{items}</ol>"

    def _where(self, place: Place, number: str = "") -> str:
        before = f'<span class="number">{number}</span> ' if number else ""
        lines = esc(self.texts.lines(place.first_line, place.last_line))
        return (
            f'<span class="where">{before}<span class="title">{esc(self._title(place.article))}'
            f'</span> <span class="at">{lines}</span></span>'
        )

    def _actions(self, draft: Draft, last: bool) -> str:
        """What can be done with an answer; scripts/answers.js knows how."""
        parts = []
        if draft.answer:
            parts.append(self._button("copy"))
        if last:
            parts += [self._button("redo"), self._button("edit")]
        if draft.answer:
            parts += [
                self._button(each, f' aria-pressed="{str(draft.rating == each).lower()}"')
                for each in get_args(Rating)
            ]
        label = esc(self.texts("actions"))
        row = f'<div class="actions" role="group" aria-label="{label}">{"".join(parts)}</div>'
        return row + self._rated(draft) + (self._follow_ups(draft.follow_ups) if last else "")

    def _button(self, act: str, more: str = "") -> str:
        text = esc(self.texts(act))
        return f'<button type="button" class="act {act}" data-act="{act}"{more}>{text}</button>'

    def _rated(self, draft: Draft) -> str:
        if draft.rating is None:
            return ""
        if draft.reason:
            return f'<p class="note" role="status">{esc(self.texts("reason_kept"))}</p>'
        label, send = esc(self.texts("reason")), esc(self.texts("send"))
        return (
            f'<p class="note" role="status">{esc(self.texts("rated"))}</p>'
            f'<form class="reason"><label>{label} <input type="text" name="reason" '
            f'maxlength="500" autocomplete="off"></label>'
            f'<button type="submit" class="act">{send}</button></form>'
        )

    def _follow_ups(self, questions: Sequence[str]) -> str:
        if not questions:
            return ""
        items = "".join(
            f'<li><button type="button" class="act ask" data-act="ask" lang="de">{esc(each)}'
            "</button></li>"
            for each in questions
        )
        heading = esc(self.texts("follow_ups"))
        return f'<section class="follow-ups"><h3>{heading}</h3><ul>{items}</ul></section>'

    def ending(self, ending: Ending) -> str:
        """Why there is no whole answer: one sentence, and never more of an error than its mend."""
        if ending.key in STOPPED:
            return f'<p class="note">{esc(self.texts(ending.key))}</p>'
        errors, mend = self.texts.errors, ""
        if ending.mend:
            mend = f" {esc(errors['mend'])} <code>{esc(ending.mend)}</code>"
        text = errors.get(ending.key, errors["RagError"])
        return f'<p class="problem" role="alert">{esc(text)}{mend}</p>'

    def _href(self, place: Place) -> str:
        return href(place, self.articles.get(place.article))

    def _title(self, article: str) -> str:
        known = self.articles.get(article)
        return known.title if known else article
