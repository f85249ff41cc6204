"""What a model is shown of a question: pieces of evidence, and which of them answer it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from eval.errors import EvalError
from eval.files import read_text
from rag import pointing


@dataclass(frozen=True, slots=True)
class Shown:
    """``pieces`` (heading, text) in reading order. ``usual``: places of those the program shows,
    the others would come next. ``right``: places of the pieces that answer or begin to; none:
    nothing answers. ``told``: places of those that ``answer`` is made of, "" if it is not known.
    ``held``: never to be tuned on.
    """

    id: str
    held: bool
    asked: str
    pieces: tuple[pointing.Piece, ...]
    usual: tuple[int, ...]
    right: tuple[int, ...]
    told: tuple[int, ...]
    answer: str


def write_shown(path: Path, found: Iterable[Shown]) -> int:
    """One JSON object a line; returns how many."""
    lines = [json.dumps(asdict(one), ensure_ascii=False) for one in found]
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return len(lines)


def read_shown(path: Path) -> tuple[Shown, ...]:
    """What ``write_shown`` wrote. EvalError names the line that is wrong."""
    found = []
    for number, line in enumerate(filter(None, read_text(path).split("\n")), start=1):
        try:
            entry = json.loads(line)
            pieces = tuple((heading, text) for heading, text in entry.pop("pieces"))
            usual, right, told = (tuple(entry.pop(key)) for key in ("usual", "right", "told"))
            found.append(Shown(pieces=pieces, usual=usual, right=right, told=told, **entry))
        except (KeyError, TypeError, ValueError) as error:
            raise EvalError(f"{path}:{number}: {type(error).__name__}: {error}.") from error
    return tuple(found)
