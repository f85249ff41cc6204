"""Every line of an article gets its kind, and what is part of the article stays in it."""

from __future__ import annotations

import time
import tomllib
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.lines import line_span, strip_span
from rag.structure import locate, read_metadata, structure
from rag.types import Block, Metadata

ROOT = Path(__file__).parent.parent
FIXTURES = Path(__file__).parent / "fixtures"
CORPUS = ROOT / "corpus"
WIWO = "wiwo-ki-gipfel-in-paris.txt"
XPERT = "xpert-digital-ai-action-summit-paris.txt"

# One letter a line that is not blank: t title, h heading, l lead-in, p paragraph, i item, m meta,
# c caption, b boilerplate.
LETTERS = {
    "title": "t", "heading": "h", "lead_in": "l", "paragraph": "p", "item": "i", "meta": "m",
    "caption": "c", "boilerplate": "b",
}  # fmt: skip
EXPECTED = {
    "agentur.txt": "b t m p p p h p l iii h p c",
    "regional.txt": "bbbb h t mm m p b p b p bb h p b b b b p b b b bbbbbb",
    "firmenblog.txt": "t m p h p h ii b bb h p b bb bb b b",
    "bericht.md": "mmmmmm t c p h p h l iiii h iii h p p b m",
    "interview.txt": "t m m p h p h p h p h p p",
    "pressemitteilung.txt": "h t m p p h ppp h p bbbbbbb",
}
READ = {
    "agentur.txt": Metadata(
        "Hafen Wiekstadt schlägt mehr Container um", "Bernd Beispiel", None, date(2024, 3, 14)
    ),
    "regional.txt": Metadata(
        "Stadtrat beschließt Sanierung des Freibads am Mühlbach",
        "Erika Probst",
        None,
        date(2023, 5, 3),
    ),
    "firmenblog.txt": Metadata(
        "Wärmepumpe im Altbau: Worauf es ankommt",
        "Gisela Platzhalter",
        "Wärmewerk Muster",
        date(2022, 10, 9),
    ),
    "bericht.md": Metadata(
        "Bericht zur Lage der Moore", "Anton Probe, Berta Beispiel", "Moorblatt", date(2021, 6, 30)
    ),
    "interview.txt": Metadata(
        "„Der Wald braucht hundert Jahre“", "Paul Fiktiv", None, date(2020, 11, 21)
    ),
    "pressemitteilung.txt": Metadata(
        "Musterwerk AG eröffnet Batteriefabrik in Neustadt", None, None, date(2024, 9, 2)
    ),
}


def fixture(name: str) -> str:
    return (FIXTURES / name).read_text(encoding="utf-8")


def article(name: str) -> tuple[str, Metadata]:
    entry = tomllib.loads((CORPUS / "QUELLEN.toml").read_text(encoding="utf-8"))[name]
    entry.pop("sha256")
    return (CORPUS / name).read_text(encoding="utf-8"), Metadata(**entry)


def kinds(text: str, metadata: Metadata | None = None) -> str:
    return "".join(LETTERS[b.kind] for b in structure(text, metadata or Metadata()))


def by_line(text: str, metadata: Metadata) -> dict[int, Block]:
    return {b.line: b for b in structure(text, metadata)}


def lines_of(kind: str, text: str, metadata: Metadata) -> set[int]:
    return {b.line for b in structure(text, metadata) if b.kind == kind}


def check_spans(text: str, blocks: tuple[Block, ...]) -> None:
    expected = []
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            expected.append((number, line.strip()))
    assert [(b.line, text[b.start : b.end]) for b in blocks] == expected
    for block in blocks:
        assert (block.start, block.end) == strip_span(text, *line_span(text, block.line))


@pytest.mark.parametrize("name", EXPECTED)
def test_a_page_of_another_publisher_gets_the_kinds_a_reader_sees(name: str) -> None:
    assert kinds(fixture(name)) == EXPECTED[name].replace(" ", "")


@pytest.mark.parametrize("name", EXPECTED)
def test_title_author_publisher_and_date_are_read_from_the_page_itself(name: str) -> None:
    assert read_metadata(fixture(name)) == READ[name]


@pytest.mark.parametrize("name", EXPECTED)
def test_each_value_read_is_located_where_it_stands(name: str) -> None:
    text = fixture(name)
    metadata = read_metadata(text)
    spans = locate(text, structure(text, metadata), metadata)
    assert set(spans) == {
        field for field in ("title", "author", "publisher", "date") if getattr(metadata, field)
    }
    for field in ("title", "author", "publisher"):
        if field in spans:
            assert text[slice(*spans[field])] == getattr(metadata, field)


@pytest.mark.parametrize("name", [*EXPECTED, WIWO, XPERT])
def test_every_line_that_is_not_blank_is_exactly_one_block(name: str) -> None:
    text = article(name)[0] if name in (WIWO, XPERT) else fixture(name)
    check_spans(text, structure(text, Metadata()))


def test_the_boilerplate_of_a_page_with_teasers_and_partners_is_found() -> None:
    text, metadata = article(WIWO)
    expected = {*range(1, 5), 20, 21, *range(33, 40), *range(47, 54), 69, *range(71, 103)}
    expected = {n for n in expected if text.split("\n")[n - 1].strip()}
    assert lines_of("boilerplate", text, metadata) == expected
    assert lines_of("caption", text, metadata) == {12}
    assert lines_of("title", text, metadata) == {6}
    assert lines_of("heading", text, metadata) == {27, 55}
    assert by_line(text, metadata)[8].kind == "paragraph"  # it holds sentences and the byline


def test_the_boilerplate_of_a_page_with_link_leads_and_a_contact_block_is_found() -> None:
    text, metadata = article(XPERT)
    leads = {12, 44, 45, 46, 59, 90, 95, 104, 144}
    assert lines_of("boilerplate", text, metadata) == {2, 3, 87, 89, *leads, *range(148, 162)}
    assert lines_of("caption", text, metadata) == {6, 88}
    assert lines_of("meta", text, metadata) == {4}
    assert lines_of("title", text, metadata) == {1}
    headings = {
        7,
        8,
        10,
        13,
        18,
        20,
        23,
        31,
        36,
        39,
        41,
        47,
        50,
        53,
        56,
        61,
        63,
        67,
        71,
        75,
        79,
        83,
    }
    headings |= {91, 92, 96, 102, 109, 116, 121, 127, 136, 145}
    assert lines_of("heading", text, metadata) == headings
    assert lines_of("lead_in", text, metadata) == {14, 22, 32, 40, 62}


@pytest.mark.parametrize("name", [WIWO, XPERT])
def test_without_metadata_the_page_is_read_the_same(name: str) -> None:
    text, metadata = article(name)
    assert kinds(text) == kinds(text, metadata)
    read = read_metadata(text)
    assert (read.author, read.date) == (metadata.author, metadata.date)


def test_author_and_date_are_located_in_a_byline_glued_to_a_sentence() -> None:
    text, metadata = article(WIWO)
    spans = locate(text, structure(text, metadata), metadata)
    assert text[slice(*spans["author"])] == "Andreas Menn"
    assert text[slice(*spans["date"])] == "10.02.2025"
    assert text[slice(*spans["title"])] == metadata.title
    assert "publisher" not in spans


def test_a_value_the_article_does_not_state_is_not_located() -> None:
    text = fixture("agentur.txt")
    other = Metadata("Ein anderer Titel", "Emil Fremd", "Fremdblatt", date(2024, 3, 15))
    assert locate(text, structure(text, other), other) == {}


def test_an_item_carries_its_headings_and_its_lead_in() -> None:
    text, metadata = article(XPERT)
    blocks = by_line(text, metadata)
    assert blocks[15].headings[0] == "Investitionen und Initiativen"
    assert blocks[15].headings[-1].endswith("angekündigt:")
    assert blocks[66].headings == (
        "Europas Weg zur KI-Spitzenposition: Highlights vom AI Action Summit in Paris",
        "1. Investitionen als Wachstumstreiber",
    )
    assert blocks[84].headings == ("Was bedeutet das für den globalen Wettbewerb?",)


def test_the_levels_of_markdown_headings_nest() -> None:
    text = fixture("bericht.md")
    last = {b.headings for b in structure(text, Metadata()) if b.kind == "item"}
    assert ("Zustand", "Nach Ländern", "Am meisten Fläche haben:") in last
    assert ("Zustand", "Ursachen") in last


@pytest.mark.parametrize(
    ("line", "author", "day"),
    [
        ("Von Anna Muster", "Anna Muster", None),
        ("Verfasser: Konrad Muster", "Konrad Muster", None),
        ("Autorin: Anna Muster-Probe | 3. März 2024", "Anna Muster-Probe", date(2024, 3, 3)),
        ("Bernd Beispiel 10.02.2025 - 18:02 Uhr", "Bernd Beispiel", date(2025, 2, 10)),
        ("Veröffentlicht am: 11. Februar 2025", None, date(2025, 2, 11)),
        ("Aktualisiert am 4.3.2024, veröffentlicht am 3.3.2024", None, date(2024, 3, 3)),
        ("Stand: 03.04.2024, 10:12 Uhr", None, date(2024, 4, 3)),
        ("| 3. Jänner 2024", None, date(2024, 1, 3)),
        ("2024-03-04", None, date(2024, 3, 4)),
        ("Von Anna Muster und Bernd von der Heide, Berlin", "Anna Muster und Bernd von der Heide",
         None),
        ("Berlin, 10. Februar 2025", None, date(2025, 2, 10)),
    ],
)  # fmt: skip
def test_a_german_byline_is_read(line: str, author: str | None, day: date | None) -> None:
    text = f"Ein Titel für den Test\n{line}\n" + "Der Rat hat beschlossen, was zu tun ist. " * 4
    read = read_metadata(text)
    assert (read.title, read.author, read.date) == ("Ein Titel für den Test", author, day)
    assert kinds(text) == "tmp"


@pytest.mark.parametrize(
    "line",
    [
        "Von Mäusen und Menschen",
        "Von Anna Muster ist ein neues Buch erschienen.",
        "Am 10. Februar 2025 kam Anna Muster nach Berlin.",
        "10. Februar 2025: Beginn der Gespräche",
        "Der 30.02.2024 steht in keinem Kalender.",
    ],
)
def test_what_only_resembles_a_byline_stays_text(line: str) -> None:
    text = f"Ein Titel für den Test\n{line}\n" + "Der Rat hat beschlossen, was zu tun ist. " * 4
    assert "m" not in kinds(text)
    assert read_metadata(text).author is None


@pytest.mark.parametrize(
    "line",
    [
        "Wie sehen Sie das?",
        "Wir haben unseren Kunden ein gutes Angebot gemacht, und Sie sehen das Ergebnis.",
        "Lesen Sie auch die Packungsbeilage, rät die Apothekerin.",
        "Der Verlag hat seinen Newsletter eingestellt und 4.000 Abonnenten verloren.",
        "Facebook und Instagram gehören zum selben Konzern.",
        "Die Anzeige gegen den Bürgermeister wurde am Montag zurückgezogen.",
        "„Rufen Sie uns an unter 0211 5550“, stand auf dem Zettel, den die Polizei fand.",
        "Die Telefonnummer 116 117 hilft außerhalb der Sprechzeiten.",
        "Passend dazu senkte die Bank den Zins auf 2,5 Prozent.",
        "Mehr zum Thema Wasserstoff sagte der Minister am Dienstag nicht.",
        "Laut Impressum sitzt die Firma in Neustadt.",
    ],
)
def test_a_real_sentence_with_a_word_of_the_web_stays(line: str) -> None:
    body = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird. " * 3
    for gap in ("\n", "\n\n"):
        assert "b" not in kinds(gap.join(["Ein Titel für den Test", body, line, body, line]))


@pytest.mark.parametrize(
    "line",
    [
        "Anzeige",
        "+++ Anzeige +++",
        "[Lesen Sie auch: Was die Brücke kostet]",
        "» Mehr zum Thema: Brücken im Land",
        "Melden Sie sich jetzt für unseren Newsletter an!",
        "Jetzt 30 Tage kostenlos testen, monatlich kündbar.",
        "Sie haben bereits ein Abo? Jetzt anmelden und weiterlesen.",
        "© 2024 Musterverlag. Alle Rechte vorbehalten.",
        "Diesen Artikel teilen",
        "* * *",
    ],
)
def test_a_line_of_the_page_between_paragraphs_is_boilerplate(line: str) -> None:
    body = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird. " * 3
    assert kinds("\n".join(["Ein Titel für den Test", body, line, body])) == "tpbp"
    assert kinds("\n\n".join(["Ein Titel für den Test", body, line, body])) == "tpbp"


def test_a_heading_below_a_link_lead_is_kept() -> None:
    body = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird. " * 3
    page = ["Ein Titel für den Test", body, "Passend dazu:", "Was die Brücke kostet", body]
    assert kinds("\n".join(page)) == "tpbhp"
    assert kinds("\n\n".join(page)) == "tpbhp"


def test_the_author_named_below_the_last_section_does_not_make_it_a_teaser() -> None:
    body = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird. " * 3
    page = ["Ein Titel für den Test", body, "Zum Schluss", "Ein Ausblick", "Es bleibt offen."]
    assert kinds("\n\n".join([*page, "Von Anna Muster"])) == "tphhpm"


def test_numbered_lines_in_a_row_are_items_and_above_text_headings() -> None:
    body = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird. " * 3
    assert kinds(f"Ein Titel\n{body}\n1. Die Brücke\n2. Der Fluss\n3. Das Ufer\n{body}") == "tpiiip"
    assert kinds(f"Ein Titel\n{body}\n1. Die Brücke\n{body}\n2. Der Fluss\n{body}") == "tphphp"


@pytest.mark.parametrize("name", ["agentur.txt", "interview.txt", "pressemitteilung.txt"])
def test_no_sentence_of_an_article_is_boilerplate_on_a_line_of_its_own(name: str) -> None:
    text = fixture(name)
    paragraphs = [b for b in structure(text, Metadata()) if b.kind == "paragraph"]
    sentences = [s for b in paragraphs for s in text[b.start : b.end].split(". ")]
    for gap in ("\n", ".\n", "\n\n"):
        assert "b" not in kinds(gap.join(sentences))


# Any text, with the signs that decide: line breaks of every sort, markers, words of the web.
PIECES = st.sampled_from(
    ["\n", "\n\n", "\r\n", "\f", "\u2028", "\x85", " ", "# ", "- ", "1. ", "**", "---\n", "von ",
     "Anzeige", "Lesen Sie auch", "Von Anna Muster", "3. März 2024", "Foto: ", "Startseite > ",
     "Kontakt:", "©", "Tel. 0211 5550", "wir Ihnen", "„", "“", ":", ".", "?", "title: x", "☑️ "]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=60).map("".join)


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_any_text_is_divided_into_its_lines_and_nothing_raises(text: str) -> None:
    metadata = read_metadata(text)
    blocks = structure(text, metadata)
    check_spans(text, blocks)
    for start, end in locate(text, blocks, metadata).values():
        assert 0 <= start < end <= len(text)
        assert any(b.start <= start and end <= b.end for b in blocks)


@settings(max_examples=100, deadline=None)
@given(TEXTS, st.text(max_size=30), st.text(max_size=20))
def test_unfitting_metadata_does_no_harm(text: str, title: str, author: str) -> None:
    metadata = Metadata(title, author, author, date(2024, 3, 3))
    blocks = structure(text, metadata)
    check_spans(text, blocks)
    assert sum(b.kind == "title" for b in blocks) <= 1
    locate(text, blocks, metadata)


BODY = "Der Rat der Stadt hat am Abend beschlossen, dass die Brücke neu gebaut wird, sagte er.\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "Das ist ein Satz. " * 60_000,
        "a" * 1_000_000,
        "„" * 1_000_000,
        "1.1.2024 " * 110_000,
        " " * 1_000_000 + "x",
        "\n".join(f"Zeile {i} der Stadt" for i in range(200_000)),
        "von Anna Muster\n" * 200_000,
        "Haus: Wert 1\n" * 200_000,
        "Kontakt\n" * 200_000,
        BODY * 5 + "Lesen Sie auch\n\n" * 200_000,
        BODY * 5 + "Thema\n\nTitel der Sache\n\nEin Satz.\n\nvon Anna Muster\n\n" * 50_000,
    ],
    ids=["line", "word", "quotes", "dates", "spaces", "lines", "bylines", "facts", "contacts",
         "leads", "teasers"],
)  # fmt: skip
def test_a_huge_page_takes_seconds_and_not_minutes(text: str) -> None:
    started = time.process_time()
    structure(text, Metadata(title="Zeile 3 der", publisher="Stadt"))
    assert time.process_time() - started < 10  # 2 on an idle machine; quadratic would be hours
