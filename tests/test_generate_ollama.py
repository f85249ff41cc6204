"""Ollama's interface: the real client against a stand-in with a real model, and against a small
HTTP server that says what no healthy server would."""

from __future__ import annotations

import json
import math
import socket
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import urlopen

import pytest
from ollama_stand_in import StandIn, ollama_stand_in

from rag.catalogue import load_catalogue
from rag.errors import GeneratorDown, GeneratorError, ModelError, PromptTooLong
from rag.generate_ollama import RECOMMENDED, OllamaGenerator, find_model
from rag.models import pull
from rag.ports import Finished, Token
from rag.settings import load_settings
from rag.types import Message, Reading, Usage

GB = 2**30


@pytest.fixture(scope="module")
def stand_in(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StandIn]:
    model = load_catalogue()["smollm2-135m-instruct"]
    gguf = pull(model, load_settings().model_dir, lambda _: None)
    with ollama_stand_in(gguf, tmp_path_factory.mktemp("stand-in"), 1024) as running:
        yield running


def ask(text: str) -> list[Message]:
    return [Message("user", text)]


def slots(stand_in: StandIn) -> list[dict[str, Any]]:
    with urlopen(f"{stand_in.upstream}/slots") as answer:  # noqa: S310 (its own server)
        return json.load(answer)


# The stand-in: a real model, real streaming.


def test_an_answer_streams_in_pieces_and_ends(stand_in: StandIn) -> None:
    events = list(OllamaGenerator(stand_in.model, stand_in.host, 60).stream(ask("Hello?"), 8))
    kinds = [type(event) for event in events]
    assert kinds == sorted(kinds, key=[Reading, Token, Finished].index)
    assert kinds.count(Finished) == 1
    assert sum(bool(e.text) for e in events if isinstance(e, Token)) > 1


def test_closing_stops_the_server(stand_in: StandIn) -> None:
    news = OllamaGenerator(stand_in.model, stand_in.host, 60).stream(
        ask("Count from one to one thousand, each number in words."), 900
    )
    next(event for event in news if isinstance(event, Token) and event.text)
    news.close()
    end = time.monotonic() + 60
    while slots(stand_in)[0]["is_processing"]:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert slots(stand_in)[0]["next_token"][0]["n_decoded"] < 500


def test_a_prompt_beyond_the_context_is_refused(stand_in: StandIn) -> None:
    with pytest.raises(PromptTooLong):
        list(OllamaGenerator("local/x", stand_in.host, 60).stream(ask("hello " * 3000), 8))


def test_an_unknown_model_is_one_clear_line(stand_in: StandIn) -> None:
    with pytest.raises((GeneratorError, ModelError)) as failed:
        list(OllamaGenerator("nobody/x", stand_in.host, 60).stream(ask("Hello?"), 8))
    assert "nobody/x" in str(failed.value)
    assert "\n" not in str(failed.value)


def test_models_that_run_elsewhere_are_never_chosen(stand_in: StandIn) -> None:
    assert find_model(stand_in.host) is None  # its list holds other people's services only


# A small server that speaks Ollama's JSON lines.


@dataclass
class Script:
    """What the server says. ``lines``: of the chat; a None cuts the connection there."""

    lines: Sequence[dict[str, Any] | None] = ()
    status: int = 200
    models: dict[str, int] = field(default_factory=dict)
    show: dict[str, dict[str, Any]] = field(default_factory=dict)
    wait: threading.Event | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)


@contextmanager
def server(script: Script) -> Iterator[str]:
    """Runs the script on a free port; yields its address."""

    class Speaker(BaseHTTPRequestHandler):
        def _json(self, value: object, status: int = 200) -> None:
            body = json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            self._json({"models": [{"model": m, "size": s} for m, s in script.models.items()]})

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/api/show":
                self._json({"model_info": {}, **script.show.get(asked["model"], {})})
                return
            script.asked.append(asked)
            if script.status != 200:
                self._json(script.lines[0], script.status)
                return
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for line in script.lines:
                if line is None:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                data = json.dumps(line).encode() + b"\n"
                self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
                self.wfile.flush()
            if script.wait:
                script.wait.wait(30)
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            pass

    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Speaker)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{httpd.server_port}"
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def piece(text: str) -> dict[str, Any]:
    return {"message": {"role": "assistant", "content": text}, "done": False}


def end(prompt: int | None, answer: int = 2) -> dict[str, Any]:
    counts = {} if prompt is None else {"prompt_eval_count": prompt}
    return {**piece(""), "done": True, "eval_count": answer, **counts}


def events(script: Script, text: str = "Hallo?", seconds: float = 10) -> list[Any]:
    with server(script) as host:
        return list(OllamaGenerator("gemma", host, seconds).stream(ask(text), 100))


def test_the_answer_and_its_counts_arrive() -> None:
    script = Script([piece("Ja"), piece("."), end(21)])
    assert [e for e in events(script) if not isinstance(e, Reading)] == [
        Token("Ja"),
        Token("."),
        Finished(Usage(21, 2)),
    ]


def test_a_model_the_server_lacks_is_pulled_by_the_command_given() -> None:
    script = Script([{"error": "model 'gemma' not found"}], status=404)
    with pytest.raises(ModelError) as failed:
        events(script)
    assert failed.value.mend == "ollama pull gemma"


@pytest.mark.parametrize("read", [40, 4096])
def test_a_silently_cut_prompt_is_an_error(read: int) -> None:
    with pytest.raises(PromptTooLong, match=str(read)):
        events(Script([piece("Ja."), end(read)]), "wort " * 60)


@pytest.mark.parametrize("read", [None, 0, 60, 130])
def test_a_cached_or_whole_prompt_is_no_false_alarm(read: int | None) -> None:
    *_, finished = events(Script([piece("Ja."), end(read)]), "wort " * 60)
    assert finished.usage.prompt == (read or 0)


def test_a_prompt_beyond_what_the_model_was_trained_on_is_not_even_sent() -> None:
    script = Script(show={"gemma": {"model_info": {"gemma3.context_length": 2048}}})
    with pytest.raises(PromptTooLong):
        events(script, "wort " * 2000)
    assert script.asked == []


def test_the_server_that_refuses_a_long_prompt_is_understood() -> None:
    said = {"error": "the input length exceeds the context length"}
    with pytest.raises(PromptTooLong):
        events(Script([said], status=400))


def test_an_error_in_mid_stream_is_one_line() -> None:
    with pytest.raises(GeneratorError, match="out of memory again") as failed:
        events(Script([piece("Ja"), {"error": "out of\nmemory\tagain"}]))
    assert "\n" not in str(failed.value)


@pytest.mark.parametrize("last", [None, piece("und")])
def test_a_connection_that_breaks_off_is_an_error(last: dict[str, Any] | None) -> None:
    with pytest.raises(GeneratorError):
        events(Script([piece("Ja"), last]))


def test_a_server_that_says_nothing_is_an_error_after_the_time_given() -> None:
    wait = threading.Event()
    with pytest.raises(GeneratorError, match="1 s"):
        events(Script([piece("Ja")], wait=wait), seconds=1)
    wait.set()


def test_a_silent_server_can_be_left_at_any_time() -> None:
    wait = threading.Event()
    with server(Script(wait=wait)) as host:
        news = OllamaGenerator("gemma", host, 60).stream(ask("Hallo?"), 10)
        assert isinstance(next(news), Reading)
        news.close()
        wait.set()
    assert not [t for t in threading.enumerate() if t.name.startswith("language-model")]


def test_no_server_is_told_with_its_address_and_the_command() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        host = f"127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(GeneratorDown) as failed:
        list(OllamaGenerator("gemma", host, 10).stream(ask("Hallo?"), 10))
    assert host in failed.value.what
    assert failed.value.mend == "ollama serve"
    assert find_model(host) is None


def test_another_kind_of_server_is_an_error() -> None:
    with server(Script(["no", "Ollama"])) as host, pytest.raises(GeneratorError):  # type: ignore[list-item]
        list(OllamaGenerator("gemma", host, 10).stream(ask("Hallo?"), 10))


def test_the_context_grows_in_steps_and_never_shrinks() -> None:
    script = Script([piece("Ja."), end(None)])
    with server(script) as host:
        generator = OllamaGenerator("gemma", host, 10)
        for words in (10, 3000, 20):
            list(generator.stream(ask("wort " * words), 100))
    asked = [request["options"]["num_ctx"] for request in script.asked]
    assert asked[0] % 2048 == asked[1] % 2048 == 0
    assert asked[0] < asked[1] == asked[2]


def test_a_model_that_thinks_is_told_not_to() -> None:
    script = Script([piece("Ja."), end(None)], show={"gemma": {"capabilities": ["thinking"]}})
    events(script)
    assert script.asked[0]["think"] is False


def test_the_address_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(Script([piece("Ja."), end(9)])) as host:
        monkeypatch.setenv("OLLAMA_HOST", host)
        *_, finished = OllamaGenerator("gemma", None, 10).stream(ask("Hallo?"), 10)
    assert finished.usage.prompt == 9


CHAT = {"capabilities": ["completion"]}


@pytest.mark.parametrize(
    ("models", "chosen"),
    [
        ({}, None),
        ({"embedder": GB}, None),
        ({"far:cloud": 380}, None),
        ({"embedder": GB, "a": 2 * GB, "b": 5 * GB, "huge": 40 * GB}, "b"),
        ({"huge": 40 * GB, "huger": 80 * GB}, "huge"),
        ({"b": 5 * GB, RECOMMENDED[0]: 3 * GB}, RECOMMENDED[0]),
        ({"b": 5 * GB, f"{RECOMMENDED[1]}-q8_0": 5 * GB}, f"{RECOMMENDED[1]}-q8_0"),
    ],
)
def test_the_model_that_is_chosen_can_chat_and_fits(
    models: dict[str, int], chosen: str | None
) -> None:
    show = dict.fromkeys(models, CHAT) | {"embedder": {"capabilities": ["embedding"]}}
    with server(Script(models=models, show=show)) as host:
        assert find_model(host) == chosen


def test_two_words_are_weighed_by_the_first_token_and_an_old_server_tells_nothing() -> None:
    first = [
        {"token": "Ja", "logprob": math.log(0.6)},
        {"token": " Ne", "logprob": math.log(0.2)},
        {"token": "Vielleicht", "logprob": math.log(0.2)},
    ]
    told = {**end(20), "logprobs": [{**first[0], "top_logprobs": first}]}
    for line, expected in ((told, 0.75), (end(20), None)):
        script = Script([line])
        with server(script) as host:
            found = OllamaGenerator("gemma", host).weigh(ask("Stimmt das?"), "Ja", "Nein")
        assert found == (None if expected is None else pytest.approx(expected))
        assert script.asked[0]["options"]["num_predict"] == 1
        assert script.asked[0]["top_logprobs"] == 20


def test_a_server_that_is_down_is_told_while_weighing_too() -> None:
    with server(Script()) as host:
        pass
    with pytest.raises(GeneratorDown, match="ollama serve"):
        OllamaGenerator("gemma", host).weigh(ask("Stimmt das?"), "Ja", "Nein")
