"""Every file below corpus/ is taken in exactly as it stands, or refused with its reason."""

from __future__ import annotations

import hashlib
import os
import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.corpus import MAX_BYTES, Corpus, read_corpus, record_span
from rag.errors import CorpusError
from rag.types import Article, Metadata

GOOD = b"Ein Titel\n\nEin Satz.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "gut.txt").write_bytes(GOOD)
    return tmp_path


def ids(corpus: Corpus) -> list[str]:
    return [a.id for a in corpus.articles]


def described(folder: Path, text: str, name: str = "gut.txt") -> Article:
    (folder / "QUELLEN.toml").write_bytes(text.encode())
    return next(a for a in read_corpus(folder).articles if a.id == name)


@pytest.mark.parametrize(
    "text", ["A\r\nB\r\n", "\ufeffA\n", "A\u2028B\x85C\fD", "ohne Ende", "a\u0308", "😀\n\n\n"]
)
def test_a_text_is_taken_in_unchanged_with_the_checksum_of_its_bytes(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "a.md").write_bytes(text.encode())
    (article,) = read_corpus(tmp_path).articles
    assert article.text == text
    assert article.sha256 == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    ("content", "reason", "mend"),
    [
        ("Äpfel\nkosten 3 €".encode("cp1252"), "not UTF-8 (byte 0, line 1)", "iconv -f WINDOWS"),
        ("gut\nschön".encode("latin-1"), "not UTF-8 (byte 7, line 2)", "iconv -f WINDOWS"),
        ("Äpfel".encode("utf-16"), "not UTF-8", "iconv -f UTF-16"),
        (b"", "empty", "rm "),
        (b" \n\t\r\n", "empty", "rm "),
        (b"\xef\xbb\xbf\n", "empty", "rm "),
        (b"a\0b", "NUL", "rm "),
        (b"\x89PNG\r\n", "not UTF-8", "iconv"),
    ],
)
def test_a_file_that_is_no_text_is_refused_and_the_others_are_taken_in(
    folder: Path, content: bytes, reason: str, mend: str
) -> None:
    (folder / "böse datei.txt").write_bytes(content)
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt"]
    (refusal,) = corpus.refused
    assert refusal.article == "böse datei.txt"
    assert reason in refusal.reason
    assert mend in refusal.reason
    assert f"'{folder}/böse datei.txt'" in refusal.reason  # can be pasted into a shell
    assert "\n" not in refusal.reason


def test_a_file_far_too_large_is_refused_unread(folder: Path) -> None:
    with (folder / "riesig.txt").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt"]
    assert "larger than 20 MB" in corpus.refused[0].reason


def test_files_that_cannot_be_opened_are_refused(folder: Path) -> None:
    (folder / "kreis.txt").symlink_to(folder / "kreis.txt")
    (folder / "leer.txt").symlink_to(folder / "gibt es nicht")
    os.mkfifo(folder / "rohr.txt")
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt"]
    assert [r.article for r in corpus.refused] == ["kreis.txt", "leer.txt", "rohr.txt"]


def test_folders_nest_and_hidden_and_other_files_are_left_out(folder: Path) -> None:
    for name in ("tief/er/b.MD", ".git/c.txt", "x/.d.txt", "bild.png", "notiz.txt.bak", "QUELLEN"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(GOOD)
    (folder / "ordner.txt").mkdir()
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt", "tief/er/b.MD"]
    assert corpus.refused == ()


def test_a_linked_file_is_read_and_a_linked_folder_is_not_followed_but_named(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "fern.txt").write_bytes(GOOD)
    (folder / "nah.txt").symlink_to(outside / "fern.txt")
    (folder / "anderswo").symlink_to(outside)
    (folder / "schleife").symlink_to(folder)
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt", "nah.txt"]
    assert [remark.split(":")[0] for remark in corpus.remarks] == ["anderswo", "schleife"]


def test_a_decomposed_file_name_gives_the_composed_id_that_is_described(folder: Path) -> None:
    (folder / unicodedata.normalize("NFD", "Köln.txt")).write_bytes(GOOD)
    article = described(folder, '["Köln.txt"]\ntitle = "Dom"\n', "Köln.txt")
    assert article.metadata.title == "Dom"


def test_two_files_with_one_name_in_two_normal_forms_are_not_mixed_up(folder: Path) -> None:
    for form in ("NFC", "NFD"):
        (folder / unicodedata.normalize(form, "Köln.txt")).write_bytes(form.encode())
    corpus = read_corpus(folder)
    assert ids(corpus) == ["Köln.txt", "gut.txt"]
    assert [r.article for r in corpus.refused] == ["Köln.txt"]


@pytest.mark.parametrize("name", [b"kaputt\xff.txt", b"zwei\nzeilen.txt", b"\x1b[31mrot.txt"])
def test_a_file_name_that_cannot_be_shown_is_refused_in_one_printable_line(
    folder: Path, name: bytes
) -> None:
    (folder / os.fsdecode(name)).write_bytes(GOOD)
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt"]
    assert corpus.refused[0].article.encode("utf-8").isascii()
    assert corpus.refused[0].article.isprintable()


def test_a_missing_and_an_empty_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="mkdir"):
        read_corpus(tmp_path / "fehlt")
    with pytest.raises(CorpusError, match="no article"):
        read_corpus(tmp_path)


def test_what_is_described_becomes_metadata(folder: Path) -> None:
    text = (
        '["gut.txt"]\ntitle = " Titel "\nauthor = "A"\npublisher = "P"\n'
        "date = 2025-02-11T10:00:00\nurl = 'x'\n"
    )
    assert described(folder, text).metadata == Metadata("Titel", "A", "P", date(2025, 2, 11))
    assert read_corpus(folder).remarks == ()


@pytest.mark.parametrize("value", ["5", "[1, 2]", "{a = 1}", '""', "true", "12:00:00", "nan"])
@pytest.mark.parametrize("field", ["title", "author", "publisher", "date"])
def test_a_value_of_an_odd_type_is_left_out_and_remarked_on(
    folder: Path, field: str, value: str
) -> None:
    article = described(folder, f'["gut.txt"]\n{field} = {value}\n')
    assert article.metadata == Metadata()
    (remark,) = read_corpus(folder).remarks
    assert field in remark


@pytest.mark.parametrize("value", ['"0000"', "5", '""'])
def test_a_wrong_checksum_and_an_unknown_file_are_remarked_on(folder: Path, value: str) -> None:
    described(folder, f'["gut.txt"]\nsha256 = {value}\n["fort.txt"]\ntitle = "x"\n')
    remarks = read_corpus(folder).remarks
    assert [r.split(":")[0] for r in remarks] == ["gut.txt", "fort.txt"]


def test_the_right_checksum_is_not_remarked_on(folder: Path) -> None:
    digest = hashlib.sha256(GOOD).hexdigest()
    described(folder, f'["gut.txt"]\nsha256 = "{digest.upper()}"\n')
    assert read_corpus(folder).remarks == ()


@pytest.mark.parametrize(
    "content",
    [b'["gut.txt"\n', b"a = \xff", b"a\0", b"", b"x = " + b"[" * 20_000, b"= 1", b"a = 1\na = 2"],
    ids=["cut", "not utf-8", "nul", "empty", "deep", "no key", "twice"],
)
def test_broken_records_are_refused_and_the_articles_are_taken_in(
    folder: Path, content: bytes
) -> None:
    (folder / "QUELLEN.toml").write_bytes(content)
    corpus = read_corpus(folder)
    assert ids(corpus) == ["gut.txt"]
    assert corpus.records is None
    assert [r.article for r in corpus.refused] == ["QUELLEN.toml"]
    assert "\n" not in corpus.refused[0].reason


@pytest.mark.parametrize("content", [b"title = 'x'\n", b"[a.b]\nc = 1\n", b"[[gut]]\na = 1\n"])
def test_records_of_another_shape_stop_nothing(folder: Path, content: bytes) -> None:
    (folder / "QUELLEN.toml").write_bytes(content)
    assert ids(read_corpus(folder)) == ["gut.txt"]


def records(text: str) -> Article:
    return Article("QUELLEN.toml", text, "", Metadata())


@pytest.mark.parametrize("header", ['["gut.txt"]', "['gut.txt']", '[ "gut.txt" ] # so', "[gut]"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("start", ["", "\ufeff", "# vorab\n\n", '["a.txt"]\ntitle = "Falsch"\n'])
def test_the_line_of_a_field_is_found_exactly(header: str, newline: str, start: str) -> None:
    line = 'title = "Ein [Titel] mit # und „Ü“"  # gemerkt'
    text = start + newline.join([header, 'author = "A"', f"  {line}  ", "date = 2025-01-01", ""])
    name = "gut" if header == "[gut]" else "gut.txt"
    span = record_span(records(text), name, "title")
    assert span is not None
    assert text[slice(*span)] == line
    assert record_span(records(text), name, "publisher") is None
    assert record_span(records(text), "z.txt", "title") is None


@pytest.mark.parametrize(
    "text",
    [
        '["gut.txt"]\ntitle = """\nauthor = "Falsch"\n"""\nauthor = "Echt"\n',
        '["a"]\nx = """\n["gut.txt"]\nauthor = "Falsch"\n"""\n["gut.txt"]\nauthor = "Echt"\n',
        '["gut.txt".mehr]\nauthor = "Falsch"\n["gut.txt"]\nauthor = "Echt"\n',
    ],
)
def test_a_line_inside_a_longer_value_is_not_taken_for_the_field(text: str) -> None:
    span = record_span(records(text), "gut.txt", "author")
    assert span is not None
    assert text[slice(*span)] == 'author = "Echt"'


def test_a_field_spread_over_lines_has_no_place() -> None:
    text = '"gut.txt" = {title = "A", author = "B"}\n["b.txt"]\ntitle = """C\nD"""\n'
    assert record_span(records(text), "gut.txt", "title") is None
    assert record_span(records(text), "b.txt", "title") is None


KEYS = st.sampled_from(["title", "author", "publisher", "date"])
VALUES = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.just('["gut.txt"]'),
    st.just('x"\ntitle = "falsch'),
)


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


@given(st.dictionaries(VALUES, st.dictionaries(KEYS, VALUES, max_size=4), max_size=4))
def test_every_line_that_is_found_says_what_the_records_say(
    entries: dict[str, dict[str, str]],
) -> None:
    text = "".join(
        f"[{quoted(name)}]\n" + "".join(f"{k} = {quoted(v)}\n" for k, v in fields.items())
        for name, fields in entries.items()
    )
    assert tomllib.loads(text) == entries
    for name, fields in entries.items():
        if name != unicodedata.normalize("NFC", name):
            continue
        for field, value in fields.items():
            span = record_span(records(text), name, field)
            assert span is not None
            assert tomllib.loads(text[slice(*span)]) == {field: value}
