"""What the pipeline asks of the outside world, each as small as its use."""

from __future__ import annotations

import collections.abc
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from rag.types import Message, Reading, Usage

Vectors = NDArray[np.float32]
"""Shape (n, dimension), rows of length 1, so that the inner product is the cosine."""


class Embedder(Protocol):
    """Text to vectors. ``fingerprint`` changes whenever the vectors would."""

    @property
    def fingerprint(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def max_tokens(self) -> int: ...
    def query(self, text: str) -> Vectors: ...
    def documents(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors: ...
    def count_tokens(self, texts: Sequence[str]) -> list[int]: ...


class Progress(Protocol):
    """Something that shows how far a long step is; called with the units just done."""

    def __call__(self, done: int) -> None: ...


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text the model wrote."""

    text: str


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely each first token of the answer is: probabilities of the likeliest, by token."""

    of: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Finished:
    """The model is done."""

    usage: Usage


WARMTH = 0.7
"""The temperature at which a model writes a variation."""

Stream = collections.abc.Generator[Reading | Odds | Token | Finished, None, None]


class Generator(Protocol):
    """A language model. Closing the stream stops the model.

    Raises GeneratorError (or a child) when it cannot answer. ``name`` is "backend:model".
    ``variation`` 0 writes what is likeliest, always the same; each other number something else.
    """

    @property
    def name(self) -> str: ...
    def stream(
        self, messages: Sequence[Message], max_tokens: int, variation: int = 0
    ) -> Stream: ...


@runtime_checkable
class Judge(Protocol):
    """A language model that weighs two words against each other."""

    def weigh(self, messages: Sequence[Message], yes: str, no: str) -> float | None:
        """The probability that the answer begins with ``yes`` rather than ``no``, in [0, 1]; None
        if the model does not tell. Raises GeneratorError."""


@runtime_checkable
class Pointer(Generator, Protocol):
    """A language model that was tuned to point at the evidence before it answers (rag/pointing.py).

    It goes on from where a last message of its own leaves off.
    """

    def point(self, messages: Sequence[Message]) -> Stream:
        """What its first token would be: Odds, once, before Finished."""
