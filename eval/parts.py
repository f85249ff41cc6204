"""What pages are put together from: templates with the common style, tiles."""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

_FOLDER = files("eval") / "page"


def fill(template: str, **parts: str) -> str:
    """The page of a template of ``eval/page``. The parts are HTML and stand there as they are."""
    read = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in (template, "page.css")}
    return Template(read[template]).substitute(parts, style=read["page.css"])


def tile(value: str, low: str, high: str, label: str) -> str:
    """A figure to look at first, with its interval."""
    shown, small = escape(value), escape(f"{low} to {high}")
    return (
        f'<div class="tile"><b>{shown}</b><span>{escape(label)}</span><small>{small}</small></div>'
    )
