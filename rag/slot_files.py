"""What a model has read, kept in files: llama.cpp writes and reads its slots itself when asked
over its socket (its server's ``/slots`` action).
"""

from __future__ import annotations

import http.client
import json
import os
import socket
from pathlib import Path

_MOST = 8  # files kept, the latest used; one of 1.5 billion parameters has about 28 KB a token
_SECONDS = 30


class SlotFiles:
    """``door``: the socket of the running server; ``folder``: where its slots are kept, the one the
    server was started with. A file that is damaged or of another model is as good as none."""

    def __init__(self, door: Path, folder: Path) -> None:
        self._door = door
        self._folder = folder

    def restore(self, slot: int, name: str) -> bool:
        """Fills the slot with what was kept under that name; False if there is nothing usable."""
        file = self._folder / name
        if not file.is_file():
            return False
        if not self._act(slot, "restore", name):
            file.unlink(missing_ok=True)
            return False
        os.utime(file)
        return True

    def save(self, slot: int, name: str) -> None:
        """Keeps what the slot holds, whole or not at all; it can be read again if it cannot be
        kept."""
        unfinished = f"{name}.{os.getpid()}"
        if self._act(slot, "save", unfinished):
            (self._folder / unfinished).replace(self._folder / name)
        else:
            (self._folder / unfinished).unlink(missing_ok=True)
        files = sorted(self._folder.iterdir(), key=lambda f: f.stat().st_mtime)
        for old in files[:-_MOST]:
            old.unlink(missing_ok=True)

    def _act(self, slot: int, action: str, name: str) -> bool:
        connection = _Local(self._door)
        try:
            connection.request(
                "POST",
                f"/slots/{slot}?action={action}",
                json.dumps({"filename": name}),
                {"Content-Type": "application/json"},
            )
            answer = connection.getresponse()
            answer.read()
            return answer.status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class _Local(http.client.HTTPConnection):
    """A connection to a socket that is a file."""

    def __init__(self, door: Path) -> None:
        super().__init__("localhost", timeout=_SECONDS)
        self._door = door

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(str(self._door))
