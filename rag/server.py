"""Serves a web application on one address, in the foreground or beside other work."""

from __future__ import annotations

import errno
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from rag.errors import RagError

PATIENCE = 2  # seconds an open stream may last after the stop
Begin = Callable[[], Future[Any]]


def _nothing() -> Future[Any]:
    return Future()


def serve(app: ASGIApp, sock: socket.socket, begin: Begin = _nothing) -> None:
    """Serve on a socket of ``listen`` until Ctrl-C; prints the address on stdout once it answers.

    The socket is had first, so that a port in use is said before any model loads. ``begin`` begins
    other work as soon as the page answers; if that fails, serving ends and the error is raised.
    """
    server = _Server(app, _url(sock), begin)
    try:
        # Whether Ctrl-C is heard here or by the server's own loop is a matter of the moment.
        with suppress(KeyboardInterrupt):
            server.run(sockets=[sock])
        if server.failed:
            server.beside.result()
        sys.stderr.write("Stopped.\n")
    finally:
        sock.close()


@contextmanager
def serving(app: ASGIApp, host: str = "127.0.0.1", port: int = 0) -> Iterator[str]:
    """Serve in a thread while the block runs; gives the address, without a final "/"."""
    sock = listen(host, port)
    server = _Server(app, None)
    thread = threading.Thread(target=server.run, args=([sock],), name="page", daemon=True)
    thread.start()
    try:
        if not server.ready.wait(60):
            raise RagError("The chat page did not start within 60 seconds.")
        yield _url(sock)
    finally:
        server.should_exit = True
        thread.join(10)
        sock.close()


class _Server(uvicorn.Server):
    """Says when it is ready, prints ``url`` and begins ``beside`` then; ends if that fails."""

    def __init__(self, app: ASGIApp, url: str | None, begin: Begin = _nothing) -> None:
        super().__init__(
            uvicorn.Config(app, log_level="critical", timeout_graceful_shutdown=PATIENCE)
        )
        self.ready = threading.Event()
        self.beside = _nothing()
        self._begin = begin
        self._url = url

    @property
    def failed(self) -> bool:
        return self.beside.done() and self.beside.exception() is not None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self._url:
            sys.stdout.write(f"{self._url}\n")
            sys.stdout.flush()
        self.ready.set()
        self.beside = self._begin()

    async def on_tick(self, counter: int) -> bool:
        return await super().on_tick(counter) or self.failed


def listen(host: str, port: int) -> socket.socket:
    """A bound socket; port 0 takes a free one. Raises RagError with the port to try instead."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind((host, port))
        sock.listen(128)
    except (OSError, OverflowError) as error:
        sock.close()
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            another = port + 1 if port < 65535 else 7860
            raise RagError(f"Port {port} is in use.", f"rag chat --port {another}") from error
        reason = getattr(error, "strerror", None) or str(error)
        raise RagError(f"Cannot listen on {host}:{port}: {reason}.", "rag chat") from error
    return sock


def _url(sock: socket.socket) -> str:
    host, port = sock.getsockname()[:2]
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    return f"http://{shown}:{port}"
