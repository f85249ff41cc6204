"""Values to HTML for the chat page. Pure: no server, no files.

Everything that comes from an article, a question, a model or a file name goes through ``esc`` or
``quote``, once, here or in ``viewer``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.errors import QuestionError, RagError
from rag.talk import Draft
from rag.texts import Texts, esc
from rag.types import Answer, Article, Chunk, Citation, Conflict, Passage, Statement
from rag.viewer import article_facts, href, href_of

LIVE_PASSAGES = 4
NEAREST_PASSAGES = 3


def status_text(texts: Texts, draft: Draft) -> str:
    """What is going on, in a few words for a screen reader."""
    if draft.answer is None:
        keys = {"searching": "searching", "writing": "status_writing"}
        return esc(texts(keys.get(draft.stage, "status_found")))
    if draft.answer.abstention:
        return esc(texts("finished_abstained"))
    return esc(texts("finished", seconds=_seconds(draft.answer.times.total)))


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f}".replace(".", ",")


@dataclass(frozen=True, slots=True)
class Renderer:
    """Draws with the page's texts; ``titles`` gives an article's title by its id."""

    texts: Texts
    titles: Mapping[str, str]

    def turn(self, draft: Draft, note: str = "") -> str:
        """One question with all there is to show for it; ``note`` says why its draft has ended."""
        asked = f'<h2 class="asked"><span class="sr">{esc(self.texts("you_asked"))}: </span>'
        body = self._answer(draft.answer) if draft.answer else self._draft(draft, note)
        return f'<article class="turn">{asked}{esc(draft.question)}</h2>{body}</article>'

    def _draft(self, draft: Draft, note: str) -> str:
        numbers = _Numbers()
        parts = [self._statement(each, numbers) for each in draft.statements]
        if draft.sentence:
            label = self.texts("cut_off" if note else "unchecked_draft")
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
        return written + (note or self._progress(draft)) + passages

    def _progress(self, draft: Draft) -> str:
        label = self.texts(draft.stage, percent=draft.percent, ahead=draft.ahead)
        full = {"searching": None, "found": None, "reading": draft.percent}.get(draft.stage)
        bar = f'<span class="bar"><span style="width:{full}%"></span></span>' if full else ""
        return f'<p class="progress" aria-hidden="true"><i></i>{esc(label)}{bar}</p>'

    def _answer(self, answer: Answer) -> str:
        seconds = _seconds(answer.times.total)
        foot = self.texts("answered_by", model=model_name(answer.model), seconds=seconds)
        said = ""
        if answer.rewritten_question:
            text = self.texts("understood_as", question=answer.rewritten_question)
            said = f'<p class="aside">{esc(text)}</p>'
        numbers = _Numbers()
        if answer.abstention:
            said += f'<div class="answer abstained"><p>{esc(answer.text)}</p></div>'
            if answer.abstention.reason != "small_talk":  # no sources under a greeting
                said += self._nearest(answer.passages)
        else:
            statements = "".join(self._statement(each, numbers) for each in answer.statements)
            said += f'<div class="answer">{statements}</div>'
            said += "".join(self._conflict(each, numbers) for each in answer.conflicts)
            said += self._sources(numbers) + self._searched(answer.passages)
        return f'{said}<p class="foot">{esc(foot)}</p>'

    def _statement(self, statement: Statement, numbers: _Numbers) -> str:
        support = statement.verdict.support
        badge = ""
        if support != "supported":
            label, more = self.texts(support), self.texts(f"{support}_more")
            badge = f' <span class="badge warn" title="{esc(more)}">{esc(label)}</span>'
        links = "".join(self._cite(each, numbers) for each in statement.citations)
        return (
            f'<p class="statement {support}"><span class="said">{esc(statement.text)}</span>'
            f'<span class="cites">{links}</span>{badge}</p>'
        )

    def _cite(self, cited: Citation, numbers: _Numbers) -> str:
        number = numbers.of(cited)
        place = self._lines(cited.first_line, cited.last_line)
        title = self._title(cited.article)
        tip = self.texts("cite_title", article=title, lines=place, quote=cited.quote)
        label = self.texts("cite_label", number=number, article=title, lines=place)
        return (
            f' <a class="cite" href="{href(cited)}" data-quote="{esc(cited.quote)}" '
            f'title="{esc(tip)}" aria-label="{esc(label)}">[{number}]</a>'
        )

    def _conflict(self, conflict: Conflict, numbers: _Numbers) -> str:
        sides = "".join(
            f"<li>„{esc(side.quote)}“{self._cite(side, numbers)}</li>"
            for side in conflict.citations
        )
        heading = f"<h3>{esc(self.texts('conflict'))}</h3>"
        said = f"<p>{esc(conflict.text)}</p>"
        return f'<section class="conflict">{heading}{said}<ul>{sides}</ul></section>'

    def _sources(self, numbers: _Numbers) -> str:
        items = "".join(
            f'<li><a class="source" href="{href(cited)}" data-quote="{esc(cited.quote)}">'
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
            f'<li><a class="passage" href="{href(each.chunk)}">'
            f'{self._where(each.chunk)}<span class="text">{esc(each.text.strip())}</span></a></li>'
            for each in passages
        )
        return f"<ol>{items}</ol>"

    def _where(self, place: Citation | Chunk, number: str = "") -> str:
        title = esc(self._title(place.article))
        lines = esc(self._lines(place.first_line, place.last_line))
        before = f'<span class="number">{number}</span> ' if number else ""
        return (
            f'<span class="where">{before}<span class="title">{title}</span> '
            f'<span class="at">{lines}</span></span>'
        )

    def article_list(self, articles: Sequence[Article]) -> str:
        """What the viewer shows before an article is opened."""
        items = ""
        for each in articles:
            facts = " · ".join(filter(None, article_facts(each)))
            items += (
                f'<li><a class="passage" href="{href_of(each.id)}">'
                f'<b>{esc(self._title(each.id))}</b><span class="where">{esc(facts)}</span>'
                "</a></li>"
            )
        more = self.texts("articles_more" if articles else "articles_none")
        heading = esc(self.texts("articles"))
        return f'<h2>{heading}</h2><p class="aside">{esc(more)}</p><ul>{items}</ul>'

    def model_line(self, model: str, advice: str | None) -> str:
        """Which model answers, and how to get a better one."""
        if model == "extractive":
            line = esc(self.texts("model_extractive"))
        else:
            name = f"<b>{esc(model_name(model))}</b>"
            line = esc(self.texts("model_line")).replace("{model}", name)
        if advice:
            tip = f'<span lang="en">{esc(advice)}</span>'
            line += f' <span class="advice">{esc(self.texts("advice"))} {tip}</span>'
        return line

    def problem(self, error: Exception) -> str:
        """One sentence for an error, never more of it than its ``mend`` command."""
        mend = ""
        if isinstance(error, QuestionError):
            fallback = self.texts.errors["RagError"]
            text = self.texts.errors.get(f"question_{error.reason}", fallback)
        elif isinstance(error, RagError):
            names = (kind.__name__ for kind in type(error).__mro__)
            text = next(self.texts.errors[name] for name in names if name in self.texts.errors)
            if error.mend:
                label = esc(self.texts.errors["mend"])
                mend = f" {label} <code>{esc(error.mend)}</code>"
        else:
            text = self.texts.errors["unexpected"]
        return f'<p class="problem" role="alert">{esc(text)}{mend}</p>'

    def note(self, key: str) -> str:
        return f'<p class="note">{esc(self.texts(key))}</p>'

    def _title(self, article: str) -> str:
        return self.titles.get(article) or article

    def _lines(self, first: int, last: int) -> str:
        return self.texts("line" if first == last else "lines", first=first, last=last)


def model_name(model: str) -> str:
    """A model's name without the backend before it."""
    return model.split(":", 1)[-1]


class _Numbers:
    """[1], [2], ... for the places of one answer; the same place keeps its number."""

    def __init__(self) -> None:
        self._places: dict[Citation, int] = {}

    def of(self, cited: Citation) -> int:
        return self._places.setdefault(cited, len(self._places) + 1)

    def all(self) -> list[tuple[int, Citation]]:
        return [(number, cited) for cited, number in self._places.items()]
