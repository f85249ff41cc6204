"""The suite in the repository measures what it says, and a broken suite is refused by its line."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from eval.suite import Question, SuiteError, check_suite, jaccard, load_suite
from rag.types import Turn

ROOT = Path(__file__).parent.parent
TYPES = {
    *("fact", "number", "list", "why_how", "metadata", "paraphrase", "colloquial", "typo"),
    *("english", "followup", "both", "conflict", "unanswerable"),
}
ARTICLES = {"a.txt": "Titel\n\nDie Brücke ist 40 Meter lang.\nSie steht in Ulm.\n"}
GOOD = {
    "id": "q1",
    "question": "Wie lang ist die Brücke?",
    "type": "number",
    "answerable": True,
    "lines": [["a.txt", 3]],
    "must": ["40"],
    "must_not": ["50"],
    "history": [["Wo steht sie?", "In Ulm."]],
}


@pytest.fixture(scope="module")
def paris() -> tuple[Question, ...]:
    return load_suite(ROOT / "eval" / "suites" / "paris.jsonl")


def write(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "suite.jsonl"
    path.write_bytes("\n".join(lines).encode("utf-8"))
    return path


def changed(**changes: object) -> str:
    return json.dumps({**GOOD, **changes}, ensure_ascii=False)


def asked(id_: str, question: str, *history: tuple[str, str]) -> Question:
    turns = tuple(Turn(*turn) for turn in history)
    return Question(id_, question, "number", True, (("a.txt", 3),), ("40",), (), turns)


def test_the_suite_in_the_repository_fits_the_articles_it_asks_about(
    paris: tuple[Question, ...],
) -> None:
    # Bytes, because reading as text would turn "\r\n" into "\n".
    articles = {p.name: p.read_bytes().decode("utf-8") for p in (ROOT / "corpus").iterdir()}
    assert check_suite(paris, articles) == ()


def test_the_suite_in_the_repository_is_large_and_asks_in_every_way(
    paris: tuple[Question, ...],
) -> None:
    count = Counter(question.type for question in paris)
    assert set(count) == TYPES
    assert min(count.values()) >= 5
    assert len(paris) >= 120


def test_a_quarter_of_the_suite_cannot_be_answered_and_only_that_type(
    paris: tuple[Question, ...],
) -> None:
    unanswerable = [question for question in paris if not question.answerable]
    assert len(unanswerable) >= len(paris) / 4
    assert {question.type for question in unanswerable} == {"unanswerable"}
    assert all(question.answerable == (question.type != "unanswerable") for question in paris)


def test_every_answerable_question_can_be_marked_and_every_follow_up_has_a_history(
    paris: tuple[Question, ...],
) -> None:
    assert all(question.must for question in paris if question.answerable)
    assert all(question.history for question in paris if question.type == "followup")


def test_a_question_arrives_as_it_was_written(tmp_path: Path) -> None:
    questions = load_suite(write(tmp_path, "", changed(), ""))
    assert questions == (
        Question(
            *("q1", "Wie lang ist die Brücke?", "number", True, (("a.txt", 3),)),
            *(("40",), ("50",), (Turn("Wo steht sie?", "In Ulm."),)),
        ),
    )


def test_must_must_not_and_history_may_be_missing(tmp_path: Path) -> None:
    keys = ("id", "question", "type", "answerable", "lines")
    path = write(tmp_path, json.dumps({key: GOOD[key] for key in keys}))
    assert load_suite(path) == (
        Question("q1", "Wie lang ist die Brücke?", "number", True, (("a.txt", 3),)),
    )


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ('{"id": ', "broken JSON"),
        ("[" * 100_000, "broken JSON"),
        ("[]", "not a JSON object"),
        ('{"id": "q2", "question": "Wo?"}', "missing answerable, lines, type"),
        (changed(id="q2", lnes=[]), "unknown lnes"),
        ('{"id": "q2", "id": "q3"}', "a key stands twice"),
        (changed(id=""), "id must be"),
        (changed(id=7), "id must be"),
        (changed(id="q2", question="  "), "question must be"),
        (changed(id="q2", type=None), "type must be"),
        (changed(id="q2", answerable="yes"), "answerable must be"),
        (changed(id="q2", lines="a.txt:3"), "lines must be"),
        (changed(id="q2", lines=[["a.txt", "3"]]), "lines must be"),
        (changed(id="q2", lines=[["a.txt", True]]), "lines must be"),
        (changed(id="q2", lines=[["a.txt", 0]]), "lines must be"),
        (changed(id="q2", lines=[["a.txt", 3], ["a.txt", 3]]), "names a line twice"),
        (changed(id="q2", must="40"), "must must be"),
        (changed(id="q2", must=[""]), "must must be"),
        (changed(id="q2", must=["(40"]), "must has a bad regular expression"),
        (changed(id="q2", must_not=["a{99999999999}"]), "must_not has a bad regular expression"),
        (changed(id="q2", history=[["Wo?"]]), "history must be"),
        (changed(id="q2", history="Wo?"), "history must be"),
        (changed(id="q2", lines=[]), "answerable, but no lines"),
        (changed(id="q2", answerable=False, must=[]), "not answerable, but has lines"),
        (changed(id="q2", answerable=False, lines=[]), "not answerable, but has lines or must"),
        (changed(), "'q1' is already used in line 1"),
    ],
)
def test_a_broken_line_is_refused_with_file_number_and_reason(
    tmp_path: Path, broken: str, why: str
) -> None:
    path = write(tmp_path, changed(), "", broken, changed(id="q9"))
    with pytest.raises(SuiteError) as caught:
        load_suite(path)
    assert caught.value.what.startswith(f"{path}:3: ")
    assert why in caught.value.what
    assert "\n" not in str(caught.value)
    assert caught.value.mend.endswith(f"+3 {path}")


def test_a_line_that_is_not_utf8_is_refused_by_its_number(tmp_path: Path) -> None:
    path = tmp_path / "suite.jsonl"
    path.write_bytes(changed().encode() + b"\n\xfc\n")
    with pytest.raises(SuiteError, match=r"suite\.jsonl:2: is not UTF-8"):
        load_suite(path)


def test_a_line_ends_only_at_a_newline(tmp_path: Path) -> None:
    question = "Wie\u2028lang\u0085ist sie?"
    assert load_suite(write(tmp_path, changed(question=question)))[0].question == question


@pytest.mark.parametrize("text", ["", "\n \n"])
def test_a_suite_without_questions_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SuiteError, match="holds no questions"):
        load_suite(write(tmp_path, text))


def test_a_suite_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SuiteError, match=r"none\.jsonl: cannot be read"):
        load_suite(tmp_path / "none.jsonl")


@pytest.mark.parametrize(
    ("lines", "must", "must_not", "finding"),
    [
        ((("b.txt", 1),), (), (), "unknown article 'b.txt'"),
        ((("a.txt", 5),), (), (), "has 4 lines, not 5"),
        ((("a.txt", 2),), (), (), "a.txt:2 is blank"),
        ((("a.txt", 3),), ("41",), (), "must '41' matches none"),
        ((("a.txt", 3),), ("40",), ("meter",), "must_not 'meter' matches one"),
    ],
)
def test_a_question_that_does_not_fit_the_articles_is_found(
    lines: tuple[tuple[str, int], ...],
    must: tuple[str, ...],
    must_not: tuple[str, ...],
    finding: str,
) -> None:
    question = Question("q1", "Wie lang?", "number", True, lines, must, must_not)
    findings = check_suite([question], ARTICLES)
    assert len(findings) == 1
    assert findings[0].startswith("q1: ")
    assert finding in findings[0]


@pytest.mark.parametrize(("type_", "clean"), [("list", True), ("number", False)])
def test_a_pattern_may_span_the_cited_lines_only_where_the_answer_does(
    type_: str, clean: bool
) -> None:
    lines = (("a.txt", 3), ("a.txt", 4))
    question = Question("q1", "Wie lang und wo?", type_, True, lines, (r"40[^z]*Ulm",))
    assert (check_suite([question], ARTICLES) == ()) is clean


@pytest.mark.parametrize(
    "copy",
    [
        "Wie lang ist die Bruecke?",
        "die brücke ist wie lang",
        "Wie lang ist denn die Brücke?",
    ],
)
def test_near_copies_are_found(copy: str) -> None:
    questions = [asked("q1", "Wie lang ist die Brücke?"), asked("q2", copy)]
    (finding,) = check_suite(questions, ARTICLES)
    assert finding.startswith("q2: near copy of q1")


def test_the_same_words_after_another_history_are_another_question() -> None:
    ulm = ("Was steht in Ulm?", "Eine Brücke.")
    bonn = ("Welcher Turm ist in Bonn der höchste?", "Der Posttower.")
    questions = [asked("q1", "Wie lang ist das?", ulm), asked("q2", "Wie lang ist das?", bonn)]
    assert check_suite(questions, ARTICLES) == ()
    assert len(check_suite([questions[0], asked("q3", "Wie lang ist das?", ulm)], ARTICLES)) == 1


def test_different_questions_about_one_thing_are_no_copies() -> None:
    questions = [asked("q1", "Wie lang ist die Brücke?"), asked("q2", "Wie hoch ist der Turm?")]
    assert check_suite(questions, ARTICLES) == ()


def test_jaccard_is_the_shared_part_of_both_sets() -> None:
    assert jaccard(frozenset("abc"), frozenset("bcd")) == 0.5
    assert jaccard(frozenset(), frozenset()) == 1.0
    assert jaccard(frozenset("a"), frozenset()) == 0.0
