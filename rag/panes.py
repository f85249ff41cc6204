"""Values to HTML for what stands around the conversation: the model's line, all articles."""

from __future__ import annotations

from collections.abc import Sequence

from rag.texts import Texts, esc
from rag.types import Article
from rag.viewer import article_facts, href_of


def model_line(texts: Texts, model: str, advice: str | None) -> str:
    """Which model answers, and the command that gets a better one."""
    if model == "extractive":
        line = esc(texts("model_extractive"))
    else:
        name = f"<b>{esc(model.split(':', 1)[-1])}</b>"
        line = esc(texts("model_line")).replace("{model}", name)
    if advice:
        line += f' <span class="advice">{esc(texts("advice"))} <code>{esc(advice)}</code></span>'
    return line


def article_list(texts: Texts, articles: Sequence[Article]) -> str:
    """What the viewer shows before an article is opened: all articles, to find, read and choose."""
    more = texts("articles_more" if articles else "articles_none")
    head = f'<h2>{esc(texts("articles"))}</h2><p class="aside">{esc(more)}</p>'
    choice = len(articles) > 1
    items = "".join(_item(texts, each, choice) for each in articles)
    return f"{head}{_choice(texts, articles) if choice else ''}<ul>{items}</ul>"


def _item(texts: Texts, article: Article, choice: bool) -> str:
    known = article.metadata
    facts = esc(article_facts(article, texts))
    box = ""
    if choice:
        label = esc(texts("only_this", title=article.title))
        box = f'<input type="checkbox" value="{esc(article.id)}" aria-label="{label}">'
    return (
        f'<li data-publisher="{esc(known.publisher or "")}" '
        f'data-date="{known.date.isoformat() if known.date else ""}">{box}'
        f'<a class="passage" href="{href_of(article.id)}"><b>{esc(article.title)}</b>'
        f'<span class="where">{facts}</span></a></li>'
    )


def _choice(texts: Texts, articles: Sequence[Article]) -> str:
    """The boxes to find articles and choose those that are asked; scripts/scope.js reads them."""
    find = (
        f'<label class="find">{esc(texts("find"))} <input type="search" id="find" '
        'autocomplete="off"></label>'
    )
    names = sorted({a.metadata.publisher for a in articles if a.metadata.publisher})
    options = "".join(f'<option value="{esc(each)}">{esc(each)}</option>' for each in names)
    publisher = (
        f'<label>{esc(texts("publisher"))} <select id="publisher">'
        f'<option value="">{esc(texts("publisher_all"))}</option>{options}</select></label>'
        if names
        else ""
    )
    days = "".join(
        f'<label>{esc(texts(key))} <input type="date" id="{key}"></label>'
        for key in ("since", "until")
        if any(a.metadata.date for a in articles)
    )
    rows = f'<div class="choice">{publisher}{days}</div>' if publisher or days else ""
    return (
        f'<div id="scope">{find}<fieldset><legend>{esc(texts("choose"))}</legend>{rows}'
        '</fieldset><p id="found" role="status"></p></div>'
    )
