"""The command line: what it prints where, its exit codes, and one line for every mistake."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from small_world import BRIDGE, TOWER, World

from rag import app, cli, versions
from rag.corpus import read_corpus
from rag.indexing import IndexReport
from rag.ports import Embedder
from rag.settings import Settings

Run = Callable[..., tuple[int, str, str]]
CORPUS = Path(__file__).parent.parent / "corpus"


@pytest.fixture
def rag(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, embedder: Embedder
) -> Run:
    """Runs a command in this process, with the real embedder that is loaded already."""
    monkeypatch.setattr(app, "make_embedder", lambda *_: embedder)
    monkeypatch.setenv("RAG_LLM", "extractive")

    def run(*arguments: object) -> tuple[int, str, str]:
        try:
            code = cli.main([str(a) for a in arguments])
        except SystemExit as stop:
            code = int(stop.code or 0)
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def on_paris(rag: Run, paris: tuple[Settings, IndexReport]) -> Run:
    settings, _ = paris
    return lambda *more: rag("--corpus", settings.corpus, "--index", settings.index, *more)


def refused(result: tuple[int, str, str]) -> str:
    """The one line a refused command leaves on stderr."""
    code, out, err = result
    assert (code, out) == (1, "")
    assert err.startswith("rag: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    return err


def process(*arguments: str | bytes, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "rag.cli", *arguments],
        env={**os.environ, "RAG_LLM": "extractive", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )


def exact(passage: dict[str, Any], text: str) -> bool:
    """Whether the place of a passage or citation is where its text stands in the corpus."""
    article = (CORPUS / passage["article"]).read_bytes().decode()
    start, end = passage["start"], passage["end"]
    return bool(
        article[start:end] == text
        and passage["first_line"] == 1 + article.count("\n", 0, start)
        and passage["last_line"] == 1 + article.count("\n", 0, end - 1)
    )


def test_search_prints_passages_as_the_contract_says(on_paris: Run) -> None:
    question = "Wie hoch sind die „Investitionen“ für KI?"
    code, out, err = on_paris("search", question, "-k", "3", "--json")
    found = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert list(found) == ["question", "passages", "milliseconds"]
    assert found["question"] == question
    assert list(found["milliseconds"]) == ["embed", "search", "total"]
    assert len(found["passages"]) == 3
    for passage in found["passages"]:
        keys = ["article", "first_line", "last_line", "start", "end", "score", "text"]
        assert list(passage) == keys
        assert exact(passage, passage["text"])
    scores = [p["score"] for p in found["passages"]]
    assert scores == sorted(scores, reverse=True)


def test_search_for_people_prints_the_same_passages_with_their_lines(on_paris: Run) -> None:
    arguments = ("search", "Wer investiert?", "-k", "2")
    first = json.loads(on_paris(*arguments, "--json")[1])["passages"][0]
    code, out, err = on_paris(*arguments)
    assert (code, err) == (0, "")
    assert out.startswith(f"1. {first['article']}, line")
    assert str(first["first_line"]) in out.split("\n")[0]
    assert " ".join(first["text"].split()) in out


def test_ask_prints_the_answer_as_the_contract_says(on_paris: Run) -> None:
    code, out, err = on_paris("ask", "Wie viele Milliarden investiert Frankreich?", "--json")
    answer = json.loads(out)
    assert (code, err, out.count("\n")) == (0, "", 1)
    assert {
        *("question", "answered", "answer", "statements", "abstention", "conflicts", "passages"),
        *("model", "index_version", "milliseconds", "tokens"),
    } <= set(answer)
    assert answer["answered"] == (answer["abstention"] is None)
    assert set(answer["milliseconds"]) == {"search", "first_token", "total"}
    assert set(answer["tokens"]) == {"prompt", "completion"}
    assert answer["model"] == "extractive"
    assert answer["passages"]
    assert answer["statements"]
    for statement in answer["statements"]:
        assert statement["support"] in ("supported", "unsupported", "unchecked")
        assert 0 <= statement["score"] <= 1
        assert statement["citations"]
        for citation in statement["citations"]:
            keys = ["article", "first_line", "last_line", "start", "end", "quote"]
            assert list(citation) == keys
            assert exact(citation, citation["quote"])


def test_ask_reads_earlier_turns_from_a_file(on_paris: Run, tmp_path: Path) -> None:
    history = tmp_path / "turns.json"
    history.write_text('[["Wo fand der AI Action Summit statt?", "In Paris."]]', encoding="utf-8")
    code, out, err = on_paris("ask", "Und wann war er?", "--history", history, "--json")
    assert (code, err) == (0, "")
    assert "AI Action Summit" in json.loads(out)["rewritten_question"]


@pytest.mark.parametrize(
    "content",
    [
        *("", "{", "5", "null", '"ab"', '{"ab": 1}', '["ab"]', "[[1, 2]]", '[["a"]]'),
        *('[["a", "b", "c"]]', '[["a", null]]', "[" * 50_000, "[[]]", None),
    ],
    ids=lambda content: str(content)[:12],
)
def test_a_broken_history_is_refused(on_paris: Run, tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "turns.json"
    if content is not None:
        file.write_text(content)
    assert str(file) in refused(on_paris("ask", "Wer?", "--history", file))


def test_a_history_in_another_encoding_is_refused(on_paris: Run, tmp_path: Path) -> None:
    (tmp_path / "turns.json").write_bytes('[["ä", "ö"]]'.encode("latin-1"))
    refused(on_paris("ask", "Wer?", "--history", tmp_path / "turns.json"))


@pytest.mark.parametrize("command", ["search", "ask"])
@pytest.mark.parametrize(
    ("question", "reason"),
    [
        ("", "empty"),
        (" \n\t", "empty"),
        ("Warum? " * 1500, "10500 characters"),
        ("x" * 10_000, "10000 characters"),
        ("Wer\udcff?", "not valid UTF-8"),
    ],
    ids=["empty", "blank", "long", "one long word", "bytes"],
)
def test_a_question_that_cannot_be_asked_is_refused(
    on_paris: Run, command: str, question: str, reason: str
) -> None:
    assert reason in refused(on_paris(command, question))


@pytest.mark.parametrize(
    "question", ["?", "😀", "a\0b", "\u202e", "SELECT * FROM article; --", "%s"]
)
def test_an_odd_question_is_no_mistake(on_paris: Run, question: str) -> None:
    code, out, err = on_paris("ask", question, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["question"] == question


@pytest.mark.parametrize(
    "arguments", [("search", "Wer?"), ("ask", "Wer?"), ("chat", "--port", "0")]
)
def test_without_an_index_every_question_names_the_command_that_makes_one(
    rag: Run, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert refused(rag("--index", tmp_path, *arguments)).endswith("Mend it: rag index\n")


def test_a_missing_and_an_empty_corpus_are_refused(rag: Run, tmp_path: Path) -> None:
    index = tmp_path / "index"
    line = refused(rag("--corpus", tmp_path / "nein", "--index", index, "index"))
    assert "Mend it: mkdir -p" in line
    (tmp_path / "leer").mkdir()
    assert "no article" in refused(
        rag("--corpus", tmp_path / "leer", "--index", index, "index", "--json")
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RAG_PASAGES", "5"),
        ("RAG_LLM", "gpt-4"),
        ("RAG_LLM", "a\nb"),
        ("RAG_CHUNK_CHARS", "9"),
        ("RAG_THREADS", "zwei"),
    ],
)
def test_wrong_settings_are_refused_by_every_command(
    rag: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    for command in (["index"], ["search", "x"], ["versions"], ["doctor"], ["models", "list"]):
        assert name in refused(rag(*command))


def test_an_index_made_with_other_settings_is_refused(
    on_paris: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_CHUNK_CHARS", "900")
    assert "chunk_chars is 1200 in the index and 900 now" in refused(on_paris("search", "Wer?"))


def test_an_index_made_with_another_model_is_refused_with_both_names(
    on_paris: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAG_EMBEDDING_MODEL", "BAAI/bge-m3")
    line = refused(on_paris("search", "Wer?"))
    assert "'multilingual-e5-small' in the index and 'BAAI/bge-m3' now" in line


def test_models_that_are_not_there_are_refused(
    on_paris: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "rag models list" in refused(on_paris("models", "pull", "gpt-9"))
    monkeypatch.setenv("RAG_LLM", "llamacpp:gpt-9")
    assert "gpt-9" in refused(on_paris("ask", "Wer?"))
    monkeypatch.undo()
    monkeypatch.setenv("RAG_EMBEDDING_MODEL", "/no/such/folder")
    assert "/no/such/folder" in refused(on_paris("search", "Wer?"))


@pytest.mark.parametrize(
    "arguments",
    [
        *([], ["nonsense"], ["search"], ["ask"], ["search", "x", "-k", "0"], ["rollback"]),
        *(["search", "x", "-k", "viele"], ["search", "x", "--nein"], ["chat", "--port", "99999"]),
        *(["models"], ["models", "burn"], ["index", "extra"], ["--index"]),
    ],
    ids=" ".join,
)
def test_wrong_usage_gives_the_usage_and_exit_code_2(rag: Run, arguments: list[str]) -> None:
    code, out, err = rag(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("usage: rag")


def test_help_is_a_result(rag: Run) -> None:
    code, out, err = rag("--help")
    assert (code, err) == (0, "")
    for command in ("index", "search", "ask", "chat", "doctor", "models", "versions", "rollback"):
        assert f"    {command}" in out


def small(tmp_path: Path) -> tuple[World, tuple[object, ...]]:
    world = World(tmp_path).write(bruecke=BRIDGE, turm=TOWER)
    return world, ("--corpus", world.settings.corpus, "--index", world.settings.index)


def test_index_prints_its_report_as_the_contract_says(rag: Run, tmp_path: Path) -> None:
    world, where = small(tmp_path)
    code, out, _ = rag(*where, "index", "--json")
    report = json.loads(out)
    assert (code, out.count("\n")) == (0, 1)
    assert report["added"] == ["bruecke.txt", "turm.txt"]
    assert report["changed"] == report["removed"] == report["refused"] == []
    assert report["seconds"] > 0
    assert report["version"] == versions.current(world.settings.index)

    world.write(turm=TOWER + "Er ist rot.\n", bruecke=None, schlecht="ä".encode("latin-1"))
    code, out, err = rag(*where, "index", "--json")
    report = json.loads(out)
    assert code == 1
    assert (report["changed"], report["removed"]) == (["turm.txt"], ["bruecke.txt"])
    assert [r["article"] for r in report["refused"]] == ["schlecht.txt"]
    said = [line for line in re.split("[\r\n]", err) if line.startswith("rag: ")]
    assert len(said) == 1
    assert said[0].startswith("rag: schlecht.txt was refused. It is not UTF-8")
    assert rag(*where, "search", "Welche Farbe hat der Turm?", "-k", "1")[1].startswith("1. turm")


def test_index_for_people_names_every_article(rag: Run, tmp_path: Path) -> None:
    _, where = small(tmp_path)
    code, out, _ = rag(*where, "index")
    assert code == 0
    assert out.startswith("added     bruecke.txt\nadded     turm.txt\n")
    assert rag(*where, "index")[1].startswith("unchanged bruecke.txt\nunchanged turm.txt\n")


def test_versions_are_listed_and_rolled_back(rag: Run, tmp_path: Path) -> None:
    world, where = small(tmp_path)
    first = json.loads(rag(*where, "index", "--json")[1])["version"]
    second = json.loads(rag(*where, "index", "--json")[1])["version"]
    assert rag(*where, "versions") == (0, f"{first}\n{second}  (current)\n", "")
    assert rag(*where, "rollback", first)[0] == 0
    assert rag(*where, "versions")[1] == f"{first}  (current)\n{second}\n"
    for nonsense in ("", "..", "gestern", "a\nb", "\udcff"):
        assert "rag versions" in refused(rag(*where, "rollback", nonsense))
    assert versions.current(world.settings.index) == first


def test_a_second_writer_is_refused(rag: Run, tmp_path: Path) -> None:
    world, where = small(tmp_path)
    with versions.write_lock(world.settings.index):
        assert "Another process" in refused(rag(*where, "index"))


def test_an_index_folder_that_is_a_file_is_refused(rag: Run, tmp_path: Path) -> None:
    _, where = small(tmp_path)
    file = tmp_path / "datei"
    file.write_text("x")
    for command in (["index"], ["search", "x"], ["rollback", "x"]):
        assert "datei" in refused(rag(*where[:2], "--index", file, *command))


def test_a_damaged_index_is_refused(rag: Run, tmp_path: Path) -> None:
    world, where = small(tmp_path)
    rag(*where, "index")
    (world.settings.index / "CURRENT").write_text("")
    for command in (["search", "x"], ["ask", "x"]):
        assert refused(rag(*where, *command)).endswith("Mend it: rag index\n")


def test_the_doctor_names_what_is_wrong_and_what_mends_it(rag: Run, tmp_path: Path) -> None:
    world, where = small(tmp_path)
    code, out, err = rag(*where, "doctor")
    assert (code, err) == (1, "")
    assert "BAD  There is no index" in out
    assert "Mend it: rag index" in out
    rag(*where, "index")
    code, out, _ = rag(*where, "doctor")
    assert code == 0, out
    assert "BAD" not in out
    world.write(turm=TOWER + "Neu.\n")
    assert "changed since indexing: turm.txt" in rag(*where, "doctor")[1]
    (world.settings.index / "CURRENT").write_text("nein")
    assert rag(*where, "doctor")[0] == 1


def test_the_articles_in_the_repository_are_as_they_are_described() -> None:
    corpus = read_corpus(CORPUS)
    assert (corpus.refused, corpus.remarks) == ((), ())


def test_a_mistake_is_one_line_of_a_real_process(tmp_path: Path) -> None:
    done = process("--index", str(tmp_path), "search", "Wer?", PYTHONIOENCODING="ascii")
    refused((done.returncode, done.stdout, done.stderr))


def test_a_question_in_other_bytes_is_one_line_of_a_real_process(tmp_path: Path) -> None:
    done = process("--index", str(tmp_path), "search", b"Gr\xf6\xdfe?")
    assert "UTF-8" in refused((done.returncode, done.stdout, done.stderr))


def test_a_reader_that_hangs_up_gets_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "rag.cli", "models", "list"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        assert running.stderr
        running.stdout.close()
        assert running.stderr.read() == b""
    assert running.returncode == 1


def test_the_real_program_prints_results_only_on_stdout_in_utf_8(tmp_path: Path) -> None:
    settings = World(tmp_path).write(brücke=BRIDGE).settings
    where = ("--corpus", str(settings.corpus), "--index", str(settings.index))
    done = process(*where, "index", "--json", PYTHONIOENCODING="ascii")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == ["brücke.txt"]
    assert "Traceback" not in done.stderr
