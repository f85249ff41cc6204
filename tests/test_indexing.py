"""What changed is said, what did not is not embedded again, and a killed run breaks nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from small_embedder import SmallEmbedder
from small_world import BRIDGE, TOWER, World

from rag import versions
from rag.errors import CorpusError, IndexBusy
from rag.indexing import IndexReport
from rag.ports import Progress, Vectors
from rag.settings import Settings

CORPUS = Path(__file__).parent.parent / "corpus"
HILL = "Der Hügel\n\nAuf dem Hügel wachsen seltene Orchideen.\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path).write(bruecke=BRIDGE, turm=TOWER)


def listed(report: IndexReport) -> dict[str, tuple[str, ...]]:
    return {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "refused": tuple(r.article for r in report.refused),
    }


def without(**lists: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    empty: dict[str, tuple[str, ...]] = dict.fromkeys(
        ("added", "changed", "removed", "unchanged", "refused"), ()
    )
    return {**empty, **lists}


def test_what_was_added_changed_removed_and_left_alone_is_reported(world: World) -> None:
    assert listed(world.build()) == without(added=("bruecke.txt", "turm.txt"))
    assert listed(world.build()) == without(unchanged=("bruecke.txt", "turm.txt"))
    world.write(turm=TOWER + "Er ist rot.\n", huegel=HILL)
    assert listed(world.build()) == without(
        added=("huegel.txt",), changed=("turm.txt",), unchanged=("bruecke.txt",)
    )
    world.write(huegel=None, turm=TOWER)
    assert listed(world.build()) == without(
        changed=("turm.txt",), removed=("huegel.txt",), unchanged=("bruecke.txt",)
    )


def test_a_change_that_keeps_size_and_time_of_a_file_is_seen(world: World) -> None:
    world.build()
    path = world.settings.corpus / "turm.txt"
    before = path.stat()
    world.write(turm=TOWER.replace("80", "90"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert world.build().changed == ("turm.txt",)


def test_a_renamed_article_is_removed_and_added_and_nothing_is_embedded(world: World) -> None:
    world.build()
    embedded = len(world.embedder.embedded)
    world.write(turm=None, hochbau=TOWER)
    assert listed(world.build()) == without(
        added=("hochbau.txt",), removed=("turm.txt",), unchanged=("bruecke.txt",)
    )
    assert world.found("Wie hoch ist der Turm?") == "hochbau.txt"
    assert len(world.embedder.embedded) == embedded


def test_unchanged_text_is_never_embedded_again(world: World) -> None:
    world.build()
    assert len(world.embedder.embedded) == len(set(world.embedder.embedded)) > 0
    for second in (SmallEmbedder(), SmallEmbedder()):
        world.build(second)
        assert second.embedded == []
    world.write(turm=TOWER + "\nGanz oben brennt nachts ein Licht.\n")
    third = SmallEmbedder()
    world.build(third)
    assert third.embedded
    assert all("Licht" in text for text in third.embedded)
    world.write(turm=TOWER)
    fourth = SmallEmbedder()
    world.build(fourth)
    assert fourth.embedded == []


def test_records_of_sources_are_neither_added_nor_removed(world: World) -> None:
    (world.settings.corpus / "QUELLEN.toml").write_text('["turm.txt"]\npublisher = "Ulmer Bote"\n')
    assert listed(world.build()) == without(added=("bruecke.txt", "turm.txt"))
    assert listed(world.build()) == without(unchanged=("bruecke.txt", "turm.txt"))


def test_a_refused_file_stops_no_other_and_what_was_indexed_of_others_stays(world: World) -> None:
    world.build()
    world.write(turm="Türme".encode("latin-1"), huegel=HILL)
    report = world.build()
    assert listed(report) == without(
        added=("huegel.txt",),
        removed=("turm.txt",),
        unchanged=("bruecke.txt",),
        refused=("turm.txt",),
    )
    assert world.found("Wie lang ist die Brücke?") == "bruecke.txt"
    assert world.found("Was wächst auf dem Hügel?") == "huegel.txt"


@pytest.mark.parametrize("content", [b"", "Türme".encode("latin-1"), None])
def test_a_corpus_without_a_usable_article_leaves_the_old_index_alone(
    world: World, content: bytes | None
) -> None:
    version = world.build().version
    world.write(bruecke=content, turm=content)
    with pytest.raises(CorpusError) as caught:
        world.build()
    assert "\n" not in str(caught.value)
    assert versions.current(world.settings.index) == version
    assert world.found("Wie lang ist die Brücke?") == "bruecke.txt"


@pytest.mark.parametrize(
    "text",
    [
        *(".", "-", "😀", "\u200b", "# ", "- ", "* * *", "1.", "Jetzt abonnieren!", "A\r\nB\r\n"),
        *("\ufeffTitel\n\nText.\n", "a\x0cb\u2028c\x85d", "x" * 50_000, "Wort " * 20_000),
        *("Wort. " * 3000, "\n" * 5000 + "Ende", "„" * 3000, "- a\n" * 2000, "A: b\n" * 500),
    ],
    ids=lambda text: repr(text[:12]),
)
def test_whatever_an_article_holds_it_is_indexed_and_every_citation_is_its_text(
    tmp_path: Path, text: str
) -> None:
    world = World(tmp_path).write(seltsam=text)
    world.build()
    opened = world.reader()()
    assert opened.records.article("seltsam.txt").text == text
    for passage in world.assistant().search("Wort Titel Ende Text").passages:
        assert text[passage.chunk.start : passage.chunk.end] == passage.text
    world.assistant().ask("Was ist das Ende?")


def test_a_chunk_longer_than_the_model_reads_is_counted(world: World) -> None:
    world.write(lang="Titel\n\n" + "ein Wort und " * 80 + "Schluss.\n")
    world.embedder.max_tokens = 100
    assert world.build().truncated >= 1


def test_a_running_reader_picks_up_a_new_version(world: World) -> None:
    first = world.build().version
    reader = world.reader()
    old = reader()
    assert reader() is old
    world.write(turm=TOWER.replace("80", "90"))
    second = world.build().version
    assert (old.version, reader().version) == (first, second)
    assert "80 Meter" in old.records.article("turm.txt").text
    assert "90 Meter" in reader().records.article("turm.txt").text


def test_an_open_index_goes_on_answering_after_its_files_were_pruned(world: World) -> None:
    world.build()
    assistant = world.assistant()
    old = assistant.index_version
    reader = world.reader()
    opened = reader()
    for _ in range(4):
        world.build()
    assert old not in versions.versions(world.settings.index)
    assert opened.records.article("turm.txt").text == TOWER
    assert opened.lexical.search("Turm", 5)
    assert opened.chunks.search(world.embedder.query("Turm"), 5)


class Slow(SmallEmbedder):
    """Waits in the middle of its work until it is told to go on."""

    def __init__(self) -> None:
        super().__init__()
        self.reached, self.go_on = threading.Event(), threading.Event()

    def documents(self, texts: list[str], progress: Progress | None = None) -> Vectors:  # type: ignore[override]
        self.reached.set()
        assert self.go_on.wait(30)
        return super().documents(texts, progress)


def test_the_old_version_answers_while_the_new_one_is_built_and_no_second_writer_comes_in(
    world: World,
) -> None:
    first = world.build().version
    assistant = world.assistant()
    world.write(huegel=HILL)
    slow = Slow()
    reports: list[IndexReport] = []
    writer = threading.Thread(target=lambda: reports.append(world.build(slow)))
    writer.start()
    try:
        assert slow.reached.wait(30)
        assert assistant.index_version == first
        assert assistant.search("Turm").passages[0].chunk.article == "turm.txt"
        with pytest.raises(IndexBusy):
            world.build()
    finally:
        slow.go_on.set()
        writer.join(30)
    assert assistant.index_version == reports[0].version
    assert assistant.search("Orchideen").passages[0].chunk.article == "huegel.txt"


def test_a_run_killed_at_any_moment_leaves_an_index_that_answers_and_the_next_run_succeeds(
    tmp_path: Path,
) -> None:
    world = World(tmp_path / "world").write(bruecke=BRIDGE, turm=TOWER)
    old = world.build().version
    world.write(turm=TOWER.replace("80", "90"), huegel=HILL)
    script = Path(__file__).with_name("killed_index.py")
    done = subprocess.run(
        [sys.executable, str(script), str(world.folder), "24"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    whole, *killed = [json.loads(line) for line in done.stdout.split("\n")[:-1]]
    assert whole["status"] == 0
    assert len(killed) >= 20
    answering = set()
    for run in killed:
        assert run["status"] == -signal.SIGKILL, run
        left = World(Path(run["folder"]))
        reader = left.reader()
        height = "80 Meter" if reader().version == old else "90 Meter"
        answering.add(height)
        assert height in reader().records.article("turm.txt").text, run
        assert left.found("Wie lang ist die Brücke?") == "bruecke.txt", run
        report = left.build()
        assert report.refused == (), run
        assert "90 Meter" in reader().records.article("turm.txt").text, run
        assert left.found("Orchideen") == "huegel.txt", run
        folders = [p.name for p in (left.settings.index / "versions").iterdir()]
        assert sorted(folders) == versions.versions(left.settings.index), run
    assert answering == {"80 Meter", "90 Meter"}  # moments before and after the swap


def test_the_articles_in_corpus_are_indexed_whole_by_the_real_model(
    paris: tuple[Settings, IndexReport],
) -> None:
    settings, report = paris
    assert listed(report) == without(added=tuple(sorted(p.name for p in CORPUS.glob("*.txt"))))
    assert report.remarks == ()
    assert report.truncated == 0
    name, _, manifest = versions.open_version(settings.index, {})
    assert name == report.version
    assert manifest["chunks"] == report.chunks > 50
