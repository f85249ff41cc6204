"""Author, date, publisher and title: found, cited and answered by rule."""

from __future__ import annotations

from datetime import date

import pytest

from rag.metadata import asked_field, in_order, meant, merge, metadata_chunks, sentence
from rag.types import Article, Metadata, Place

BRIDGE = Article(
    "bote-bruecke.txt",
    "Die neue Brücke\nAnna Muster 03.05.2019\n",
    "",
    Metadata("Die neue Brücke", "Anna Muster", "Elde-Bote", date(2019, 5, 3)),
)
BAKERY = Article(
    "kurier-brot.txt",
    "Brot wird teuer\n",
    "",
    Metadata("Brot wird teuer", "Jan Korn", "Kurier", date(2020, 1, 2)),
)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("Wer hat den Artikel geschrieben?", "author"),
        ("Von wem stammt der Beitrag über Brot?", "author"),
        ("Who wrote the article about the bridge?", "author"),
        ("Wann ist der Artikel erschienen?", "date"),
        ("Von wann ist der Text?", "date"),
        ("In welcher Zeitung ist der Artikel erschienen?", "publisher"),
        ("Wie heißt der Artikel von Anna Muster?", "title"),
        ("Wer hat die Brücke gebaut?", None),
        ("Wann wurde die Brücke eröffnet?", None),
        ("Welcher der beiden Artikel ist zuerst erschienen?", "date"),
        ("Which article is older?", "date"),
        ("Wann wurde der Artikel zuletzt aktualisiert?", None),
        (
            f"Wer hat den Artikel „{'Ein langer Titel: geändert um 12 Uhr? ' * 4}“ geschrieben?",
            "author",
        ),
        ('Wann ist der Artikel "Wer hat den Text verfasst?" erschienen?', "date"),
        ("Wer kommt in dem Artikel vor?", None),
    ],
)
def test_the_field_asked_for(question: str, field: str | None) -> None:
    assert asked_field(question) == field


def test_a_question_means_the_article_it_names_or_all_of_them() -> None:
    both = [BRIDGE, BAKERY]
    assert meant("Wer schrieb den Artikel im Kurier?", both) == [BAKERY]
    assert meant("Wann erschien der Artikel von Anna Muster?", both) == [BRIDGE]
    assert meant("Wer hat den Artikel über die Brücke geschrieben?", both) == [BRIDGE]
    assert meant("Wer hat den Artikel geschrieben?", both) == both


def test_articles_come_in_the_order_that_is_asked_for() -> None:
    undated = Article("a.txt", "", "", Metadata())
    articles = [BAKERY, undated, BRIDGE]
    assert in_order("Welcher Artikel erschien zuerst?", articles) == [BRIDGE, BAKERY]
    assert in_order("Welcher Artikel ist neuer?", articles) == [BAKERY, BRIDGE]


def test_a_field_is_stated_in_a_german_sentence() -> None:
    assert sentence(BRIDGE, "date") == (
        "Der Artikel „Die neue Brücke“ ist am 3. Mai 2019 erschienen."
    )
    assert sentence(Article("a.txt", "", "", Metadata()), "author") is None


def test_what_is_given_wins_over_what_was_read() -> None:
    merged = merge(Metadata(title="Gegeben"), Metadata(title="Gelesen", author="Anna"))
    assert merged == Metadata(title="Gegeben", author="Anna")


def test_metadata_chunks_lie_exactly_on_the_places() -> None:
    text = BRIDGE.text
    name, day = text.index("Anna Muster"), text.index("03.05.2019")
    places = {
        "author": Place(BRIDGE.id, name, name + len("Anna Muster")),
        "date": Place(BRIDGE.id, day, day + len("03.05.2019")),
    }
    (chunk,) = metadata_chunks(BRIDGE, places, {BRIDGE.id: text})
    assert text[chunk.start : chunk.end] == "Anna Muster 03.05.2019"
    assert (chunk.first_line, chunk.last_line) == (2, 2)
    assert any("Autor" in heading for heading in chunk.headings)
