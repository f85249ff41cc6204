"""Where two articles say different things about the same, and where it only looks so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from small_world import World

from rag import app, cli, conflict, contract
from rag.cite import at
from rag.lines import line_of
from rag.ranges import comparable, differ, measured
from rag.render import Renderer
from rag.sentences import sentence_spans
from rag.talk import Draft
from rag.texts import load_texts
from rag.types import Answer, Article, Conflict, Evidence, Metadata, Statement, Verdict


def sentences(article: Article) -> Iterator[Evidence]:
    """The sentences below the title."""
    text = article.text
    for start, end in sentence_spans(text, text.index("\n")):
        line = line_of(text, start)
        before = text[:start].rpartition("\n")[2]
        yield Evidence(article.id, line, start, end, text[start:end], (), article.metadata, before)


def articles(*bodies: str) -> list[Article]:
    return [
        Article(f"{n}.txt", f"Bericht\n\n{body}\n", "", Metadata("Bericht", publisher=f"Blatt {n}"))
        for n, body in enumerate(bodies, 1)
    ]


def found(question: str, *bodies: str) -> tuple[Conflict, ...]:
    """The conflicts of an answer that quotes the first sentence of the first article."""
    own = articles(*bodies)
    evidence = [piece for article in own for piece in sentences(article)]
    first = evidence[0]
    citation = at(own[0], first.start, first.end)
    statement = Statement(first.text, Verdict("supported", 1.0), (citation,))
    return conflict.find(question, [statement], evidence, {a.id: a for a in own}.__getitem__)


CONFLICTS = [
    (
        "Wie viel Geld will Norwald in Speicher investieren?",
        "Präsidentin Elke Brand kündigte an, Norwald werde 118 Milliarden Euro in Speicher "
        "investieren.",
        "Norwald will 118 Milliarden Dollar in neue Speicher investieren, sagte Brand.",
        ["118 Milliarden Euro (Blatt 1)", "118 Milliarden Dollar (Blatt 2)"],
    ),
    (
        "Wie viel Geld steckt der Fonds Nordlicht in das Kraftwerk?",
        "Für das Kraftwerk in Gartow gibt der Fonds Nordlicht 20 bis 40 Millionen Franken aus.",
        "Der Fonds Nordlicht steckt bis zu 40 Millionen Euro in das Kraftwerk in Gartow.",
        ["20 bis 40 Millionen Franken", "bis zu 40 Millionen Euro"],
    ),
    (
        "Wie viele Verletzte gab es beim Brand der Mühle?",
        "Beim Brand der Mühle in Rehna gab es zwölf Verletzte.",
        "Bei dem Brand in der Mühle von Rehna gab es 17 Verletzte.",
        ["zwölf Verletzte", "17 Verletzte"],
    ),
    (
        "Wie viele Mitarbeiter hat die Firma Kessel?",
        "Die Firma Kessel aus Aalen hat 240 feste Mitarbeiter.",
        "Kessel ist eine Firma aus Aalen mit 310 Mitarbeitern.",
        ["240 feste Mitarbeiter", "310 Mitarbeitern"],
    ),
    (
        "Wann wurde die Brücke in Dömitz eröffnet?",
        "Die Brücke in Dömitz wurde am 3. Mai 1992 eröffnet.",
        "Die Brücke in Dömitz wurde am 8. Mai 1992 feierlich eröffnet.",
        ["3. Mai 1992", "8. Mai 1992"],
    ),
    (
        "Wann wurde die Firma Kessel gegründet?",
        "Die Firma Kessel wurde 1998 von zwei Brüdern gegründet.",
        "Gegründet wurde die Firma Kessel 1996 von zwei Brüdern.",
        ["1998", "1996"],
    ),
    (
        "Wie alt ist die Fahrerin Ilse Thormann?",
        "Die Fahrerin Ilse Thormann ist 34 Jahre alt.",
        "Am Steuer des Wagens saß die 36-jährige Fahrerin Ilse Thormann.",
        ["34 Jahre alt", "36-jährige"],
    ),
    (
        "Wie hoch ist der Turm von Lenzen?",
        "Der Turm von Lenzen ist 48 Meter hoch.",
        "48 Stufen führen hinein, und 53 Meter hoch ist der alte Turm von Lenzen.",
        ["48 Meter", "53 Meter"],
    ),
    (
        "Was sagt der Bericht über die Kosten des Theaters?",
        "Der Umbau des Theaters in Hagenow kostet 14 Millionen Euro.",
        "Der Umbau des Theaters in Hagenow kostet 19 Millionen Euro.",
        ["14 Millionen Euro", "19 Millionen Euro"],
    ),
]


@pytest.mark.parametrize(("question", "first", "second", "said"), CONFLICTS)
def test_another_value_for_the_same_thing_is_told_with_both_places(
    question: str, first: str, second: str, said: Sequence[str]
) -> None:
    told = found(question, first, second)
    assert len(told) == 1
    assert [part in told[0].text for part in said] == [True] * len(said)
    assert [c.article for c in told[0].citations] == ["1.txt", "2.txt"]
    assert [c.quote for c in told[0].citations] == [first, second]


@pytest.mark.parametrize(("question", "first", "second", "said"), CONFLICTS)
def test_one_article_alone_does_not_contradict_itself(
    question: str, first: str, second: str, said: Sequence[str]
) -> None:
    assert found(question, f"{first} {second}") == ()


@pytest.mark.parametrize(("question", "first", "second", "said"), CONFLICTS)
def test_an_article_that_also_says_the_same_does_not_contradict(
    question: str, first: str, second: str, said: Sequence[str]
) -> None:
    assert found(question, first, f"{second} {first}") == ()
    assert found(question, f"{first} {second}", second) == ()


OFFICE = "Welches Amt hat Jan Moor?"


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            "Vizepremier Jan Moor kam nach Lund.",
            "In Lund sprach Vizepräsident Jan Moor zu den Gästen.",
            "Vizepremier Jan Moor (Blatt 1), Vizepräsident Jan Moor (Blatt 2)",
        ),
        (
            "Bundeskanzler Jan Moor kam nach Lund.",
            "Für das Land sprach Bundespräsident Moor.",
            "Bundeskanzler Jan Moor (Blatt 1), Bundespräsident Moor (Blatt 2)",
        ),
    ],
)
def test_another_office_of_the_same_person_is_told(first: str, second: str, said: str) -> None:
    (told,) = found(OFFICE, first, second)
    assert said in told.text
    assert [c.quote for c in told.citations] == [first, second]


@pytest.mark.parametrize(
    ("question", "second"),
    [
        (OFFICE, "In Lund sprach auch der stellvertretende Premierminister Jan Moor."),
        (OFFICE, "In Lund sprach Vizepräsident Per Dahl."),
        (OFFICE, "In Lund sprach der frühere Vizepräsident Jan Moor."),
        (OFFICE, "In Lund sprach Fifa-Vizepräsident Jan Moor."),
        (OFFICE, "In Lund sprach Außenminister Jan Moor."),
        (OFFICE, "Vizepräsident Jan Moor sprach. Mit ihm kam Vizepremier Jan Moor."),
        ("Wie heißt die Stadt, in die Jan Moor kam?", "Vizepräsident Jan Moor kam nach Lund."),
    ],
)
def test_an_office_that_may_be_held_too_or_is_another_persons_is_no_conflict(
    question: str, second: str
) -> None:
    assert found(question, "Vizepremier Jan Moor kam nach Lund.", second) == ()


def test_a_minister_of_two_things_is_no_conflict() -> None:
    one, two = "Außenminister Jan Moor kam nach Lund.", "In Lund sprach Justizminister Jan Moor."
    assert found(OFFICE, one, two) == ()


THEATRE = "Was kostet der Umbau des Theaters in Hagenow?"


@pytest.mark.parametrize(
    ("what", "question", "first", "second"),
    [
        (
            "another year",
            "Wie viele Besucher hatte das Museum in Ratzeburg?",
            "Das Museum in Ratzeburg hatte 2019 insgesamt 4.300 Besucher.",
            "Das Museum in Ratzeburg hatte 2021 insgesamt 2.900 Besucher.",
        ),
        (
            "a year in one of them only",
            "Wie viele Einwohner hat Ratzeburg?",
            "Ratzeburg hat 14.600 Einwohner.",
            "Im Jahr 1950 hatte Ratzeburg 12.300 Einwohner.",
        ),
        (
            "a part of it",
            "Wie viele Mitarbeiter hat die Firma Kessel?",
            "Die Firma Kessel hat 240 Mitarbeiter.",
            "Davon hat die Firma Kessel 90 Mitarbeiter erst eingestellt.",
        ),
        (
            "more of it",
            "Wie viel Geld gibt der Bund für das Kraftwerk in Gartow?",
            "Der Bund gibt 20 Millionen Euro für das Kraftwerk in Gartow.",
            "Der Bund gibt weitere 7 Millionen Euro für das Kraftwerk in Gartow.",
        ),
        (
            "at another place",
            "Wie viele Mitarbeiter hat die Firma Kessel?",
            "Die Firma Kessel hat 240 Mitarbeiter.",
            "Die Firma Kessel hat in Schwerin 60 Mitarbeiter.",
        ),
        (
            "rounded with a word",
            "Wie viele Gäste kamen zum Fest in Rehna?",
            "Zum Fest in Rehna kamen 97 Gäste.",
            "Zum Fest in Rehna kamen fast 100 Gäste.",
        ),
        (
            "more than",
            "Wie viele Firmen gehören zum Bündnis Elbe?",
            "Zum Bündnis Elbe gehören 64 Firmen.",
            "Zum Bündnis Elbe gehören mehr als 60 Firmen.",
        ),
        (
            "rounded without a word",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 2,48 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow kostet 2,5 Millionen Euro.",
        ),
        (
            "a range that holds it",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 30 bis 50 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow kostet bis zu 50 Millionen Euro.",
        ),
        (
            "the same, spelt otherwise",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 2,5 Mio. Euro.",
            "Der Umbau des Theaters in Hagenow kostet 2.500.000 €.",
        ),
        (
            "converted",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 50 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow kostet 54 Millionen Dollar.",
        ),
        (
            "both currencies in one sentence",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 50 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow kostet 50 Millionen Dollar (46 Millionen Euro).",
        ),
        (
            "another person",
            "Wie alt ist die Fahrerin?",
            "Die Fahrerin Ilse Thormann ist 34 Jahre alt.",
            "Die Fahrerin Jutta Menge ist 51 Jahre alt.",
        ),
        (
            "nobody named",
            "Wie alt ist der Verdächtige?",
            "Der Verdächtige ist 34 Jahre alt.",
            "Der Verdächtige ist 51 Jahre alt.",
        ),
        (
            "another city",
            "Wie hoch ist der Turm?",
            "Der Turm von Lenzen ist 48 Meter hoch.",
            "Der Turm von Perleberg ist 53 Meter hoch.",
        ),
        (
            "another event",
            "Wann wurde die Brücke in Dömitz eröffnet?",
            "Die Brücke in Dömitz wurde am 3. Mai 1992 eröffnet.",
            "Die Brücke in Dömitz wurde am 20. April 1945 zerstört.",
        ),
        (
            "every year again",
            "Wann beginnt das Hafenfest in Wismar?",
            "Das Hafenfest in Wismar beginnt am 8. Juni 2023.",
            "Das Hafenfest in Wismar beginnt am 13. Juni 2024.",
        ),
        (
            "less exact",
            "Wann wurde die Brücke in Dömitz eröffnet?",
            "Die Brücke in Dömitz wurde am 3. Mai 1992 eröffnet.",
            "Die Brücke in Dömitz wurde im Mai 1992 eröffnet.",
        ),
        (
            "another measure",
            "Wie lang ist die Brücke in Dömitz?",
            "Die Brücke in Dömitz ist 970 Meter lang.",
            "Die Brücke in Dömitz ist 12 Meter breit.",
        ),
        (
            "plan and outcome",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostete 14 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow sollte 9 Millionen Euro kosten.",
        ),
        (
            "each year",
            THEATRE,
            "Der Umbau des Theaters in Hagenow kostet 14 Millionen Euro.",
            "Der Umbau des Theaters in Hagenow kostet 2 Millionen Euro jährlich.",
        ),
        (
            "another thing counted",
            "Wie viele Verletzte gab es beim Brand der Mühle in Rehna?",
            "Beim Brand der Mühle in Rehna gab es zwölf Verletzte.",
            "Beim Brand der Mühle in Rehna gab es zwei Tote.",
        ),
        (
            "rows of a table",
            "Wie viele Sekunden Rückstand hatte Vetter?",
            "Ole Vetter (SWE) + 18,7 Sek. (1./26.) – 3.",
            "Ole Vetter (SWE) + 12,5 Sek. (8./8.) – 3.",
        ),
        (
            "nothing like the question",
            "Wie viel Geld gibt der Bund für das Kraftwerk in Gartow?",
            "Der Bund gibt 20 Millionen Euro für das Kraftwerk in Gartow.",
            "Der Bund gibt 35 Millionen Euro für neue Kitas aus.",
        ),
    ],
)
def test_what_only_looks_like_a_conflict_is_none(
    what: str, question: str, first: str, second: str
) -> None:
    assert found(question, first, second) == (), what


def test_all_articles_that_differ_are_told_of_in_one_conflict() -> None:
    one, two, three = (f"Beim Brand in Rehna gab es {n} Verletzte." for n in (12, 17, 21))
    (told,) = found("Wie viele Verletzte gab es beim Brand in Rehna?", one, two, three)
    assert [c.article for c in told.citations] == ["1.txt", "2.txt", "3.txt"]
    assert told.text == (
        "Die Artikel nennen Verschiedenes: 12 Verletzte (Blatt 1), 17 Verletzte (Blatt 2), "
        "21 Verletzte (Blatt 3)."
    )


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("rund 100 Gäste", "97 Gäste", False),
        ("rund 100 Gäste", "130 Gäste", True),
        ("fast 100 Gäste", "104 Gäste", False),
        ("103 Gäste", "104 Gäste", True),
        ("mehr als 60 Gäste", "64 Gäste", False),
        ("mehr als 60 Gäste", "40 Gäste", True),
        ("zwischen 30 und 50 Euro", "40 Euro", False),
        ("zwischen 30 und 50 Euro", "70 Euro", True),
        ("20 Euro", "20 Dollar", True),
        ("im Jahr 1998", "am 3. Mai 1998", False),
        ("im Jahr 1998", "am 3. Mai 1999", True),
        ("im Jahr 1998", "im Jahr 1999", True),
        ("am 3. Mai", "am 4. Mai 1999", True),
    ],
)
def test_values_differ_only_if_both_cannot_be_right(one: str, other: str, expected: bool) -> None:
    (a,), (b,) = measured(one), measured(other)
    assert comparable(a, b)
    assert (differ(a, b), differ(b, a)) == (expected, expected)


def test_years_and_bare_numbers_are_no_counts() -> None:
    assert [(m.kind, m.text) for m in measured("Im Jahr 1998 Gäste, 1500 Gäste, Platz 7.")] == [
        ("date", "1998"),
        ("count", "1500 Gäste"),
    ]


MILL = "Brand der Mühle\n\nBeim Brand der Mühle in Rehna gab es zwölf Verletzte.\n"
MILL_AGAIN = "Feuer & <b>Mühle</b>\n\nBeim Brand der Mühle in Rehna gab es 17 Verletzte.\n"
HURT = "Wie viele Verletzte gab es beim Brand der Mühle in Rehna?"


@pytest.fixture
def mill(tmp_path: Path) -> World:
    world = World(tmp_path).write(eins=MILL, zwei=MILL_AGAIN)
    world.build()
    return world


def test_an_answer_says_where_the_articles_differ(mill: World) -> None:
    answer = mill.assistant().ask(HURT)
    (told,) = answer.conflicts
    assert {c.article for c in told.citations} == {"eins.txt", "zwei.txt"}
    for c in told.citations:
        article = mill.assistant().article(c.article)
        assert article.text[c.start : c.end] == c.quote
        assert c.first_line == c.last_line == line_of(article.text, c.start) == 3


def test_the_json_has_the_text_and_the_citations_as_everywhere(mill: World) -> None:
    shown = json.loads(json.dumps(contract.answer_json(mill.assistant().ask(HURT))))
    (told,) = shown["conflicts"]
    assert list(told) == ["text", "citations"]
    assert "Verletzte" in told["text"]
    for c in told["citations"]:
        assert list(c) == list(shown["statements"][0]["citations"][0])
        assert c["quote"] in MILL + MILL_AGAIN


def test_an_abstention_has_no_conflicts(mill: World) -> None:
    answer = mill.assistant().ask("Wer regiert die Insel Helgoland?")
    assert (answer.answered, answer.conflicts) == (False, ())


def test_the_command_line_shows_the_conflict_with_its_numbers(
    mill: World, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(app, "make_assistant", lambda *_: mill.assistant())
    folders = ("--corpus", str(mill.settings.corpus), "--index", str(mill.settings.index))
    assert cli.main([*folders, "ask", HURT]) == 0
    out = capsys.readouterr().out
    (line,) = [each for each in out.split("\n") if each.startswith("Die Artikel nennen")]
    assert line.endswith("[1][2]")
    assert "[2] " in out.split(line)[1]


def test_the_page_shows_the_conflict_under_the_answer_and_escapes_it(mill: World) -> None:
    answer = mill.assistant().ask(HURT)
    articles = {a.id: a for a in mill.assistant().articles()}
    page = Renderer(load_texts(), articles).turn(done(answer))
    before, note = page.split('<section class="conflict">')
    note, after = note.split("</section>", 1)
    assert '<div class="answer">' in before
    assert '<section class="sources">' in after
    assert note.count('class="cite"') == 2
    assert "[1]" in note
    assert "[2]" in note
    assert "&lt;b&gt;Mühle&lt;/b&gt;" in note
    assert "<b>" not in note


def done(answer: Answer) -> Draft:
    return Draft(answer.question, stage="done", answer=answer)
