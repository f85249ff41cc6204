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


def prove(sentence: str, place: Evidence, explaining: Sequence[Evidence], leaning: bool) -> Verdict:
    above = (*place.headings, *(e.text for e in explaining), place.before if leaning else "")
    return check(sentence, Source(place.text, "\n".join(above)))


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


WORKS = (
    "Der Kai ist 90 Meter lang. Er wurde 2019 gebaut. Daneben steht ein Turm, der 70 Meter hoch "
    "ist.\n"
    "Ein Teil der Gelder, 50 Millionen Euro, stammt aus den Vereinigten Arabischen Emiraten. "
    "Diese Mittel sind für einen Hafen in Husum bestimmt. Diese Partnerschaft mit den VAE "
    "ist neu.\n"
)


def proven(sentence: str) -> list[str]:
    """The quotes for a sentence, every sentence of WORKS shown."""
    works = Article("bau.txt", WORKS, "", Metadata())
    shown = []
    for sentence_of in (
        s for line in WORKS.split("\n") for s in line.replace(". ", ".\n").split("\n")
    ):
        if sentence_of:
            start = WORKS.index(sentence_of)
            line = WORKS.count("\n", 0, start) + 1
            end = start + len(sentence_of)
            shown.append(Evidence("bau.txt", line, start, end, sentence_of, (), Metadata()))
    statement = bind(sentence, shown, (), prove, lambda _: works)
    return [c.quote for c in statement.citations]


def test_two_places_prove_a_sentence_clause_by_clause() -> None:
    quotes = proven("Der Kai ist 90 Meter lang, und der Turm ist 70 Meter hoch.")
    assert len(quotes) == 2
    assert proven("Der Kai ist 70 Meter lang, und der Turm ist 90 Meter hoch.") == []


def test_a_number_of_another_place_proves_nothing() -> None:
    assert proven("Der Kai ist 70 Meter lang.") == []
    assert proven("Der Kai wurde 2019 gebaut und ist 70 Meter lang.") == []


def test_a_place_that_leans_on_the_number_explains_where_the_money_goes() -> None:
    quotes = proven("Die Gelder aus den VAE fließen mit 50 Millionen Euro nach Husum.")
    assert len(quotes) == 2
    assert quotes[0].startswith("Ein Teil der Gelder")


def test_a_place_that_says_otherwise_refutes_what_others_would_allow() -> None:
    kai = "Der Kai in Husum gehört vermutlich der Stadt."
    port = "Die Stadt ließ den Kai in Husum, der ihr gehört, sperren."
    article = Article("bau.txt", f"{kai} {port}", "", Metadata())
    shown = [
        Evidence("bau.txt", 1, at, at + len(t), t, (), Metadata())
        for t in (kai, port)
        for at in (article.text.index(t),)
    ]
    statement = bind("Der Kai in Husum gehört der Stadt.", shown[:1], (), prove, lambda _: article)
    assert statement.verdict.reasons == ("reservation: the source says 'vermutlich'",)


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
