"""Planted sentences: the rules do what they say, the same every time, and the measurement counts
what the check says."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.__main__ import main
from eval.planted.kinds import FALSE
from eval.planted.measure import PAGE, measure, plant
from eval.planted.page import page
from eval.planted.pieces import is_plain, read_sources
from eval.planted.retelling import TRUE
from eval.planted.rule import Piece
from eval.planted.shares import ALL, FILE, GROUPS, Outcome, cell, groups, summary, table, wilson

RULES = {kind: rule for _, kind, rule in (*FALSE, *TRUE)}

FERRY = (
    "Die Fähre Marlene fährt seit dem 6. Februar 2025 zwischen den Inseln und gehört der Reederei. "
    "Sie kostete 2,5 Milliarden Euro und hat 340 Kabinen für 1.200 Gäste. "
    "Kapitän Peter Lohmann lobte in Hamburg die Arbeit der Werft und dankte Claudia Reimers. "
    "Im Sommer könnte die neue Linie nach Angaben der Reederei bis Dänemark verlängert werden. "
    "Die Gemeinde hatte sich eine zweite Fähre (ein älteres Schiff) für den Winter gewünscht. "
    "Der Umsatz stieg um 12 Prozent, der Gewinn wuchs um 15 Prozent auf einen neuen Höchstwert. "
    "Im Jahr davor war der Umsatz an derselben Stelle noch um 31 Prozent gefallen. "
    "Das Land hat die Förderung für den Hafen nicht erhöht."
)
MILL = (
    "Die Mühle am Bach wurde nach dem Brand von Freiwilligen aus dem Dorf wieder aufgebaut. "
    "Der Müller hat das Mahlwerk zwölf Tage lang zerlegt und alle Lager erneuert. "
    "Zur Eröffnung kamen mehr als 400 Menschen aus Schweden und Norwegen in das kleine Tal. "
    "„Wir haben das gemeinsam für unsere Enkel getan“, sagte die Bürgermeisterin bei der Feier. "
    "Robert Anders, Leiter des Museums, hat dem Dorf dafür eine große Glocke aus Riga geschenkt."
)


ABOUT = {
    **{"sources": ["news:n.jsonl"], "articles": 1, "limit": 5, "seed": 1},
    **{"commit": None, "date": "2026-11-23T12:00:00+00:00"},
}


def piece(text: str, near: str = "", foreign: str = "") -> Piece:
    return Piece(text, "", (near,), f"{text} {near}", foreign)


def planted(kind: str, text: str, near: str = "", foreign: str = "") -> str | None:
    return RULES[kind](piece(text, near, foreign), chance())


def chance(seed: int = 1) -> Random:
    return Random(seed)  # noqa: S311


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "faehre.txt").write_text(FERRY + "\n", encoding="utf-8")
    (corpus / "muehle.txt").write_text(MILL + "\n", encoding="utf-8")
    return corpus


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("factor", "Sie kostete 2,5 Milliarden Euro.", "Sie kostete 2,5 Millionen Euro."),
        ("factor", "Dort standen 27 Boote.", "Dort standen 270 Boote."),
        ("unit or currency", "Sie kostete 27 Euro im Monat.", "Sie kostete 27 Dollar im Monat."),
        ("bound of a time", "Nach 1998 fuhr sie nicht mehr.", "Vor 1998 fuhr sie nicht mehr."),
        ("bound of a time", "Sie fuhr von 1950 bis 1998.", None),
        (
            "numbers exchanged",
            "Von 12 Booten fahren heute noch 5 aus.",
            "Von 5 Booten fahren heute noch 12 aus.",
        ),
        (
            "names exchanged",
            "Indien lieferte Kanada im Frühjahr das Getreide.",
            "Kanada lieferte Indien im Frühjahr das Getreide.",
        ),
        (
            "nicht inserted",
            "Die Brücke wurde im Mai gebaut.",
            "Die Brücke wurde im Mai nicht gebaut.",
        ),
        (
            "nicht inserted",
            "Der Rat versprach, dass die Brücke gebaut worden sei.",
            "Der Rat versprach, dass die Brücke nicht gebaut worden sei.",
        ),
        ("kein for ein", "Die Stadt hat ein Museum.", "Die Stadt hat kein Museum."),
        (
            "denial removed",
            "Der Rat hat die Mittel noch nicht bewilligt.",
            "Der Rat hat die Mittel bewilligt.",
        ),
        ("turned round", "Die Zahl der Boote stieg im Mai.", "Die Zahl der Boote sank im Mai."),
        (
            "reservation dropped",
            "Die Linie könnte im Mai verlängert werden.",
            "Die Linie wird im Mai verlängert werden.",
        ),
        (
            "number respelled",
            "Sie kostete zwölf Euro, sagt man.",
            "Sie kostete 12 Euro, sagt man.",
        ),
        ("unit respelled", "Sie kostete 27 Euro.", "Sie kostete 27 €."),
        ("unit respelled", "Der Umsatz stieg um 3 %.", "Der Umsatz stieg um 3 Prozent."),
        (
            "denial kept",
            "Die Straße zum Hafen wurde nicht erneuert.",
            "Die Strasse zum Hafen wurde nicht erneuert.",
        ),
        ("date respelled", "Sie fährt seit dem 6. Februar 2025.", "Sie fährt seit dem 06.02.2025."),
        ("surname only", "Peter Lohmann lobte die Werft.", "Lohmann lobte die Werft."),
        (
            "apposition left out",
            "Robert Anders, Leiter des Museums, hat eine Glocke geschenkt.",
            "Robert Anders hat eine Glocke geschenkt.",
        ),
        (
            "first clause only",
            "Die Fähre ist alt, und das Dorf hat eine neue bestellt.",
            "Die Fähre ist alt.",
        ),
        (
            "time put first",
            "Die Fähre wurde im Jahr 2019 in Rostock gebaut.",
            "Im Jahr 2019 wurde die Fähre in Rostock gebaut.",
        ),
    ],
)
def test_a_rule_changes_what_it_says_and_nothing_else(kind: str, text: str, expected: str) -> None:
    assert planted(kind, text) == expected


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("digits", "Die GPT-4 genannte Anlage läuft seit 14.30 Uhr im 3. Stock."),
        ("numbers exchanged", "Es waren 12 oder 15 Boote im Hafen."),
        ("names exchanged", "Indien und Kanada lieferten im Frühjahr das Getreide."),
        ("names exchanged", "Indien traf im Endspiel auf Kanada."),
        ("nicht inserted", "Die Brücke wurde niemals ganz gebaut."),
        ("kein for ein", "Der Rat tagte in einem Saal und sprach mit einer Lehrerin."),
        ("denial removed", "Die Brücke ist nicht nur alt, sondern auch schmal."),
        ("turned round", "Das ist nicht mehr als ein Versuch."),
        ("apposition left out", "Es kamen Robert Anders, die Schmiede des Dorfes, viele Kinder."),
        ("first clause only", "Wenn die Fähre alt ist, und das Dorf hat eine bestellt, fährt sie."),
        ("parenthesis left out", "Das Boot (nicht das alte) liegt im Hafen."),
        ("denial kept", "Die Straße zum Hafen wurde erneuert."),
        ("title left out", "Der frühere Präsident Robert Anders kam."),
    ],
)
def test_a_rule_keeps_off_where_the_claim_might_stay_the_same(kind: str, text: str) -> None:
    assert planted(kind, text) is None


def test_a_wrong_number_stands_nowhere_in_the_article() -> None:
    others = " ".join(f"{n} Tonnen." for n in range(10, 99) if n != 57)
    text = "Das Boot trägt 25 Tonnen."
    rule = RULES["digits"]
    made = {rule(Piece(text, "", (), f"{text} {others}"), chance(seed)) for seed in range(60)}
    assert made <= {None, "Das Boot trägt 57 Tonnen."}
    free = {rule(Piece(text, "", (), text), chance(seed)) for seed in range(20)}
    assert None not in free
    assert text not in free


def test_a_name_is_replaced_by_one_of_the_same_sort_from_where_it_says() -> None:
    text = "Das Fest begann in Schweden mit Musik."
    near = "In Norwegen regnete es, Riga lag im Nebel."
    assert planted("name from nearby", text, near=near) == text.replace("Schweden", "Norwegen")
    elsewhere = RULES["name from elsewhere"]
    assert elsewhere(Piece(text, "", (near,), f"{text} {near}"), chance()) is None
    article = f"{text} {near} Später ging es nach Polen."
    assert elsewhere(Piece(text, "", (near,), article), chance()) == text.replace(
        "Schweden", "Polen"
    )


def test_one_word_of_a_quotation_is_another_one() -> None:
    text = "„Wir haben das gemeinsam getan“, sagte sie."
    made = planted("word in quotation", text, foreign="Der Kran stand drüben am Wasser.")
    assert made is not None
    changed = [(a, b) for a, b in zip(text.split(), made.split(), strict=True) if a != b]
    assert len(changed) == 1
    assert made.endswith("“, sagte sie.")


def test_headings_questions_and_addresses_are_no_statements() -> None:
    assert is_plain("Die Brücke über den Fluss wurde im Mai von der Stadt gebaut.")
    assert not is_plain("Warum wurde die Brücke über den Fluss von der Stadt gebaut?")
    assert not is_plain("Neue Brücke über den Fluss wurde von der Stadt im Mai gebaut")
    assert not is_plain("Mehr dazu steht unter www.bruecke.example im Netz der Stadt selbst.")
    assert not is_plain("Dieses Haus ist ein Werk der Meister des frühen 20.")


def test_the_same_articles_give_the_same_sentences(folder: Path) -> None:
    told = read_sources((), folder, 1200)
    for _, kind, rule in (*FALSE, *TRUE):
        first = plant(told, kind, rule, 5)
        assert first == plant(told, kind, rule, 5)
        for sentence, article, at in first:
            same = sentence == told[article].evidence[at].text
            assert same == (kind == "word for word")


def test_the_check_is_measured_alone_and_beside_other_evidence(folder: Path) -> None:
    told = read_sources((), folder, 1200)
    outcomes = measure(told, 3, lambda line: None)
    by_kind = {o.kind: o for o in outcomes}
    digits, same = by_kind["digits"], by_kind["word for word"]
    assert digits.alone[0] == digits.beside[0] == "unsupported"
    assert digits.right(digits.alone)
    assert any(reason.startswith("number") for reason in digits.alone[1:])
    assert same.alone == ("supported",)
    assert same.right(same.beside)
    assert same.source in same.proof
    near = by_kind["number from nearby"]
    assert near.alone[0] == "unsupported"


def test_an_interval_is_wilsons() -> None:
    # Worked by hand: n = 10, 8 hits, z = 1.96.
    low, high = wilson(8, 10)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert wilson(0, 50)[0] == 0
    assert 0 < wilson(0, 50)[1] < 0.1
    assert wilson(50, 50)[1] == pytest.approx(1)


def test_the_command_writes_all_sentences_and_prints_the_table(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert main(["planted", "--corpus", str(folder), "--limit", "2", "--out", str(out)]) == 0
    written = json.loads((out / FILE).read_text(encoding="utf-8"))
    assert capsys.readouterr().out.strip() == table(written["kinds"])
    assert {"sentence", "source", "alone", "beside", "proof"} <= written["sentences"][0].keys()
    total = sum(row["n"] for row in written["kinds"] if row["kind"])
    assert total == len(written["sentences"])


def test_the_groups_are_of_real_checks_and_kinds_and_count_every_sentence_once(
    folder: Path,
) -> None:
    known = {check for check, _, _ in FALSE} | {kind for _, kind, _ in TRUE}
    assert {name for parts in GROUPS.values() for name in parts} <= known
    outcomes = measure(read_sources((), folder, 1200), 2, lambda line: None)
    for true in (False, True):
        rows = [row for row in groups(outcomes) if row["true"] == true]
        assert rows[-1]["check"] == ALL
        assert rows[-1]["n"] == sum(row["n"] for row in rows[:-1])
        assert rows[-1]["n"] == sum(o.true == true for o in outcomes)


def test_the_page_shows_the_rates_and_what_slipped_through_and_needs_nothing_else() -> None:
    # Judged by hand: the check catches none of these, and refuses what is true.
    slipped = Outcome(
        *("numbers", "digits", False, "Er wog 57 <b>Pfund</b>.", "Er wog 25 <b>Pfund</b>."),
        *("a.txt", 7, ("supported",), ("supported",), ("Er wog 25 <b>Pfund</b>.", "Wieso?")),
    )
    refused = Outcome(
        *("same", "word for word", True, "Es war <i>so</i>.", "Es war <i>so</i>.", "a.txt", 8),
        *(("supported",), ("unsupported", "wording: <i>so</i>"), ()),
    )
    caught = replace(slipped, kind="date", alone=("unsupported",), beside=("unsupported",))
    outcomes = [slipped, *[replace(slipped, kind="factor")] * 5, caught, refused]
    shown = page({**ABOUT, "kinds": summary(outcomes), "groups": groups(outcomes)}, outcomes)
    assert "Er wog <mark>57</mark> &lt;b&gt;Pfund" in shown
    assert "a.txt:7" in shown
    assert "Wieso?" in shown
    assert "digits (1)" in shown
    assert "factor (3 of 5)" in shown
    assert "date (" not in shown
    assert "unsupported (wording: &lt;i&gt;so" in shown
    assert "14.3 % (2.6 % to 51.3 %)" in shown  # 1 of 7
    assert not re.search(r"<b>Pfund|<i>so|https?:|src=|@import|url\(|<(script|link|img)\b", shown)


def test_the_table_of_a_kept_result_holds_the_rates_and_no_sentence_and_no_folder(
    tmp_path: Path,
) -> None:
    news = tmp_path / "news.jsonl"
    news.write_text(json.dumps({"text": MILL}), encoding="utf-8")
    out, results, readme = tmp_path / "out", tmp_path / "results", tmp_path / "README.md"
    assert main(["planted", f"news:{news}", "--limit", "2", "--out", str(out)]) == 0
    written = json.loads((out / FILE).read_text(encoding="utf-8"))
    shown = (out / PAGE).read_text(encoding="utf-8")
    assert "news:news.jsonl, 1 articles, up to 2 sentences of each kind" in shown
    readme.write_text("<!-- table:planted -->\n<!-- /table -->\n", encoding="utf-8")
    where = ["--readme", str(readme), "--results", str(results)]
    assert main(["tables", "--add", f"planted={out}", *where]) == 0
    kept = (results / "planted.json").read_text(encoding="utf-8")
    assert json.loads(kept) == {k: v for k, v in written.items() if k != "sentences"}
    assert str(tmp_path) not in kept
    text = readme.read_text(encoding="utf-8")
    (row,) = (r for r in written["groups"] if r["check"] == "number" and not r["true"])
    assert f"| false, caught: number | {row['n']} | {cell(row['alone'])} |" in text
    assert main(["tables", "--check", *where]) == 0
    readme.write_text(text.replace("caught: number | ", "caught: number | 9"), encoding="utf-8")
    assert main(["tables", "--check", *where]) == 1


def test_a_share_that_is_nearly_all_is_not_shown_as_all() -> None:
    assert cell({"value": 2999 / 3000, "low": 0.998, "high": 1.0}).startswith("99.97 % (99.8 %")
    assert cell({"value": 1.0, "low": 0.998, "high": 1.0}).startswith("100.0 % (")


def test_news_and_squad_files_bring_their_own_articles(tmp_path: Path) -> None:
    news = tmp_path / "news.jsonl.gz"
    news.write_bytes(gzip.compress(json.dumps({"text": MILL}).encode()))
    squad = tmp_path / "squad.json"
    answer = {"text": "Marlene", "answer_start": FERRY.index("Marlene")}
    asked = {"id": "1", "question": "Wie heißt die Fähre?", "answers": [answer]}
    entry = {"title": "Fähre", "paragraphs": [{"context": FERRY, "qas": [asked]}]}
    squad.write_text(json.dumps({"data": [entry]}), encoding="utf-8")
    told = read_sources((f"news:{news}", f"squad:{squad}"), tmp_path, 1200)
    assert [len(t.evidence) for t in told] == [5, 8]
    assert all(t.article.text[e.start : e.end] == e.text for t in told for e in t.evidence)


@pytest.mark.parametrize(
    ("source", "content", "said"),
    [
        ("news:FILE", b'{"text": 1}', "FILE:1: no JSON object"),
        ("news:FILE", b'{"text": "x"}\n{', "FILE:2: broken JSON"),
        ("news:FILE", b"\n", "FILE: holds no articles"),
        ("news:FILE", b"\xff", "FILE:1: is not UTF-8"),
        ("news:FILE.gz", b"no gzip", "FILE.gz: cannot be read"),
        ("news:FILE", None, "FILE: cannot be read"),
        ("FILE", b"", "sentences come from"),
        ("news:FILE", b'{"text": "Kurz."}', "No sentence"),
    ],
)
def test_wrong_input_is_refused_in_one_line(
    source: str,
    content: bytes | None,
    said: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = tmp_path / ("a.gz" if source.endswith(".gz") else "a")
    if content is not None:
        path.write_bytes(content)
    name = source.replace("FILE.gz", str(path)).replace("FILE", str(path))
    assert main(["planted", name, "--out", str(tmp_path / "out")]) == 1
    shown = capsys.readouterr().err.strip()
    assert said.replace("FILE.gz", str(path)).replace("FILE", str(path)) in shown
    assert shown.count("\n") == 0
    assert not (tmp_path / "out").exists()
