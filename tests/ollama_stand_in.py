"""A server that speaks Ollama's language, with a real small model behind it.

A child process runs llama.cpp's server (OpenAI's interface) and, in front of it, ollama-proxy. It
ends when its standard input closes, so it cannot outlive the tests, however they end. What differs
from Ollama: token counts are words, its model list is not the truth, and an unknown model is an
error in mid-stream instead of 404.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class StandIn:
    """``host`` speaks Ollama's interface and serves ``model``; ``upstream`` is llama.cpp itself."""

    host: str
    model: str
    upstream: str


@contextmanager
def ollama_stand_in(gguf: Path, folder: Path, context_tokens: int = 2048) -> Iterator[StandIn]:
    """A running stand-in; ``folder`` is an empty one it works in. RuntimeError if it cannot run."""
    log = folder / "stand_in.log"
    with (
        log.open("wb") as errors,
        subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), str(gguf), str(context_tokens)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=folder,
        ) as child,
    ):
        assert child.stdin is not None
        assert child.stdout is not None
        try:
            ready = child.stdout.readline()
            if not ready:
                raise RuntimeError(f"no stand-in for Ollama: {log.read_text()[-2000:]}")
            yield StandIn(**json.loads(ready))
        finally:
            child.stdin.close()
            child.wait(timeout=30)


def _serve(gguf: str, context_tokens: int) -> None:
    """Run both servers on free ports, print where they are, and end with standard input."""
    import socket
    import threading

    import uvicorn
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = gguf
    params.n_ctx = context_tokens
    params.n_batch = params.n_ubatch = 64
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.verbosity = -1
    params.warmup = False
    llama = xllamacpp.Server(params)

    os.environ["PROVIDERS_LOCAL_API_KEY"] = "EMPTY"
    os.environ["PROVIDERS_LOCAL_BASE_URL"] = f"{llama.listening_address}/v1"
    from ollama_proxy.server import app

    door = socket.create_server(("127.0.0.1", 0))
    proxy = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    threading.Thread(target=proxy.run, kwargs={"sockets": [door]}, daemon=True).start()
    host = f"http://127.0.0.1:{door.getsockname()[1]}"
    ready = {"host": host, "model": "local/any", "upstream": llama.listening_address}
    sys.stdout.write(json.dumps(ready) + "\n")
    sys.stdout.flush()
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
