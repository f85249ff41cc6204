"""Words meet across spellings, and nothing hostile slows them down."""

from __future__ import annotations

import threading
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.german import stem, stop_stems, terms, words


@given(st.text(max_size=60))
def test_words_are_exact_slices_in_order(text: str) -> None:
    at = 0
    for word in words(text):
        assert at <= word.start < word.end
        assert text[word.start : word.end] == word.text
        at = word.end


@given(st.text(max_size=60))
def test_every_letter_and_digit_is_part_of_a_word(text: str) -> None:
    covered = {i for w in words(text) for i in range(w.start, w.end)}
    assert all(i in covered for i, c in enumerate(text) if c.isalnum())


@pytest.mark.parametrize(
    "spellings",
    [
        ["Straße", "Strasse", "STRASSE", "Straßen"],
        ["Häuser", "häusern", "HÄUSER"],
        ["Start-up", "Startup", "Start‑up"],
        ["Künstliche", "künstlicher", unicodedata.normalize("NFD", "künstlichen")],
        ["Zusammenarbeit", "Zusammen\u00adarbeit"],
        ["Investition", "Investitionen"],
    ],
)
def test_spellings_of_one_word_share_a_term(spellings: list[str]) -> None:
    shared = set.intersection(*(set(terms(s)) for s in spellings))
    assert shared


@given(st.text(alphabet="äöüÄÖÜßaes -", max_size=40))
def test_composed_and_decomposed_letters_give_the_same_terms(text: str) -> None:
    assert terms(unicodedata.normalize("NFD", text)) == terms(text)


@pytest.mark.parametrize("number", ["2,5", "1.000", "1.000,50", "10.02.2025", "2025"])
def test_a_number_is_one_word(number: str) -> None:
    assert [w.text for w in words(f"rund {number} Euro")] == ["rund", number, "Euro"]


def test_a_sentence_of_stop_words_has_no_terms() -> None:
    assert terms("Was ist das und wer hat es denn?") == []


def test_stop_words_of_english_that_are_german_words_remain() -> None:
    assert not {stem(w) for w in ("Not", "Gift", "Art", "Rat")} & stop_stems()


def test_stems_are_the_same_from_many_threads() -> None:
    vocabulary = [f"{a}{b}" for a in ("Haus", "Garten", "Künst") for b in ("ung", "en", "lich")]
    expected = [stem.__wrapped__(w) for w in vocabulary]
    seen: list[list[str]] = []

    def work() -> None:
        seen.append([stem.__wrapped__(w) for w in vocabulary * 200])

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected * 200] * 8


@pytest.mark.parametrize(
    "unit", ["1", "a", "a-", "-", "ä", "a\u0308", "\u0301", "1.", "\u00ad", "_"]
)
def test_time_grows_no_faster_than_the_text(unit: str) -> None:
    text = unit * (300_000 // len(unit))
    began = time.perf_counter()
    terms(text)
    assert time.perf_counter() - began < 10  # a quadratic walk would take minutes
