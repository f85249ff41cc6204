"""Sentences are exact slices, and the German cases that break other splitters hold."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.sentences import sentence_spans

PIECES = st.sampled_from(
    [
        *("Am 20. März kam er. ", "z. B. ", "Ja! ", "Wirklich? ", "„Nein.“ ", "1. ", "(2) ", "… "),
        *("\n", "\r\n", "\f", "\u2028", "\x85", "\xa0", "😀", " ", "xpert.digital", "Dr. Öztürk "),
        *(". ", "...", "“", "„", "a\u0308", "\u200b", "5 Mrd. Euro. ", "\t"),
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=30).map("".join))


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@given(TEXTS, st.integers(0, 40), st.integers(0, 40))
@example("\x1c.\x1d", 0, 0)
def test_spans_are_stripped_in_order_and_leave_out_white_space_only(
    text: str, before: int, after: int
) -> None:
    start, end = min(before, len(text)), max(min(before, len(text)), len(text) - after)
    at = start
    for begin, finish in sentence_spans(text, start, end):
        assert at <= begin < finish <= end
        assert text[at:begin].strip() == ""
        assert text[begin:finish] == text[begin:finish].strip()
        at = finish
    assert text[at:end].strip() == ""


@pytest.mark.parametrize(
    "whole",
    [
        "Am 20. März 2025 beginnt die Messe.",
        "Sie findet am 10. und 11. Februar statt.",
        "Viele Länder, z. B. Kanada, machen mit.",
        "Prof. Dr. Öztürk leitet das Institut.",
        "Das kostet ca. 2,5 Mrd. Euro im Jahr.",
        "Die 3. Auflage ist besser.",
        "Das war im 19. Jahrhundert üblich.",
        "Sie feierte ihren 50. Geburtstag in Ulm.",
        "Mehr dazu bei Xpert.Digital im Netz.",
        "Der Kurs liegt bei 1.234,56 Punkten.",
    ],
)
def test_german_dates_and_abbreviations_do_not_end_a_sentence(whole: str) -> None:
    assert sentences(f"Davor. {whole} Danach.") == ["Davor.", whole, "Danach."]


@pytest.mark.parametrize(
    "parts",
    [
        ["Erst das.", "Dann dies!", "Und nun?", "Schluss."],
        ["„Wir bauen hier.“", "Das sagte sie gestern."],
        ["Er kam im Jahr 2024.", "Sie ging 2025."],
        ["Er landete auf Platz 3.", "Danach war Schluss."],
        ["1. Der erste Punkt der Liste.", "Er ist kurz."],
    ],
)
def test_sentences_that_end_are_told_apart(parts: list[str]) -> None:
    assert sentences(" ".join(parts)) == parts


@pytest.mark.parametrize("unit", ["„a ", "a.b.", "1. ", ". ", "(", "ja ", "x", "Er ging. "])
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    text = unit * (400_000 // len(unit))
    began = time.perf_counter()
    spans = sentence_spans(text)
    assert time.perf_counter() - began < 10  # a quadratic walk would take minutes
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text.rstrip())


def test_a_long_text_is_cut_at_the_same_places_as_a_short_one() -> None:
    parts = [f"Satz Nummer {n} steht am {1 + n % 28}. März hier." for n in range(2000)]
    assert sentences(" ".join(parts)) == parts
