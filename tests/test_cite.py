"""Sentences are bound to the smallest set of places that proves them, by program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from rag.cite import at, bind
from rag.types import Article, Evidence, Metadata, Verdict
from rag.verify import Source, check

TEXT = (
    "Brückenbau\n"
    "Die Brücke kostete 4,2 Millionen Franken.\n"
    "Sie ist 310 Meter lang.\n"
    "Am Ende kostete die Brücke 4,2 Millionen Franken.\n"
)
ARTICLE = Article("bau.txt", TEXT, "", Metadata())


def piece(text: str) -> Evidence:
    start = TEXT.index(text)
    line = TEXT.count("\n", 0, start) + 1
    return Evidence("bau.txt", line, start, start + len(text), text, ("Brückenbau",), Metadata())


EVIDENCE = [piece(line) for line in TEXT.split("\n")[1:4]]


def prove(sentence: str, evidence: Sequence[Evidence], leaning: bool) -> Verdict:
    before = [e.before if leaning else "" for e in evidence]
    return check(
        sentence,
        [
            Source(e.text, "\n".join((*e.headings, b)))
            for e, b in zip(evidence, before, strict=True)
        ],
    )


def cited(sentence: str, hints: tuple[int, ...] = ()) -> list[int]:
    statement = bind(sentence, EVIDENCE, hints, prove, lambda _: ARTICLE)
    return sorted(c.first_line for c in statement.citations)


def test_the_proving_line_is_cited_whatever_the_model_marked() -> None:
    assert cited("Die Brücke ist 310 Meter lang.", hints=(0,)) == [3]


def test_every_place_that_proves_the_same_is_cited() -> None:
    assert cited("Die Brücke kostete 4,2 Millionen Franken.") == [2, 4]


def test_a_sentence_over_two_places_cites_both_and_no_more() -> None:
    lines = cited("Die Brücke ist 310 Meter lang und kostete 4,2 Millionen Franken.")
    assert len(lines) == 2
    assert 3 in lines


def test_the_sentence_that_holds_the_name_is_cited_too() -> None:
    one, two = (replace(e, headings=()) for e in EVIDENCE[:2])
    bound = bind("Die Brücke ist 310 Meter lang.", [one, two], (), prove, lambda _: ARTICLE)
    assert [c.first_line for c in bound.citations] == [2, 3]


def test_a_name_may_come_from_the_sentence_before_that_was_not_shown() -> None:
    alone = replace(EVIDENCE[1], headings=(), before=TEXT[: TEXT.index("Sie ist")])
    bound = bind("Die Brücke ist 310 Meter lang.", [alone], (), prove, lambda _: ARTICLE)
    assert [c.first_line for c in bound.citations] == [3]


def test_an_unproven_sentence_has_no_citation() -> None:
    statement = bind("Die Brücke ist 999 Meter lang.", EVIDENCE, (0,), prove, lambda _: ARTICLE)
    assert statement.verdict.support == "unsupported"
    assert statement.citations == ()


def test_without_evidence_nothing_is_proven() -> None:
    statement = bind("Die Brücke ist lang.", [], (), prove, lambda _: ARTICLE)
    assert statement.verdict.support == "unsupported"


def test_a_quote_is_reread_from_the_article() -> None:
    start = TEXT.index("310 Meter")
    citation = at(ARTICLE, start, start + len("310 Meter"))
    assert citation.quote == TEXT[citation.start : citation.end] == "310 Meter"
    assert (citation.first_line, citation.last_line) == (3, 3)
