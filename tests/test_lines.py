"""A line is what stands between "\\n", and nothing else ends one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.lines import line_count, line_of, line_span, line_starts, strip_span

TEXTS = st.text(alphabet=st.sampled_from("ab \n\r\f\v\u2028\u2029\u0085\x1c😀"), max_size=60)


@given(TEXTS)
def test_lines_are_what_split_at_newline_gives(text: str) -> None:
    lines = text.split("\n")
    assert [text[slice(*line_span(text, n))] for n in range(1, len(lines) + 1)] == lines


@given(TEXTS)
def test_every_character_belongs_to_the_line_that_holds_it(text: str) -> None:
    for offset, character in enumerate(text):
        line = line_of(text, offset)
        assert line == 1 + text.count("\n", 0, offset)
        start, end = line_span(text, line)
        assert start <= offset <= end
        assert (offset == end) == (character == "\n")


@given(TEXTS)
def test_a_final_newline_opens_no_further_line(text: str) -> None:
    assert line_count(text + "x\n") == line_count(text + "x") == 1 + text.count("\n")


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x85", "\u2028", "\u2029", "\r"])
def test_what_other_definitions_break_at_stays_inside_a_line(separator: str) -> None:
    assert line_starts(f"eins{separator}zwei\ndrei") == (0, 10)


def test_the_carriage_return_belongs_to_its_line() -> None:
    text = "eins\r\nzwei\r\n"
    assert text[slice(*line_span(text, 1))] == "eins\r"
    assert line_count(text) == 2


@pytest.mark.parametrize("line", [0, -1, 4])
def test_a_line_that_does_not_exist_is_an_error(line: int) -> None:
    with pytest.raises(IndexError):
        line_span("eins\nzwei\n", line)


@given(TEXTS, st.integers(0, 60), st.integers(0, 60))
def test_a_stripped_span_is_the_stripped_slice(text: str, first: int, second: int) -> None:
    start, end = sorted((min(first, len(text)), min(second, len(text))))
    begin, finish = strip_span(text, start, end)
    assert text[begin:finish] == text[start:end].strip()
    assert start <= begin <= finish <= end
