"""Articles in one file of JSON lines {"id", "category", "text"}, may be gzip; no questions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from eval.errors import EvalError
from eval.files import read_text


@dataclass(frozen=True, slots=True)
class News:
    """``line``: where in the file it stands, from 1. ``id``: empty if it has none."""

    line: int
    id: str
    text: str


def read_news(path: Path) -> tuple[News, ...]:
    """All of a file, in its order; only the text must be there. EvalError names the line."""
    found = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise EvalError(f"{path}:{number}: broken JSON, {error}.") from error
        if not isinstance(row, dict) or not isinstance(row.get("text"), str):
            raise EvalError(f'{path}:{number}: no JSON object with a "text".')
        id = row.get("id")
        found.append(News(number, id if isinstance(id, str) else "", row["text"]))
    if not found:
        raise EvalError(f"{path}: holds no articles.")
    return tuple(found)
