"""Builds an index again and again, each time killed at another moment. Run as a script.

``python killed_index.py FOLDER COUNT``: FOLDER holds a whole world (corpus, index). For each of
about COUNT moments it is copied to FOLDER-N and built there in a child process, which kills itself
with SIGKILL at its n-th step on a file below the index. Prints one JSON object a line.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
from pathlib import Path

from small_world import World

WATCHED = ("open", "os.", "shutil.", "sqlite3.")


def build_killed(folder: Path, moment: int) -> tuple[int, list[str]]:
    """Builds in a child that dies at the n-th step; returns its status and the steps it took."""
    reading, writing = os.pipe()
    child = os.fork()
    if child:
        os.close(writing)
        with os.fdopen(reading) as pipe:
            steps = pipe.read().split("\n")[:-1]
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), steps
    count = 0
    index = str(folder / "index")

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal count
        if event.startswith(WATCHED) and arguments and str(arguments[0]).startswith(index):
            count += 1
            os.write(writing, f"{event} {Path(str(arguments[0])).name}\n".encode())
            if count == moment:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(watch)
    World(folder).build()
    os._exit(0)


def tell(status: int, step: str | None, folder: Path) -> None:
    line = json.dumps({"status": status, "step": step, "folder": str(folder)})
    sys.stdout.write(line + "\n")


def main(folder: Path, count: int) -> None:
    shutil.copytree(folder, whole := folder.with_name("whole"))
    status, steps = build_killed(whole, 0)
    tell(status, None, whole)
    stride = max(1, len(steps) // count)
    last = range(max(1, len(steps) - 6), len(steps) + 1)  # around the swap each single one
    for moment in sorted({*range(1, len(steps) + 1, stride), *last}):
        shutil.copytree(folder, copy := folder.with_name(f"killed-{moment}"))
        status, steps = build_killed(copy, moment)
        tell(status, steps[-1], copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
