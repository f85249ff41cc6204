"""Ratings are kept whole, whoever writes and whatever dies, and come out as JSON lines."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fake_assistant import FakeAssistant
from small_world import BRIDGE, World

from rag import cli
from rag.contract import answer_json
from rag.errors import RagError
from rag.feedback import FILE, MOST_REASON, Feedback
from rag.release import program_version
from rag.types import Done

ROOT = Path(__file__).parent.parent
Export = Callable[..., tuple[int, str, str]]
WRITER = """
import sys
from pathlib import Path
from rag.feedback import Feedback
answer = {"question": "Was?", "index_version": "v", "model": "m", "text": "x" * 20_000}
for n in range(int(sys.argv[2])):
    print(Feedback(Path(sys.argv[1])).add("up", f"{sys.argv[3]} {n}", answer), flush=True)
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "index" / FILE


@pytest.fixture
def export(file: Path, capsys: pytest.CaptureFixture[str]) -> Export:
    def run(*more: str) -> tuple[int, str, str]:
        code = cli.main(["--index", str(file.parent), "feedback", "export", *more])
        return code, *capsys.readouterr()

    return run


def answer(question: str) -> dict[str, Any]:
    *_, done = FakeAssistant(pace=0).answer(question)
    assert isinstance(done, Done)
    return answer_json(done.answer)


def writer(file: Path, count: int, name: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, str(file), str(count), name],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_rating_is_kept_with_the_whole_answer_and_where_it_came_from(file: Path) -> None:
    given = answer("Wie viele? Streit")
    before = datetime.now(UTC) - timedelta(milliseconds=1)
    Feedback(file).add("down", " Falsche Zahl: „60“. \n", given)
    (rated,) = Feedback(file).all()
    assert before <= datetime.fromisoformat(rated.time) <= datetime.now(UTC)
    assert (rated.rating, rated.reason) == ("down", "Falsche Zahl: „60“.")
    assert rated.answer == json.loads(json.dumps(given))
    assert rated.answer["statements"][0]["citations"]
    assert rated.question == given["question"]
    assert (rated.index_version, rated.model) == (given["index_version"], given["model"])
    assert rated.program == program_version() != ""


def test_a_second_rating_of_an_answer_replaces_the_first(file: Path) -> None:
    ratings, given = Feedback(file), answer("Was?")
    first = ratings.add("up", "", given)
    other = ratings.add("up", "", answer("Und?"))
    assert first != other
    assert ratings.add("down", "Doch nicht.", given, key=first) == first
    found = [(each.question, each.rating, each.reason) for each in ratings.all()]
    assert found == [("Und?", "up", ""), ("Was?", "down", "Doch nicht.")]


def test_a_reason_is_bounded_and_may_hold_anything(file: Path) -> None:
    ratings = Feedback(file)
    ratings.add("up", "ü" * (MOST_REASON + 5), answer("Was?"))
    ratings.add("up", "a\ud800\x00'); DROP TABLE rating; --", answer("\ud800?"))
    long, odd = ratings.all()
    assert long.reason == "ü" * MOST_REASON
    assert odd.reason == "a?\x00'); DROP TABLE rating; --"
    assert odd.question == "\ud800?"


def test_there_is_no_other_rating_than_up_and_down(file: Path) -> None:
    with pytest.raises(ValueError, match="no rating"):
        Feedback(file).add("sideways", "", answer("Was?"))  # type: ignore[arg-type]
    assert not file.exists()


def test_looking_makes_no_file(file: Path) -> None:
    assert Feedback(file).all() == ()
    assert not file.parent.exists()


def test_two_processes_and_several_threads_lose_nothing(file: Path) -> None:
    writers = [writer(file, 30, f"process {n}") for n in range(2)]
    ratings, given = Feedback(file), answer("Was?")
    with ThreadPoolExecutor(4) as threads:
        mine = list(threads.map(lambda n: ratings.add("up", f"thread {n}", given), range(30)))
    printed = [each.communicate(timeout=60)[0].split() for each in writers]
    assert [each.returncode for each in writers] == [0, 0]
    assert len({*mine, *printed[0], *printed[1]}) == 90
    names = [f"process {n}" for n in range(2)] + ["thread"]
    expected = {f"{name} {n}" for name in names for n in range(30)}
    assert sorted(each.reason for each in ratings.all()) == sorted(expected)


def test_a_killed_writer_loses_nothing_it_has_said_and_leaves_no_half_rating(file: Path) -> None:
    chance, said = random.Random(1), 0  # noqa: S311 - moments, no secrets
    for turn in range(6):
        killed = writer(file, 100_000, f"turn {turn}")
        assert killed.stdout
        keys = [killed.stdout.readline()]
        time.sleep(chance.uniform(0, 0.05))
        killed.kill()
        keys += killed.stdout.readlines()
        killed.wait()
        killed.stdout.close()
        kept = len(Feedback(file).all())
        said += sum(key.endswith("\n") for key in keys)
        assert said <= kept <= said + turn + 1, "each one killed may have kept one untold"
        assert all(len(each.answer["text"]) == 20_000 for each in Feedback(file).all())
    Feedback(file).add("up", "danach", answer("Was?"))
    assert Feedback(file).all()[-1].reason == "danach"


@pytest.mark.parametrize("damage", [b"no database at all" * 300, None], ids=["other", "page"])
def test_a_damaged_file_is_left_as_it_is_and_said_in_one_line(
    file: Path, export: Export, damage: bytes | None
) -> None:
    for n in range(20):
        Feedback(file).add("up", str(n), answer("Was?"))
    whole = file.read_bytes()
    damaged = damage or whole[:4096] + os.urandom(len(whole) - 4096)
    file.write_bytes(damaged)
    with pytest.raises(RagError, match="damaged") as refused:
        Feedback(file).add("up", "neu", answer("Was?"))
    assert refused.value.mend == f"mv {file} {file}.damaged"
    code, out, err = export()
    assert (code, out) == (1, "")
    assert err.startswith("rag: The ratings in ")
    assert err.count("\n") == 1
    assert file.read_bytes() == damaged
    file.rename(f"{file}.damaged")
    Feedback(file).add("up", "neu", answer("Was?"))
    assert [each.reason for each in Feedback(file).all()] == ["neu"]


def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be", encoding="utf-8")
    (tmp_path / FILE).mkdir()
    for place in (tmp_path / "taken" / FILE, tmp_path / FILE):
        with pytest.raises(RagError, match="cannot be used") as refused:
            Feedback(place).add("up", "", answer("Was?"))
        assert "\n" not in str(refused.value)
        assert "writable" in refused.value.mend


def test_an_empty_file_is_as_good_as_none(file: Path) -> None:
    file.parent.mkdir()
    file.touch()  # what is left of a writer that was killed before its first rating
    assert Feedback(file).all() == ()
    Feedback(file).add("up", "", answer("Was?"))
    assert len(Feedback(file).all()) == 1


def test_the_export_is_one_json_object_a_line_oldest_first(file: Path, export: Export) -> None:
    questions = ["Was?", "Wie viele – „60“?\nund\u2028mehr", "\ud800?"]
    for question in questions:
        Feedback(file).add("down", "Nein.\nWirklich.", answer(question))
    code, out, err = export()
    assert (code, err) == (0, "")
    lines = [json.loads(line) for line in out.split("\n")[:-1]]
    assert [each["question"] for each in lines] == questions
    for each, question in zip(lines, questions, strict=True):
        assert each["answer"] == json.loads(json.dumps(answer(question)))
        assert [*each][:4] == ["time", "rating", "reason", "question"]


def test_the_export_can_begin_at_a_day(file: Path, export: Export) -> None:
    Feedback(file).add("up", "", answer("Was?"))
    day = date.fromisoformat(Feedback(file).all()[0].time[:10])
    assert export("--since", day.isoformat())[1].count("\n") == 1
    code, out, err = export("--since", (day + timedelta(days=1)).isoformat())
    assert (code, out) == (0, "")
    assert "no answer has been rated" in err
    with pytest.raises(SystemExit, match="2"):
        export("--since", "gestern")


def test_without_ratings_the_export_is_empty_and_notes_it(file: Path, export: Export) -> None:
    code, out, err = export()
    assert (code, out) == (0, "")
    assert err == "rag: note: no answer has been rated.\n"
    assert not file.parent.exists()


def test_ratings_outlive_new_indexes_and_make_clean_and_stay_out_of_git(tmp_path: Path) -> None:
    world = World(tmp_path).write(bruecke=BRIDGE)
    file = world.settings.index / FILE
    world.build()
    Feedback(file).add("up", "", answer("Was?"))
    for n in range(8):  # older versions are pruned meanwhile
        world.write(bruecke=BRIDGE + f"Satz {n}.\n").build()
    assert len(Feedback(file).all()) == 1

    def said(*command: str) -> str:
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    removed = said("make", "--dry-run", "clean").split()
    assert "index/CURRENT" in removed
    assert not {"index", "index/", "index/*", f"index/{FILE}"} & set(removed)
    for name in (FILE, f"{FILE}-journal", f"{FILE}.damaged"):
        assert said("git", "check-ignore", f"index/{name}").strip() == f"index/{name}"
