"""A question and its proven answer as Markdown, to copy and to keep."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.cited import Numbers, where
from rag.talk import Draft
from rag.texts import Texts
from rag.types import Article, Citation
from rag.viewer import link

PAGE_ADDRESS = "\ue000"
"""Stands where the address of the page belongs, which only the browser knows."""


def markdown(draft: Draft, texts: Texts, articles: Mapping[str, Article]) -> str:
    """The question as heading, each sentence with its numbers, below them the quotations.

    A quotation stands as it does in the article but for line breaks, and for marks that Markdown
    would take for its own.
    """
    answer = draft.answer
    if answer is None:
        return ""
    numbers = Numbers()
    parts = [f"## {plain(draft.question)}"]
    if answer.abstention:
        parts.append(plain(answer.text))
    else:
        said = []
        for each in answer.statements:
            support = each.verdict.support
            doubt = "" if support == "supported" else f" ({plain(texts(support))})"
            said.append(f"{plain(each.text)}{_marks(each.citations, numbers)}{doubt}")
        parts.append(" ".join(said))
    parts += map(plain, answer.untold)
    for conflict in answer.conflicts:
        text = f"{plain(conflict.text)}{_marks(conflict.citations, numbers)}"
        parts.append(f"**{plain(texts('conflict'))}.** {text}")
    parts += [
        f"\\[{number}\\] »{plain(cited.quote)}« — {plain(where(cited, texts, articles))}  \n"
        f"<{PAGE_ADDRESS}{link(cited, articles.get(cited.article))}>"
        for number, cited in numbers.all()
    ]
    return "\n\n".join(parts) + "\n"


def plain(text: str) -> str:
    """Text on one line that Markdown shows as it is."""
    return re.sub(r"([\\`*_<>\[\]#|~])", r"\\\1", " ".join(text.split()))


def _marks(citations: Sequence[Citation], numbers: Numbers) -> str:
    return "".join(f" \\[{numbers.of(each)}\\]" for each in citations)
