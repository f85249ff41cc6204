"""What the web server lets in and out: the page's own routes only, and no other host.

Gradio brings many more routes (uploads, files, proxies); none of them is needed here. The
content policy makes the browser refuse every request to another host, whatever is on the page.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Where other programs find the tools; users of Gradio look at the second place.
TOOLS = ("/mcp", "/mcp/", "/gradio_api/mcp", "/gradio_api/mcp/")
# A name with a final "/" stands for everything below it.
OPEN = (
    "/artikel",
    "/scripts/",
    "/stand",
    "/assets/",
    "/static/",
    "/svelte/",
    "/config",
    "/theme.css",
    "/favicon.ico",
    "/robots.txt",
    "/manifest.json",
    "/gradio_api/info",
    "/gradio_api/startup-events",
    "/gradio_api/queue/",
    "/gradio_api/heartbeat/",
    "/gradio_api/cancel",
    "/gradio_api/reset",
    "/gradio_api/call/ask",
    "/gradio_api/call/ask/",
)
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data:; object-src 'none'; "
    "form-action 'self'; frame-ancestors 'self'"
)
HEADERS = [
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]


class Guard:
    """Answers 404 to what is not open, and adds the headers to everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        if is_open(scope["path"]):
            await self._app(scope, receive, send_guarded)
            return
        head: Message = {"type": "http.response.start", "status": 404, "headers": []}
        await send_guarded(head)
        await send({"type": "http.response.body", "body": b""})


def is_open(path: str) -> bool:
    """Whether the path is one that the tools need, or the page, in whatever language."""
    if path == "/en" or path.startswith("/en/"):
        path = path[len("/en") :] or "/"
    elif path in TOOLS:
        return True
    return path == "/" or any(
        path.startswith(name) if name.endswith("/") else path == name for name in OPEN
    )
