"""What the parts cost in this process: seconds, tokens, FLOP, memory."""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.datasets import SEED
from rag.assistant import Assistant
from rag.indexing import index_text
from rag.types import Done, Proven

FLOP_PER_TOKEN = 46e6
"""Of multilingual-e5-small: 12 layers of 4 * 384^2 + 2 * 384 * 1536 weights, two FLOP each, and
attention over a few hundred tokens."""

_SIDE = 2048  # of the square matrices multiplied: large enough to reach the processor's best


@dataclass(frozen=True, slots=True)
class Embedding:
    """Tokens embedded, prompts included, and how fast."""

    tokens: int
    tokens_per_second: float


@dataclass(frozen=True, slots=True)
class AnswerSeconds:
    """Seconds from the question on; None where no model wrote or nothing was proven."""

    first_token: float | None
    first_statement: float | None
    total: float


def search_seconds(assistant: Assistant, questions: Sequence[str], count: int) -> list[float]:
    """Seconds of each of ``count`` searches, questions in turn, after one that is not counted."""
    assistant.search(questions[0])
    seconds = []
    for i in range(count):
        began = time.perf_counter()
        assistant.search(questions[i % len(questions)])
        seconds.append(time.perf_counter() - began)
    return seconds


def embedding(assistant: Assistant) -> Embedding:
    """Embeds all chunks of the index once more, from their texts, without the cache."""
    records = assistant.index.records
    texts = []
    for row in range(len(records)):
        chunk = records.chunk(row)
        article = records.article(chunk.article)
        texts.append(index_text(chunk, article))
    embedder = assistant.embedder
    embedder.documents(texts[:8])
    began = time.perf_counter()
    embedder.documents(texts)
    seconds = time.perf_counter() - began
    tokens = sum(min(n, embedder.max_tokens) for n in embedder.count_tokens(texts))
    return Embedding(tokens, tokens / seconds)


def matrix_peak(count: int) -> float:
    """FLOP/s of the fastest of ``count`` float32 matrix products: 2 n^3 FLOP each."""
    draw = np.random.default_rng(0)
    a, b = (draw.random((_SIDE, _SIDE), dtype=np.float32) for _ in range(2))
    best = float("inf")
    for _ in range(count):
        began = time.perf_counter()
        np.matmul(a, b)
        best = min(best, time.perf_counter() - began)
    return 2 * _SIDE**3 / best


def answer_times(assistant: Assistant, questions: Sequence[str], count: int) -> list[AnswerSeconds]:
    """Times of ``count`` answers to a fixed sample of the questions."""
    found = []
    chosen = random.Random(SEED).sample(list(questions), min(count, len(questions)))  # noqa: S311
    for question in chosen:
        began = time.perf_counter()
        first: float | None = None
        for event in assistant.answer(question):
            if isinstance(event, Proven) and first is None:
                first = time.perf_counter() - began
            if isinstance(event, Done):
                token = event.answer.times.first_token
                total = time.perf_counter() - began
                found.append(AnswerSeconds(None if token is None else token / 1000, first, total))
    return found


def peak_memory() -> float:
    """Most memory this process has ever held, MiB."""
    return mebibytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def peak_memory_of(pid: int) -> float:
    """Most memory a running process has held, MiB; 0 where the system does not say."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").split("\n")
    except OSError:
        return 0.0
    peak = next((line for line in lines if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(peak.split()[1]) / 1024


def mebibytes(maxrss: int) -> float:
    """``ru_maxrss`` in MiB: it counts KiB on Linux and bytes on macOS."""
    return maxrss / (2**20 if sys.platform == "darwin" else 2**10)
