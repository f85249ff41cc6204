"""Models arrive whole or not at all: real pip, HTTP and kills; the index is a folder."""

from __future__ import annotations

import hashlib
import http.server
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rag import e5small, models
from rag.catalogue import File, Model, load_catalogue
from rag.errors import ModelError
from rag.fetch import Hub, Source, Wheel

DATA = hashlib.shake_256(b"weights").digest(6000)
NOWHERE = "http://127.0.0.1:9"
ROOT = Path(__file__).parent.parent


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip takes for the whole package index; the model hub is out of reach."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    return folder


FILES = {"config.json": b"{}", "tokenizer.json": b"{}", "README.md": b"x", "onnx/m.onnx": b"x"}
COMMIT = "a" * 40


class Server(http.server.ThreadingHTTPServer):
    """A model hub with one file; ``stop_at`` bytes into it the line is cut, or goes dead."""

    daemon_threads = True
    stop_at: int | None = None
    stall = False
    delay = 0.0
    ranges: list[str | None]


class Hubside(http.server.BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self.answer(FILES.get(self.path.split("/main/")[-1].split(f"/{COMMIT}/")[-1], b""))

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def do_GET(self) -> None:
        if "/tree/" in self.path:
            tree = [
                {"type": "file", "path": path, "size": len(body), "oid": "0" * 40}
                for path, body in FILES.items()
            ]
            self.answer(json.dumps(tree).encode())
        elif self.path.startswith("/api/"):
            siblings = [{"rfilename": path} for path in FILES]
            self.answer(json.dumps({"id": "x/y", "sha": COMMIT, "siblings": siblings}).encode())
        elif COMMIT in self.path:
            self.do_HEAD()
        else:
            self.send_weights()

    def send_weights(self) -> None:
        wanted = self.headers.get("Range")
        self.server.ranges.append(wanted)
        start = int(wanted[6:-1]) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("Content-Length", str(len(DATA) - start))
        self.end_headers()
        time.sleep(self.server.delay)
        self.wfile.write(DATA[start : self.server.stop_at])
        self.wfile.flush()
        time.sleep(30 if self.server.stall else 0)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def hub(shelf: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    server = Server(("127.0.0.1", 0), Hubside)
    server.ranges = []
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def put_wheel(shelf: Path, name: str, member: str, data: bytes) -> Path:
    module = name.replace("-", "_")
    path = shelf / f"{module}-1.0-py3-none-any.whl"
    info = f"{module}-1.0.dist-info"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(member, data)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return path


def model_of(*sources: Source, data: bytes = DATA) -> Model:
    file = File("weights.gguf", len(data), hashlib.sha256(data).hexdigest(), sources)
    return Model("small", "llm", "MIT", "tests", (file,))


ONE = Wheel("small-model==1.0", "small_model/weights.bin")
PARTS = Wheel("small-part{n}==1.0", "part{n}/p{n:02d}.bin", parts=4)
HUB = Hub("someone/small", "weights.gguf")


def put_parts(shelf: Path, *numbers: int) -> None:
    for n in numbers:
        put_wheel(shelf, f"small-part{n}", f"part{n}/p{n:02d}.bin", DATA[1500 * (n - 1) : 1500 * n])


def pull(model: Model, folder: Path) -> tuple[Path, list[str]]:
    said: list[str] = []
    return models.pull(model, folder, said.append), said


@contextmanager
def pull_elsewhere(source: str, folder: Path, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """``pull`` in a process of its own, which says "ready" or the error."""
    program = f"""
        import sys
        from pathlib import Path
        sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
        import test_models
        from rag import models
        from rag.errors import ModelError
        {before}
        model = test_models.model_of(test_models.{source})
        try:
            models.pull(model, Path({str(folder)!r}), lambda line: print(line, flush=True))
            print("ready", flush=True)
        except ModelError as error:
            print(error, flush=True)
    """
    with subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(program)],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                process.kill()


def wait_for(folder: Path, pattern: str) -> None:
    until = time.monotonic() + 30
    while not list(folder.glob(f"m/.downloads/*/{pattern}")):
        assert time.monotonic() < until, f"no {pattern}"
        time.sleep(0.01)


def assert_nothing_half(model: Model, folder: Path) -> None:
    """Nothing under the model's own name; what is unfinished lies in .downloads."""
    assert models.ready(model, folder) is None
    assert not list((folder / model.name).glob("*"))


def test_the_catalogue_names_checksum_size_and_a_source_for_every_file() -> None:
    catalogue = load_catalogue()
    assert {"multilingual-e5-small", "qwen2.5-coder-1.5b-instruct"} <= set(catalogue)
    for model in catalogue.values():
        assert model.licence
        assert model.size > 0
        for file in model.files:
            assert len(bytes.fromhex(file.sha256)) == 32
            assert file.sources
            wheels = [source for source in file.sources if isinstance(source, Wheel)]
            assert wheels, "each model can be had from the package index alone"
            for wheel in wheels:
                assert "==" in wheel.requirement.format(n=1)
                assert ("{n" in wheel.requirement) == ("{n" in wheel.member) == (wheel.parts > 1)


def test_a_pulled_model_has_the_exact_bytes_and_leaves_no_rests(
    shelf: Path, tmp_path: Path
) -> None:
    put_wheel(shelf, "small-model", ONE.member, DATA)
    path, said = pull(model_of(ONE), tmp_path / "m")
    assert path.read_bytes() == DATA
    assert models.ready(model_of(ONE), tmp_path / "m") == path
    assert said
    assert not [p for p in (tmp_path / "m" / ".downloads").rglob("*") if p.suffix != ".lock"]


def test_a_ready_model_is_not_fetched_again(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, "small-model", ONE.member, DATA).rename(shelf / "gone")
    with pytest.raises(ModelError):
        pull(model_of(ONE), tmp_path / "m")
    (tmp_path / "m" / "small" / "weights.gguf").write_bytes(DATA)  # put there by hand
    path, said = pull(model_of(ONE), tmp_path / "m")
    assert path == models.ready(model_of(ONE), tmp_path / "m")
    assert not said


def test_parts_are_joined_in_their_order_and_finished_parts_are_not_fetched_twice(
    shelf: Path, tmp_path: Path
) -> None:
    model = model_of(PARTS)
    put_parts(shelf, 1, 2)
    with pytest.raises(ModelError, match="small-part3"):
        pull(model, tmp_path / "m")
    assert_nothing_half(model, tmp_path / "m")
    for wheel in shelf.iterdir():
        wheel.unlink()
    put_parts(shelf, 3, 4)
    path, _ = pull(model, tmp_path / "m")
    assert path.read_bytes() == DATA


@pytest.mark.parametrize("wrong", [b"x" * len(DATA), DATA[:-1], DATA + b"x"])
def test_wrong_bytes_are_thrown_away_whatever_the_source_says(
    shelf: Path, tmp_path: Path, wrong: bytes
) -> None:
    model = model_of(ONE)
    put_wheel(shelf, "small-model", ONE.member, wrong)
    with pytest.raises(ModelError, match="checksum") as caught:
        pull(model, tmp_path / "m")
    assert "\n" not in str(caught.value)
    assert caught.value.mend == "rag models pull small"
    assert_nothing_half(model, tmp_path / "m")
    put_wheel(shelf, "small-model", ONE.member, DATA)
    assert pull(model, tmp_path / "m")[0].read_bytes() == DATA


def test_a_cut_wheel_is_refused_and_named(shelf: Path, tmp_path: Path) -> None:
    model = model_of(ONE)
    wheel = put_wheel(shelf, "small-model", ONE.member, DATA)
    wheel.write_bytes(wheel.read_bytes()[:3000])
    with pytest.raises(ModelError, match=r"small.model"):
        pull(model, tmp_path / "m")
    assert_nothing_half(model, tmp_path / "m")


def test_a_wheel_with_a_flipped_byte_is_refused(shelf: Path, tmp_path: Path) -> None:
    wheel = put_wheel(shelf, "small-model", ONE.member, DATA)
    content = bytearray(wheel.read_bytes())
    content[3000] ^= 1
    wheel.write_bytes(content)
    with pytest.raises(ModelError, match="damaged"):
        pull(model_of(ONE), tmp_path / "m")
    assert_nothing_half(model_of(ONE), tmp_path / "m")


def test_the_next_source_is_taken_when_the_hub_is_out_of_reach(shelf: Path, tmp_path: Path) -> None:
    put_wheel(shelf, "small-model", ONE.member, DATA)
    path, said = pull(model_of(HUB, ONE), tmp_path / "m")
    assert path.read_bytes() == DATA
    assert any("hub cannot be reached" in line for line in said)


def test_without_any_source_one_line_comes_within_seconds(shelf: Path, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        pull(model_of(HUB, ONE), tmp_path / "m")
    assert time.monotonic() - began < 15
    assert "\n" not in str(caught.value)
    assert "hub cannot be reached" in caught.value.what
    assert caught.value.mend == "rag models pull small"


def test_a_hub_that_never_answers_costs_at_most_a_few_seconds(
    shelf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        began = time.monotonic()
        with pytest.raises(ModelError, match="hub"):
            pull(model_of(HUB), tmp_path / "m")
        assert time.monotonic() - began < 6


def test_the_hub_is_left_alone_when_it_is_switched_off(
    hub: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match="HF_HUB_OFFLINE"):
        pull(model_of(HUB), tmp_path / "m")
    assert not hub.ranges


def test_a_cut_download_goes_on_where_it_was_cut(hub: Server, tmp_path: Path) -> None:
    model = model_of(HUB)
    hub.stop_at = 4000
    with pytest.raises(ModelError, match=r"cut|broke off"):
        pull(model, tmp_path / "m")
    assert_nothing_half(model, tmp_path / "m")
    hub.stop_at = None
    path, _ = pull(model, tmp_path / "m")
    assert path.read_bytes() == DATA
    assert hub.ranges == [None, "bytes=4000-"]


def test_two_pulls_at_once_fetch_once(hub: Server, tmp_path: Path) -> None:
    hub.delay = 2.0
    with pull_elsewhere("HUB", tmp_path / "m") as a, pull_elsewhere("HUB", tmp_path / "m") as b:
        said = [process.communicate(timeout=60)[0] for process in (a, b)]
    assert all("ready" in lines for lines in said), said
    assert sum("waiting" in lines for lines in said) == 1, said
    assert len(hub.ranges) == 1


def test_a_pull_killed_amid_a_hub_file_leaves_nothing_that_looks_whole(
    hub: Server, tmp_path: Path
) -> None:
    model = model_of(HUB)
    hub.stop_at, hub.stall = 3000, True
    with pull_elsewhere("HUB", tmp_path / "m") as process:
        wait_for(tmp_path, "weights.gguf.hub")
        time.sleep(0.3)
        os.kill(process.pid, signal.SIGKILL)
    assert_nothing_half(model, tmp_path / "m")
    hub.stop_at, hub.stall = None, False
    assert pull(model, tmp_path / "m")[0].read_bytes() == DATA


@pytest.mark.parametrize("moment", ["*.part01", "*.part03.*", "*.part04.*"])
def test_a_pull_killed_amid_its_parts_leaves_nothing_that_looks_whole(
    shelf: Path, tmp_path: Path, moment: str
) -> None:
    model = model_of(PARTS)
    put_parts(shelf, 1, 2, 3, 4)
    with pull_elsewhere("PARTS", tmp_path / "m") as process:
        wait_for(tmp_path, moment)
        os.kill(process.pid, signal.SIGKILL)  # a pip of its may live on and must do no harm
    path = models.ready(model, tmp_path / "m")
    assert path is None or path.read_bytes() == DATA
    assert pull(model, tmp_path / "m")[0].read_bytes() == DATA
    assert not list((tmp_path / "m" / ".downloads").glob("*/*"))


def test_a_full_disk_is_one_line_before_the_first_byte(shelf: Path, tmp_path: Path) -> None:
    model = model_of(ONE)
    huge = replace(model, files=(replace(model.files[0], size=10**18),))
    with pytest.raises(ModelError, match="no room") as caught:
        pull(huge, tmp_path / "m")
    assert "RAG_MODEL_DIR" in caught.value.mend


def test_a_disk_that_fills_up_meanwhile_is_one_line(hub: Server, tmp_path: Path) -> None:
    limit = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))"
    with pull_elsewhere("HUB", tmp_path / "m", before=limit) as process:
        said = process.communicate(timeout=60)[0]
    assert "no room on the disk" in said
    assert_nothing_half(model_of(HUB), tmp_path / "m")
    assert pull(model_of(HUB), tmp_path / "m")[0].read_bytes() == DATA


def test_how_much_of_all_files_has_been_fetched_is_told(hub: Server, tmp_path: Path) -> None:
    first = model_of(HUB)
    model = replace(first, files=(first.files[0], replace(first.files[0], name="more.gguf")))
    hub.stop_at = 4000
    with pytest.raises(ModelError, match=r"cut|broke off"):
        pull(model, tmp_path / "m")
    hub.stop_at, hub.delay = None, 0.8
    heard: list[int] = []
    models.pull(model, tmp_path / "m", lambda line: None, heard.append)
    assert heard == sorted(heard)
    assert set(heard) >= {100 * 4000 // (2 * len(DATA)), 50}
    assert heard[-1] <= 100


def test_a_file_that_lost_bytes_is_not_ready_and_the_next_pull_mends_it(
    shelf: Path, tmp_path: Path
) -> None:
    model = model_of(ONE)
    put_wheel(shelf, "small-model", ONE.member, DATA)
    path, _ = pull(model, tmp_path / "m")
    path.write_bytes(DATA[:100])
    assert models.ready(model, tmp_path / "m") is None
    assert pull(model, tmp_path / "m")[0].read_bytes() == DATA


def test_verify_finds_a_flipped_bit_and_the_next_pull_mends_it(shelf: Path, tmp_path: Path) -> None:
    model = model_of(ONE)
    assert models.verify(model, tmp_path / "m") == ()
    put_wheel(shelf, "small-model", ONE.member, DATA)
    path, _ = pull(model, tmp_path / "m")
    assert models.verify(model, tmp_path / "m") == ()
    path.write_bytes(DATA[:-1] + bytes([DATA[-1] ^ 1]))
    (finding,) = models.verify(model, tmp_path / "m")
    assert str(path) in finding
    assert models.ready(model, tmp_path / "m") is None
    assert pull(model, tmp_path / "m")[0].read_bytes() == DATA


# The embedder's own format.


def packed_model(hidden: int = 32, ffn: int = 64) -> bytes:
    """A whole "E5S1" file of one layer; every 4-bit weight is 3 * 0.5."""
    tensors: list[tuple[str, int, int]] = [("emb.word", 1, 5 * hidden), ("emb.pos", 0, 4 * hidden)]
    tensors += [("emb.type", 0, 2 * hidden), ("emb.ln.w", 0, hidden), ("emb.ln.b", 0, hidden)]
    for name, out, inside in [
        ("q", hidden, hidden), ("k", hidden, hidden), ("v", hidden, hidden), ("ao", hidden, hidden),
        ("fi", ffn, hidden), ("fo", hidden, ffn),
    ]:  # fmt: skip
        tensors += [(f"l0.{name}.w", 1, out * inside), (f"l0.{name}.b", 0, out)]
    tensors += [(f"l0.{norm}.{p}", 0, hidden) for norm in ("aln", "oln") for p in "wb"]
    head = b"E5S1" + struct.pack("<I7ifi", 1, hidden, 1, 2, ffn, 5, 4, 2, 1e-12, 32)
    head += struct.pack("<5iQIIf", 1, 0, 2, 1, 3, 3, 0, 3, 0.0) + b"abc"
    head += struct.pack("<iI", 1, 2) + b"\0\0"
    block = struct.pack("<e", 0.5) + bytes([0xBB]) * 16
    bodies = [
        np.ones(n, "<f4").tobytes() if kind == 0 else block * (n // 32) for _, kind, n in tensors
    ]
    at = len(head) + 4 + sum(2 + len(name) + 21 for name, _, _ in tensors)
    index = struct.pack("<i", len(tensors))
    for (name, kind, n), body in zip(tensors, bodies, strict=True):
        index += struct.pack("<H", len(name)) + name.encode()
        index += struct.pack("<BIQQ", kind, n, at, len(body))
        at += len(body)
    return head + index + b"".join(bodies)


def built_model(shelf: Path) -> Model:
    """A model of two files that is rebuilt after the download."""
    put_wheel(shelf, "small-model", ONE.member, packed_model())
    put_wheel(shelf, "small-tokenizer", "t/tokenizer.json", b"{}")
    weights = model_of(ONE, data=packed_model()).files[0]
    tokenizer = model_of(Wheel("small-tokenizer==1.0", "t/tokenizer.json"), data=b"{}").files[0]
    files = (weights, replace(tokenizer, name="tokenizer.json"))
    return Model("packed", "embedding", "MIT", "tests", files, "e5small")


def test_a_block_unpacks_to_low_halves_first_then_high_halves() -> None:
    block = struct.pack("<e", 0.25) + bytes(range(16))
    weights = e5small.unpack(block)
    assert weights.tolist() == [(j - 8) * 0.25 for j in range(16)] + [-8 * 0.25] * 16


def test_a_packed_model_becomes_bert_matrices_of_the_right_shape(tmp_path: Path) -> None:
    from safetensors.numpy import load_file

    (tmp_path / "packed").write_bytes(packed_model())
    (tmp_path / "tokenizer.json").write_text("{}")
    e5small.build(tmp_path / "packed", tmp_path / "tokenizer.json", tmp_path / "out")
    tensors = load_file(tmp_path / "out" / "model.safetensors")
    assert tensors["encoder.layer.0.intermediate.dense.weight"].shape == (64, 32)
    assert tensors["encoder.layer.0.output.dense.weight"].shape == (32, 64)
    assert tensors["encoder.layer.0.attention.output.dense.weight"].shape == (32, 32)
    assert tensors["embeddings.LayerNorm.weight"].shape == (32,)
    assert np.all(tensors["embeddings.word_embeddings.weight"] == 1.5)


@pytest.mark.parametrize("kept", [0, 3, 20, 60, 100, 400, -1])
def test_a_cut_packed_model_is_refused_at_any_place(tmp_path: Path, kept: int) -> None:
    (tmp_path / "packed").write_bytes(packed_model()[:kept])
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(e5small.FormatError):
        e5small.build(tmp_path / "packed", tmp_path / "tokenizer.json", tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_rebuilt_folder_is_found_and_rebuilt(shelf: Path, tmp_path: Path) -> None:
    model = built_model(shelf)
    folder, _ = pull(model, tmp_path / "m")
    assert models.verify(model, tmp_path / "m") == ()
    weights = folder / "model.safetensors"
    whole = weights.read_bytes()
    weights.write_bytes(whole[:-1] + b"\1")
    (finding,) = models.verify(model, tmp_path / "m")
    assert str(folder) in finding
    assert models.ready(model, tmp_path / "m") is None
    assert (pull(model, tmp_path / "m")[0] / "model.safetensors").read_bytes() == whole


def test_a_rebuild_that_was_killed_is_made_anew(shelf: Path, tmp_path: Path) -> None:
    model = built_model(shelf)
    folder, _ = pull(model, tmp_path / "m")
    folder.rename(folder.with_name(".building"))
    assert models.ready(model, tmp_path / "m") is None
    assert pull(model, tmp_path / "m")[0] == folder
    assert not list(folder.parent.glob(".*"))


# Embedding models by name.


def test_a_model_of_the_catalogue_that_is_not_here_names_the_command(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        models.locate("multilingual-e5-small", tmp_path)
    assert caught.value.mend == "rag models pull multilingual-e5-small"


@pytest.mark.parametrize("name", ["someone/no-such-model", "../etc", "a b", "", "x--y", "http://x"])
def test_an_unknown_name_is_one_line_and_fast(shelf: Path, tmp_path: Path, name: str) -> None:
    began = time.monotonic()
    with pytest.raises(ModelError) as caught:
        models.locate(name, tmp_path / "m")
    assert time.monotonic() - began < 6
    assert "\n" not in str(caught.value)


def test_a_folder_changes_its_identity_with_its_bytes(shelf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    (folder / "model.safetensors").write_bytes(b"one")
    first = models.locate(str(folder), tmp_path / "m")
    assert models.locate(str(folder), tmp_path / "m") == first
    (folder / "model.safetensors").write_bytes(b"two")
    assert models.locate(str(folder), tmp_path / "m").identity != first.identity
    (folder / "model.safetensors").write_bytes(b"one")
    assert models.locate(str(folder), tmp_path / "m").identity == first.identity


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no model"):
        models.locate(str(tmp_path), tmp_path / "m")


@pytest.mark.parametrize("weights", ["model.safetensors", "pytorch_model.bin"])
def test_a_hub_model_comes_once_without_what_is_not_needed_and_is_then_found_offline(
    hub: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: str
) -> None:
    monkeypatch.setitem(FILES, weights, b"weights")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    program = f"""
        import sys
        from pathlib import Path
        sys.path.insert(0, {str(ROOT)!r})
        from rag import models
        print(models.locate("x/y", Path({str(tmp_path / "m")!r})).path)
    """

    def locate() -> Path:  # the address of the hub is read but once a process
        command = [sys.executable, "-c", textwrap.dedent(program)]
        return Path(subprocess.check_output(command, text=True).strip())

    folder = locate()
    assert folder.name == COMMIT
    names = {path.name for path in folder.iterdir()}
    assert names == {"config.json", "tokenizer.json", weights}
    monkeypatch.setenv("HF_ENDPOINT", NOWHERE)
    assert locate() == folder
    (folder / weights).unlink()
    with pytest.raises(subprocess.CalledProcessError):
        locate()
