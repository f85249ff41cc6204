"""BM25 over German stems: any shared word finds, stop words do not, rarer words weigh more."""

from __future__ import annotations

import math
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.errors import IndexMismatch
from rag.german import terms
from rag.lexical import LexicalIndex, write_lexical

TEXTS = [
    "Die Häuser am Fluss wurden im Mai gebaut.",
    "Ein Haus im Wald, ein Haus am See.",
    "Start-ups wachsen in Straßburg.",
    "Wachstum der Wirtschaft",
    "",
    "Der die das und oder",
    "Die Investitionen erreichen 109 Milliarden Euro.",
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical")
    write_lexical(folder, TEXTS)
    return LexicalIndex(folder)


def rows(index: LexicalIndex, question: str, k: int = 10) -> list[int]:
    return [row for row, _ in index.search(question, k)]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Welches Haus?", [1, 0]),
        ("HÄUSER", [1, 0]),
        ("Startup in Strassburg", [2]),
        ("Was ist mit der Investition von 109 Milliarden?", [6]),
        ("Gibt es einen Drachen, ein Einhorn oder einen Fluss?", [0]),
        ("Was ist das?", []),
        ("", []),
        ("Quantenchromodynamik", []),
        ("\0", []),
    ],
)
def test_any_word_that_is_shared_finds_and_stop_words_do_not(
    index: LexicalIndex, question: str, expected: list[int]
) -> None:
    assert rows(index, question) == expected


def test_no_more_than_k_rows_come_best_first(index: LexicalIndex) -> None:
    found = index.search("Haus Fluss Wald See Wirtschaft", 10)
    assert [s for _, s in found] == sorted((s for _, s in found), reverse=True)
    assert index.search("Haus Fluss Wald See Wirtschaft", 2) == found[:2]


WORDS = st.sampled_from("Haus Wald See Fluss Brücke Turm Donau Ulm Stein Holz".split())


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.lists(WORDS, max_size=8).map(" ".join), min_size=1, max_size=8),
    st.lists(WORDS, min_size=1, max_size=4, unique=True).map(" ".join),
)
def test_scores_are_those_of_the_formula(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], question: str
) -> None:
    folder = tmp_path_factory.mktemp("bm25")
    write_lexical(folder, texts)
    found = dict(LexicalIndex(folder).search(question, 99))
    assert found == pytest.approx(
        {row: s for row, s in enumerate(bm25(texts, question)) if s > 0}, rel=1e-4
    )


def bm25(texts: list[str], question: str, k1: float = 1.2, b: float = 0.75) -> list[float]:
    """BM25 as Lucene computes it (Kamphuis et al. 2020); each text has one more word, "\\0"."""
    documents = [Counter(terms(text)) for text in texts]
    lengths = [d.total() + 1 for d in documents]
    mean = sum(lengths) / len(lengths)
    scores = [0.0] * len(texts)
    for term in terms(question):
        df = sum(term in d for d in documents)
        idf = math.log(1 + (len(texts) - df + 0.5) / (df + 0.5))
        for row, document in enumerate(documents):
            tf = document[term]
            scores[row] += idf * tf / (tf + k1 * (1 - b + b * lengths[row] / mean))
    return scores


def test_an_index_of_nothing_finds_nothing(tmp_path: Path) -> None:
    write_lexical(tmp_path, [])
    assert LexicalIndex(tmp_path).search("Haus", 5) == []


def test_a_missing_or_broken_index_is_refused(tmp_path: Path) -> None:
    with pytest.raises(IndexMismatch):
        LexicalIndex(tmp_path)
    write_lexical(tmp_path, TEXTS)
    for file in (tmp_path / "lexical").iterdir():
        content = file.read_bytes()
        file.write_bytes(b"{")
        with pytest.raises(IndexMismatch, match="cannot be read"):
            LexicalIndex(tmp_path)
        file.write_bytes(content)
