"""One word against another, from the likeliest first tokens."""

from __future__ import annotations

import math

import pytest

from rag.odds import share


def test_only_tokens_that_begin_one_of_the_words_count() -> None:
    tokens = [("Ja", 0.5), (" j", 0.1), ("Nein", 0.1), ("Ne", 0.1), ("Doch", 0.2), ("", 0.0)]
    logs = [(t, math.log(p) if p else -99.0) for t, p in tokens]
    assert share(logs, "Ja", "Nein") == pytest.approx(0.6 / 0.8)
    assert share(logs, "Nein", "Ja") == pytest.approx(0.2 / 0.8)


def test_without_such_a_token_there_is_nothing_to_weigh() -> None:
    assert share([("Doch", -0.1)], "Ja", "Nein") is None
    assert share([], "Ja", "Nein") is None
