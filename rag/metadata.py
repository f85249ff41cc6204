"""Author, date and publisher: where they stand, and questions about them answered by rule."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Literal

from rag.german import stem, stop_stems, words
from rag.lines import line_of
from rag.types import Article, Chunk, Metadata, Place

Field = Literal["author", "date", "publisher", "title"]
FIELDS: tuple[Field, ...] = ("author", "date", "publisher", "title")

_ABOUT = {
    "author": "Autor, Verfasser des Artikels, geschrieben von",
    "date": "Datum des Artikels, veröffentlicht, erschienen am",
    "publisher": "Verlag, Medium, Seite des Artikels, erschienen bei",
    "title": "Titel, Überschrift des Artikels",
}
_ARTICLE = r"(?:artikels?|textes|text|beitrags?|berichts?|analyse|meldung|article|story|quelle)"
_EARLIER = r"zuerst|früher|älter|älteste|earlier|older|first"
_LATER = r"später|zuletzt|neuer|neueste|jünger|jüngste|aktueller|later|newer|last"
_ASKS: tuple[tuple[Field, re.Pattern[str]], ...] = (
    ("author", re.compile(
        rf"\b(?:autor(?:in|en)?|verfasser(?:in)?|author|journalist(?:in)?)\b.{{0,60}}\b{_ARTICLE}\b"
        rf"|\b(?:wer|who|von wem)\b.{{0,80}}\b{_ARTICLE}\b.{{0,80}}"
        rf"\b(?:geschrieben|verfasst|schrieb|verfasste|stammt|ist|wrote|written)\b"
        rf"|\bvon wem (?:stammt|ist)\b.{{0,30}}\b{_ARTICLE}\b"
        rf"|\b(?:wer|who)\b.{{0,20}}\b(?:schrieb|verfasste|wrote|geschrieben|verfasst)\b.{{0,60}}"
        rf"\b{_ARTICLE}\b", re.IGNORECASE)),
    ("date", re.compile(
        rf"\b(?:wann|when|von wann|welchem (?:tag|datum))\b.{{0,80}}\b{_ARTICLE}\b.{{0,80}}"
        rf"\b(?:erschienen|veröffentlicht|geschrieben|verfasst|publiziert|published|written|ist)\b"
        rf"|\bwann\b.{{0,20}}\b(?:erschien|wurde)\b.{{0,60}}\b{_ARTICLE}\b"
        rf"|\b(?:datum|erscheinungsdatum|veröffentlichungsdatum)\b.{{0,40}}\b{_ARTICLE}\b"
        rf"|\bvon wann\b.{{0,30}}\b{_ARTICLE}\b"
        rf"|\b(?:welche[rs]?|which)\b.{{0,30}}\b{_ARTICLE}\b.{{0,60}}\b(?:{_EARLIER}|{_LATER})\b"
        rf"|\bwie (?:alt|aktuell)\b.{{0,30}}\b{_ARTICLE}\b", re.IGNORECASE)),
    ("publisher", re.compile(
        r"\b(?:wo|bei wem|where|(?:in|auf) welche[rm] "
        r"(?:zeitung|medium|magazin|verlag|zeitschrift|portal|seite|website))\b"
        rf".{{0,80}}\b{_ARTICLE}\b.{{0,80}}\b(?:erschienen|veröffentlicht|publiziert|published)\b"
        rf"|\bwo (?:erschien|wurde)\b.{{0,60}}\b{_ARTICLE}\b"
        rf"|\b(?:herausgeber|verlag|medium|publisher)\b.{{0,60}}\b{_ARTICLE}\b"
        rf"|\bwer\b.{{0,60}}\b{_ARTICLE}\b.{{0,40}}\b(?:veröffentlicht|publiziert|herausgegeben)\b",
        re.IGNORECASE)),
    ("title", re.compile(
        rf"\b(?:wie (?:heißt|heisst|lautet)|titel|überschrift|title)\b.{{0,60}}\b{_ARTICLE}\b",
        re.IGNORECASE)),
)  # fmt: skip
_CHANGED = re.compile(r"aktualisier|update|überarbeitet|geändert|korrigiert|uhr\b", re.IGNORECASE)
_QUOTED = re.compile(r"„[^“”\n]*[“”]|\"[^\"\n]*\"|»[^«\n]*«|“[^”\n]*”")
_MONTHS = (
    "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
)


def merge(given: Metadata, read: Metadata) -> Metadata:
    """What is given wins over what was read from the text."""
    return Metadata(
        title=given.title or read.title,
        author=given.author or read.author,
        publisher=given.publisher or read.publisher,
        date=given.date or read.date,
    )


def metadata_chunks(
    article: Article, places: Mapping[str, Place], texts: Mapping[str, str]
) -> tuple[Chunk, ...]:
    """Small chunks over the places that name author, date, publisher and title.

    Fields on the same line of the same source share a chunk. Their headings say in words what the
    bare text ("Anna Muster 10.02.2025") means, so that a question in words finds it.
    """
    lines: dict[tuple[str, int], list[tuple[Field, Place]]] = {}
    for field in FIELDS:
        place = places.get(field)
        if place:
            line = line_of(texts[place.article], place.start)
            lines.setdefault((place.article, line), []).append((field, place))
    m = article.metadata
    day = german_date(m.date) if m.date else None
    known = ", ".join(v for v in (m.author, m.publisher, day) if v)
    return tuple(
        Chunk(
            source,
            line,
            line,
            min(p.start for _, p in found),
            max(p.end for _, p in found),
            (article.title, f"{'; '.join(_ABOUT[f] for f, _ in found)} ({known})"),
        )
        for (source, line), found in sorted(lines.items())
    )


def asked_field(question: str) -> Field | None:
    """The field a question about an article asks for, None if it asks for something else."""
    question = _QUOTED.sub("„…“", question[:500])  # a title may be long, and say anything
    if _CHANGED.search(question):
        return None
    for field, pattern in _ASKS:
        if pattern.search(question):
            return field
    return None


def in_order(question: str, articles: Sequence[Article]) -> list[Article]:
    """The articles as they came out, or the latest first if the question asks for that."""
    dated = sorted((a for a in articles if a.metadata.date), key=lambda a: str(a.metadata.date))
    return dated[::-1] if re.search(rf"\b(?:{_LATER})\b", question, re.IGNORECASE) else dated


def meant(question: str, articles: Sequence[Article]) -> list[Article]:
    """The articles a question means: those it names best by publisher, author or title, or all."""
    asked = {stem(w.text) for w in words(question)} - stop_stems()

    def named(article: Article) -> float:
        m = article.metadata
        score = 0.0
        for text, weight in (
            (m.publisher, 3.0),
            (m.author, 3.0),
            (article.id.partition("-")[0], 3.0),  # "wiwo-ki-gipfel.txt" is called "WiWo" too
            (m.title, 1.0),
        ):
            own = {stem(w.text) for w in words(text or "")} - stop_stems()
            if own:
                score += weight * len(own & asked) / len(own)
        return score

    scored = [(named(a), a) for a in articles]
    best = max((s for s, _ in scored), default=0.0)
    return [a for s, a in scored if s >= best - 0.25] if best > 0.3 else [a for _, a in scored]


def sentence(article: Article, field: Field) -> str | None:
    """One German sentence that states the field, None if it is not known."""
    m = article.metadata
    title = f"„{m.title.replace('„', '‚').replace('“', '‘')}“" if m.title else article.id
    if field == "author" and m.author:
        return f"Den Artikel {title} hat {m.author} geschrieben."
    if field == "date" and m.date:
        return f"Der Artikel {title} ist am {german_date(m.date)} erschienen."
    if field == "publisher" and m.publisher:
        return f"Der Artikel {title} ist bei {m.publisher} erschienen."
    if field == "title" and m.title:
        return f"Der Artikel heißt {title}."
    return None


def german_date(day: date) -> str:
    """ "6. Februar 2025" """
    return f"{day.day}. {_MONTHS[day.month - 1]} {day.year}"


def with_metadata(article: Article, metadata: Metadata) -> Article:
    return replace(article, metadata=metadata)
