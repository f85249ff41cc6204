"""answers.jsonl: one JSON object a question, appended as soon as it is known."""

from __future__ import annotations

import json
import os
from collections.abc import Collection
from pathlib import Path
from typing import Any

from eval.errors import EvalError

FILE = "answers.jsonl"


def read(folder: Path, ids: Collection[str]) -> dict[str, dict[str, Any]]:
    """The answers by question id, {} if there are none yet. EvalError on anything unexpected.

    A last line without its "\\n" is what a killed run left; it is not an answer.
    """
    path = folder / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise EvalError(f"{path}: cannot be read ({error.strerror}).") from error
    found: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(data.split(b"\n")[:-1], start=1):
        mend = f"rm -r {folder}"
        try:
            record = json.loads(line.decode("utf-8"))
            id = record["id"]
        except (ValueError, TypeError, KeyError) as error:
            raise EvalError(f"{path}:{number}: not an answer of a run.", mend) from error
        if id not in ids:
            raise EvalError(f"{path}:{number}: the suite has no question {id!r}.", mend)
        if id in found:
            raise EvalError(f"{path}:{number}: a second answer to {id!r}.", mend)
        found[id] = record
    return found


class Writer:
    """Appends answers; each is on disk before the next question is asked."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        if self._path.exists():
            data = self._path.read_bytes()
            with self._path.open("r+b") as file:
                file.truncate(data.rfind(b"\n") + 1)
        self._file = self._path.open("ab")

    def append(self, record: dict[str, Any]) -> None:
        self._file.write(json.dumps(record, ensure_ascii=False).encode("utf-8") + b"\n")
        self._file.flush()
        os.fsync(self._file.fileno())

    def close(self) -> None:
        self._file.close()
