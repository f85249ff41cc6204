"""Every German spelling of a number is one value, and a claim never says something else."""

from __future__ import annotations

import time
import unicodedata
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.number_words import number_word
from rag.quantities import Quantity, quantities, says

PIECES = st.sampled_from(
    [
        *("2,5", "1.000", "15 000", "3.5", "12", "2025", "€", "$", "%", "Mrd.", "Mio", "Euro"),
        *(" ", "\xa0", ".", ",", "-", "–", "−", "und", "bis", "minus", "März", "Ma\u0308rz", "6."),
        *("11.02.2025", "2025-02-11", "ein", "halbe", "Million", "Dutzend", "zwölf", "tausend"),
        *("anderthalb", "Kilometer", "٣", "²", "½", "\n", "(", "a", "\u0308", "0", "000"),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join))


def one(text: str) -> Quantity:
    (found,) = quantities(text)
    return found


def value(text: str) -> tuple[Decimal | None, str]:
    return one(text).value, one(text).unit


@given(TEXTS)
def test_reading_never_fails_and_every_span_is_the_text_of_its_quantity(text: str) -> None:
    found = quantities(text)
    assert all(text[q.start : q.end] == q.text != "" for q in found)
    assert all((q.value is None) != (q.date is None) for q in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(TEXTS)
def test_what_stands_in_the_source_may_be_claimed(text: str) -> None:
    assert all(says(q, q) for q in quantities(text))


@given(TEXTS, TEXTS)
def test_a_proven_claim_has_the_value_of_its_source(source: str, claim: str) -> None:
    for s in quantities(source):
        for c in quantities(claim):
            if says(s, c) and s.value is not None:
                assert c.value == s.value
                assert c.unit in (s.unit, "") or s.unit == ""


@given(st.text(max_size=30).map(lambda t: unicodedata.normalize("NFC", t)))
def test_decomposed_letters_change_no_quantity(text: str) -> None:
    composed = quantities(f"{text} zwölf Meter am 6. März 2025")
    decomposed = quantities(unicodedata.normalize("NFD", f"{text} zwölf Meter am 6. März 2025"))
    assert [(q.value, q.unit, q.date) for q in composed[-2:]] == [
        (q.value, q.unit, q.date) for q in decomposed[-2:]
    ]


@given(st.integers(0, 999_999))
def test_a_number_reads_the_same_in_digits_and_in_words(number: int) -> None:
    assert number_word(spelled(number)) == number
    assert value(f"{number:,} Euro".replace(",", ".")) == (number, "EUR")


@given(st.integers(0, 10**9), st.integers(0, 99))
def test_german_separators_and_narrow_spaces_are_read_alike(whole: int, cents: int) -> None:
    for separator in (".", " ", "\xa0", "\u202f", "'"):
        text = f"{whole:,}".replace(",", separator) + f",{cents:02d} Euro"
        assert value(text) == (Decimal(whole) + Decimal(cents) / 100, "EUR")


@pytest.mark.parametrize(
    "spellings",
    [
        ["2,5 Mrd. Euro", "2,5 Milliarden Euro", "2.500 Mio. €", "€2,5 Mrd.", "2.500.000.000 EUR"],
        ["zweieinhalb Milliarden Euro", "2,5 Milliarden Euro"],
        ["anderthalb Millionen Dollar", "1,5 Mio. US-Dollar", "$1,5 Millionen", "1.500.000 USD"],
        ["eine halbe Million Euro", "500.000 Euro", "500 Tsd. Euro", "fünfhunderttausend Euro"],
        ["eine Milliarde Dollar", "1 Mrd. Dollar", "1.000 Millionen Dollar"],
        ["ein Dutzend Firmen", "zwölf Firmen", "12 Firmen"],
        ["12 Prozent", "12 %", "12%", "zwölf Prozent"],
        ["15.000 Menschen", "15 000 Menschen", "15\u202f000 Menschen", "15'000 Menschen"],
        ["1989 Menschen", "neunzehnhundertneunundachtzig Menschen"],
        ["6. Februar 2025", "06.02.2025", "6.2.2025", "2025-02-06", "06.02.25", "6. Feb. 2025"],
        ["minus 5 Grad", "-5 Grad", "−5 Grad"],
        ["100 Bio. Euro", "100 Billionen Euro"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_quantity_prove_each_other(spellings: list[str]) -> None:
    for source in spellings:
        for claim in spellings:
            assert says(one(source), one(claim)), (source, claim)


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("7,7 Milliarden Dollar", "7,7 Milliarden Euro"),
        ("7,7 Milliarden", "7,7 Milliarden Euro"),
        ("7,7 Milliarden Euro", "7,7 Millionen Euro"),
        ("2,5 Prozent", "2,5"),
        ("2,5", "2,5 Prozent"),
        ("2,5 Prozent", "2,5 Prozentpunkte"),
        ("1.000 Euro", "1 Euro"),
        ("1,000 Euro", "1.000 Euro"),
        ("14 Tage", "14 Wochen"),
        ("-5 Grad", "5 Grad"),
        ("5 Grad", "minus 5 Grad"),
        ("6. Februar 2025", "7. Februar 2025"),
        ("6. Februar 2025", "6. Februar 2024"),
        ("Februar 2025", "6. Februar 2025"),
        ("6. Februar", "6. Februar 2025"),
        ("2025 Euro", "6. Februar 2025"),
        ("6. Februar 2025", "2025 Euro"),
        ("6. Februar 2025", "6"),
        ("100 Bio-Höfe", "100 Billionen"),
        ("2 Millionen. Euro gab es keine", "2 Millionen Euro"),
    ],
)
def test_a_claim_that_says_something_else_is_not_proven(source: str, claim: str) -> None:
    assert not says(one(source), one(claim))


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        ("6. Februar 2025", "Februar 2025"),
        ("6. Februar 2025", "6. Februar"),
        ("6. Februar 2025", "2025"),
        ("7,7 Milliarden Dollar", "7,7 Milliarden"),
        ("140 Mitarbeiter", "140"),
    ],
)
def test_a_claim_may_say_less(source: str, claim: str) -> None:
    assert says(one(source), one(claim))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("30 bis 50 Milliarden Dollar", [(30_000_000_000, "USD"), (50_000_000_000, "USD")]),
        ("zwischen 3 und 5 Prozent", [(3, "%"), (5, "%")]),
        ("20–30 km", [(20, "km"), (30, "km")]),
        ("1,5 bis 2 Mio. Euro", [(1_500_000, "EUR"), (2_000_000, "EUR")]),
        ("2024 und 30 Firmen", [(2024, ""), (30, "")]),
        ("10 Euro oder 12 Dollar", [(10, "EUR"), (12, "USD")]),
    ],
)
def test_both_ends_of_a_range_take_scale_and_unit(
    text: str, expected: list[tuple[int, str]]
) -> None:
    assert [(q.value, q.unit) for q in quantities(text)] == expected


@pytest.mark.parametrize(
    "text",
    [
        "am 10. und 11. Februar 2025",
        "vom 10. bis 11. Februar 2025",
        "vom 10. bis zum 11. Februar 2025",
        "10./11. Februar 2025",
        "10.–11. Februar 2025",
        "10. - 11. Februar 2025",
    ],
)
def test_both_days_of_two_are_dates(text: str) -> None:
    assert [q.date for q in quantities(text)] == [(2025, 2, 10), (2025, 2, 11)]


@pytest.mark.parametrize(
    "text",
    ["ein Haus", "eine Idee", "Unterhundert", "tausendtausend", "Mark Twain", "und"],
)
def test_words_that_are_no_numbers_are_none(text: str) -> None:
    assert quantities(text) == ()


def test_ordinals_keep_their_number() -> None:
    assert [q.value for q in quantities("Auf dem 3. Platz, im 19. Jahrhundert")] == [3, 19]


def test_the_noun_that_is_counted_is_known() -> None:
    assert one("140 Mitarbeiter").noun == "Mitarbeiter"
    assert one("140 neue Stellen").noun == ""


@pytest.mark.parametrize(
    "unit",
    [
        *("1", ".", "1.", ".000", "000 ", "und", "tausend", "tausend ", "zehn ", "1 ", "€", "1,"),
        *("Mai ", "1. und ", "minus ", "ein ", "3 bis ", "a\u0308", "\u0308", "einhalb", "9 Mio. "),
    ],
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    began = time.perf_counter()
    quantities(text)
    assert time.perf_counter() - began < 15  # a quadratic walk would take minutes


def spelled(number: int) -> str:
    """A number below a million in German words, written here a second time to check the first."""
    if number >= 1000:
        rest = spelled(number % 1000) if number % 1000 else ""
        head = spelled(number // 1000)
        return f"{head.removesuffix('s') if head.endswith('eins') else head}tausend{rest}"
    if number >= 100:
        head = "ein" if number // 100 == 1 else spelled(number // 100)
        return f"{head}hundert{spelled(number % 100) if number % 100 else ''}"
    ones = "null eins zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn".split()
    ones += "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn".split()
    if number < 20:
        return ones[number]
    tens = "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig".split()
    unit = number % 10
    head = {0: "", 1: "einund"}.get(unit, f"{ones[unit]}und")
    return head + tens[number // 10 - 2]
