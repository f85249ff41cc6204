"""What a user waits for: the program started as a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from tempfile import TemporaryFile

from eval.errors import EvalError
from eval.inside import mebibytes, peak_memory_of
from rag.settings import Settings

_PATIENCE = 300.0  # seconds until a start counts as failed
_PAUSE = 0.02  # seconds between two looks


def search(settings: Settings, question: str) -> tuple[float, float]:
    """Seconds and peak MiB of one ``rag search``."""
    with TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            _command(settings, "search", question, "--json"),
            env=environment(settings),
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            errors.seek(0)
            last = errors.read().decode("utf-8", "replace").strip().split("\n")[-1]
            raise EvalError(f"rag search failed: {last}", "rag doctor")
    return seconds, mebibytes(usage.ru_maxrss)


def chat(settings: Settings) -> tuple[float, float]:
    """Seconds from the start of ``rag chat`` until its page answers, and its peak MiB."""
    port = _free_port()
    began = time.perf_counter()
    with subprocess.Popen(
        _command(settings, "chat", "--port", str(port)),
        env=environment(settings),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            while not _answers(port):
                if process.poll() is not None:
                    raise EvalError(f"rag chat ended with {process.returncode}.", "rag doctor")
                if time.perf_counter() - began > _PATIENCE:
                    raise EvalError(f"rag chat did not answer in {_PATIENCE:.0f} s.", "rag doctor")
                time.sleep(_PAUSE)
            return time.perf_counter() - began, peak_memory_of(process.pid)
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()


def environment(settings: Settings) -> dict[str, str]:
    """This process's, with the settings that decide what is started."""
    root = str(Path(__file__).parent.parent)
    return {
        **os.environ,
        "RAG_LLM": settings.llm,
        "RAG_MODEL_DIR": str(settings.model_dir),
        "PYTHONPATH": os.pathsep.join(p for p in (root, os.environ.get("PYTHONPATH", "")) if p),
    }


def _command(settings: Settings, *arguments: str) -> list[str]:
    folders = ["--corpus", str(settings.corpus), "--index", str(settings.index)]
    return [sys.executable, "-m", "rag.cli", *folders, *arguments]


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])
