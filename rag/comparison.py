"""Questions that say whose word is wanted: "Was schreibt X, was schreibt Y?", "laut X"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.german import words
from rag.sought import OPEN
from rag.types import Article

MOST = 3
"""Sources heard for one question."""
_SHORT = 3  # letters; a shorter part of a publisher's name names nobody
_TEXTS = r"(?:artikeln?|quellen|texten?|berichten?|beiträgen?|beiträge|medien|zeitungen)"
_SAYS = (
    r"(?:sag|schreib|bericht|nenn|stehen|steht|meld|heißt|meint|meinen|behaupte|geben|gibt)\w{0,4}"
)
_EACH = re.compile(
    rf"\b(?:worin|wie|inwiefern|inwieweit|wo) (?:unterscheiden|widersprechen) sich\b.{{0,40}}"
    rf"\b{_TEXTS}"
    rf"|\b{_SAYS}\b.{{0,30}}\b(?:die )?(?:beiden|beide|zwei) {_TEXTS}"
    rf"|\b(?:beide[rn]?|zwei) {_TEXTS}\b.{{0,60}}\b(?:jeweils|{_SAYS})\b",
    re.IGNORECASE,
)
_DIFFER = rf"\b\w+ (?:unterscheiden|widersprechen) sich\b.{{0,40}}?\b{_TEXTS}\b"
_ABOUT = r"(?: (?:über|zum|zur|zu|beim|bei|in|hinsichtlich|bezüglich|von|vom)\b)?"
_NEVER = "(?!)"  # matches nothing
_THE = r"(?:(?:der|die|das|dem|den|des|the) )?"
_TEXT = r"(?:artikel|text|bericht|beitrag|article|report)"
_OWN = rf"(?:{{name}}|{{called}})[- ]{_TEXT}(?:e?[ns])?(?!\w)"
# Whose word is wanted, and what stays of it when it is known whose.
_TOLD_BY = (
    (rf",? ?\b(?:laut|gemäß|according to) {_THE}(?:{_OWN}|{{name}})(?![\w-])", ""),
    (rf",? ?\b{_THE}(?:{_OWN}|{{name}}) zufolge\b", ""),
    (rf"\b{_OWN}", "Artikel"),
    (rf"\b({_TEXT}(?:e?s)?) (?:von|vom|der|des|in|im|auf|by|of) {_THE}{{name}}(?![\w-])", r"\1"),
    (rf"\b(schreibt|berichtet|meldet|nennt) {_THE}{{name}}(?![\w-])", r"\1 der Artikel"),
    (
        rf"\b{_THE}{{name}}( (?:[^?.]{{{{0,60}}}} )?(?:schreibt|berichtet|meldet))\b",
        r"der Artikel\1",
    ),
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """``matter``: what the question is about, without who is to say it. ``sources``: what they are
    called, and the ids of their articles; none if the question means several but names none."""

    matter: str
    sources: Mapping[str, frozenset[str]]


def comparison(question: str, articles: Sequence[Article]) -> Comparison | None:
    """How to hear the sources one by one, None if the question does not ask for that."""
    asked = {w.text.casefold() for w in words(question) if w.text[0].isupper()}
    named = by_source(a for a in articles if any(n.casefold() in asked for n in _called(a)))
    if len(named) < 2 and not _EACH.search(question):
        return None
    return Comparison(_matter(question, articles), named if len(named) > 1 else {})


def told_by(question: str, articles: Sequence[Article]) -> tuple[str, frozenset[str] | None]:
    """The question without the one source whose word is wanted ("laut dem Boten ..."), and the ids
    of its articles; as it is and None if any will do.

    What another source says must not be passed off as that one's.
    """
    matters = {a: _without_source(question, a) for a in articles}
    meant = by_source(a for a, matter in matters.items() if matter != question)
    if len(meant) != 1:
        return question, None
    (ids,) = meant.values()
    return next(matter for a, matter in matters.items() if a.id in ids), ids


def by_source(articles: Iterable[Article]) -> dict[str, frozenset[str]]:
    """The ids of the articles of each source, by what it is called, MOST sources at most."""
    found: dict[str, frozenset[str]] = {}
    for article in articles:
        name = label(article)
        found[name] = found.get(name, frozenset()) | {article.id}
    return dict(list(found.items())[:MOST])


def label(article: Article) -> str:
    """What the source of an article is called in an answer."""
    m = article.metadata
    return m.publisher or m.author or article.id


def _without_source(question: str, article: Article) -> str:
    m, file = article.metadata, _file_name(article)
    short = (m.publisher or "").partition(".")[0]  # "Bote" of "Bote.de"
    named = [n for n in (m.publisher, m.author, short) if n and len(n) > 1]
    if not any(n and n.casefold() in question.casefold() for n in (*named, file)):
        return question  # six patterns for each of a thousand articles would take seconds
    name = "|".join(map(re.escape, named)) or _NEVER
    matter = question
    for pattern, instead in _TOLD_BY:
        told = pattern.format(name=f"(?:{name})", called=re.escape(file) or _NEVER)
        matter = re.sub(told, instead, matter, flags=re.IGNORECASE)
    return question if matter == question else matter.lstrip(" ,")


def _called(article: Article) -> list[str]:
    """The words an article is called by: of its publisher, its author, its file."""
    m = article.metadata
    own = [w.text for text in (m.publisher, m.author) if text for w in words(text)]
    own.append(_file_name(article))
    return [name for name in own if len(name) > _SHORT]


def _file_name(article: Article) -> str:
    """The first word of the name of its file: "bote" of "bote-bruecke.txt"."""
    return article.id.partition(".")[0].partition("-")[0]


def _matter(question: str, articles: Sequence[Article]) -> str:
    """The question without "was schreibt der Bote, was der Kurier zu" and the like."""
    called = "|".join(re.escape(name) for a in articles for name in _called(a))
    who = (
        rf"(?:(?:die|der|das) )?(?:(?:beiden|beide|zwei) )?(?:{_TEXTS}\b|[\w-]*(?:{called})[\w.]*)"
    )
    aside = rf"[,;:]? *(?:und )?(?:was|wie) (?:{_SAYS} )?{who}{_ABOUT}|{_DIFFER}{_ABOUT}"
    rest = re.sub(aside, " ", question, flags=re.IGNORECASE).strip(" ?,:;–-")
    rest = " ".join(rest.split())
    if not rest or rest == question.strip(" ?"):
        return question
    return f"{rest}?" if OPEN.search(rest) else f"Was ist mit {rest}?"
