"""Questions that want several sources heard are told from others, and cut to their matter."""

from __future__ import annotations

import time

import pytest

from rag.comparison import by_source, comparison, told_by
from rag.types import Article, Metadata

BOTE = Article("bote-bruecke.txt", "", "", Metadata("Die Brücke", "Anna Muster", "Elde-Bote", None))
KURIER = Article("k1.txt", "", "", Metadata("Ein Bauwerk", "Jan Korn", "Kurier", None))
KURIER_TOO = Article("k2.txt", "", "", Metadata("Noch ein Bauwerk", None, "Kurier", None))
ALL = (BOTE, KURIER, KURIER_TOO)


@pytest.mark.parametrize(
    ("question", "matter", "sources"),
    [
        (
            "Wie teuer war die Brücke: Was sagt der Bote, was der Kurier?",
            "Wie teuer war die Brücke?",
            {"Elde-Bote", "Kurier"},
        ),
        (
            "Was schreibt der Elde-Bote und was schreibt der Kurier über die Brücke?",
            "Was ist mit die Brücke?",
            {"Elde-Bote", "Kurier"},
        ),
        (
            "Worin unterscheiden sich die Artikel bei den Kosten der Brücke?",
            "Was ist mit den Kosten der Brücke?",
            set(),
        ),
        ("Was schreiben die beiden Quellen zur Brücke?", "Was ist mit Brücke?", set()),
    ],
)
def test_a_comparing_question_is_cut_to_its_matter(
    question: str, matter: str, sources: set[str]
) -> None:
    found = comparison(question, ALL)
    assert found is not None
    assert found.matter == matter
    assert set(found.sources) == sources


@pytest.mark.parametrize(
    "question",
    [
        "Was schreibt der Kurier über die Brücke?",
        "Worin unterscheiden sich die beiden Brücken?",
        "Wer hat die beiden Artikel geschrieben?",
        "Was steht in dem Artikel über die Brücke?",
    ],
)
def test_any_other_question_is_answered_from_all_articles_at_once(question: str) -> None:
    assert comparison(question, ALL) is None


def test_the_articles_of_one_publisher_are_one_source() -> None:
    assert by_source(ALL) == {
        "Elde-Bote": frozenset({"bote-bruecke.txt"}),
        "Kurier": frozenset({"k1.txt", "k2.txt"}),
    }


def test_a_thousand_articles_are_no_burden_to_a_question() -> None:
    many = [
        Article(f"n{i}.txt", "", "", Metadata("Titel", f"Autor {i}.", f"Blatt {i}.", None))
        for i in range(1000)
    ]
    began = time.perf_counter()
    assert told_by("Wie teuer war die Brücke?", many) == ("Wie teuer war die Brücke?", None)
    assert time.perf_counter() - began < 0.5  # 3 s with the patterns of each


@pytest.mark.parametrize(
    ("question", "matter", "articles"),
    [
        (
            "Wie teuer war die Brücke laut dem Kurier?",
            "Wie teuer war die Brücke?",
            {"k1.txt", "k2.txt"},
        ),
        (
            "Laut Elde-Bote, wie teuer war die Brücke?",
            "wie teuer war die Brücke?",
            {"bote-bruecke.txt"},
        ),
        (
            "Was schreibt der Elde-Bote über die Brücke?",
            "Was schreibt der Artikel über die Brücke?",
            {"bote-bruecke.txt"},
        ),
        (
            "Welche Firmen nennt der Bote-Artikel?",
            "Welche Firmen nennt der Artikel?",
            {"bote-bruecke.txt"},
        ),
        (
            "Was steht im Artikel von Jan Korn über die Züge?",
            "Was steht im Artikel über die Züge?",
            {"k1.txt"},
        ),
        (
            "Was kostete die Brücke Anna Muster zufolge?",
            "Was kostete die Brücke?",
            {"bote-bruecke.txt"},
        ),
        (
            "What did the bridge cost according to the Kurier report?",
            "What did the bridge cost?",
            {"k1.txt", "k2.txt"},
        ),
        (
            "Was kostete die Brücke, wie der Kurier berichtet?",
            "Was kostete die Brücke, wie der Artikel berichtet?",
            {"k1.txt", "k2.txt"},
        ),
    ],
)
def test_only_the_source_whose_word_is_wanted_is_heard(
    question: str, matter: str, articles: set[str]
) -> None:
    assert told_by(question, ALL) == (matter, articles)


@pytest.mark.parametrize(
    "question",
    [
        "Wie teuer war die Brücke?",
        "Wie teuer war die Brücke laut dem Tagblatt?",
        "Wie teuer war sie laut Kurier, wie teuer laut Elde-Bote?",
        "Wann wurde der Kurier gegründet?",
        "Wie viele Leser hat der Kurier in Elde?",
        "Wie hoch waren laut Kurierdienst die Kosten?",
        "Was sagt Jan über die Brücke?",
    ],
)
def test_else_any_source_will_do(question: str) -> None:
    assert told_by(question, ALL) == (question, None)
