"""Who may ask: the browser that was sent here with the token, from this machine, by this page.

Other pages in the same browser can send requests to a server on this machine, and other people may
have accounts on it. So the host named must be this one (a name that was made to point here is
not), an origin that is named must be this page's, and a cookie that only the printed address
gives must come along. The page runs no script that is not a file of ours, and asks nobody else.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

#: the one address that is listened on
LOOPBACK = "127.0.0.1"

#: longest body of a request
LONGEST_BODY = 256 * 1024

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
)

#: what is said to somebody who comes without the token
NO_TOKEN = "Open the address that the command printed; it lets this browser in."


def new_token() -> str:
    """A token that cannot be guessed."""
    return secrets.token_urlsafe(32)


class Guard:
    """An ASGI application that lets only its own page through to another."""

    def __init__(self, app: App, port: int, token: str) -> None:
        self._app = app
        self._hosts = (f"{LOOPBACK}:{port}", f"localhost:{port}")
        self._token = token
        self._cookie = f"urgentflow_{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # this page opens no other kind of connection
        headers: dict[bytes, list[bytes]] = {}
        for name, value in scope["headers"]:
            headers.setdefault(name, []).append(value)
        said = {name: values[0].decode("latin-1") for name, values in headers.items()}
        send = _with_headers(send)
        if said.get(b"host") not in self._hosts or len(headers[b"host"]) > 1:
            await _refuse(send, 421, "This server answers for no other name.")
        elif not self._from_here(said, scope["method"]):
            await _refuse(send, 403, "Only this server's own page may ask it.")
        elif scope["path"] == "/enter":
            await self._enter(scope, send)
        elif not self._known(said):
            await _refuse(send, 403, NO_TOKEN)
        elif int(_digits(said.get(b"content-length", "0"))) > LONGEST_BODY:
            await _refuse(send, 413, f"At most {LONGEST_BODY // 1024} KB are read.")
        else:
            await self._app(scope, _bounded(receive), send)

    def _from_here(self, said: dict[bytes, str], method: str) -> bool:
        """Whether this server's page asks, or somebody who typed the address."""
        origin = said.get(b"origin")
        if origin is not None and origin not in [f"http://{host}" for host in self._hosts]:
            return False
        if origin is None and method not in ("GET", "HEAD"):
            return False
        return said.get(b"sec-fetch-site", "none") in ("none", "same-origin")

    def _known(self, said: dict[bytes, str]) -> bool:
        try:
            cookie = SimpleCookie(said.get(b"cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return cookie is not None and self._is_token(cookie.value)

    def _is_token(self, text: str) -> bool:
        return hmac.compare_digest(text.encode(), self._token.encode())

    async def _enter(self, scope: Scope, send: Send) -> None:
        """Give the cookie for the token, and lead on to the page without it in the address."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        if not self._is_token(query.get("token", [""])[0]):
            await _refuse(send, 403, NO_TOKEN)
            return
        cookie = f"{self._cookie}={self._token}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", b"/"), (b"set-cookie", cookie.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _digits(text: str) -> str:
    return text if text.isdecimal() and len(text) < 12 else str(LONGEST_BODY + 1)


def _bounded(receive: Receive) -> Receive:
    """The body of a request as far as it is read, whatever its length was said to be."""
    read = 0

    async def bounded() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > LONGEST_BODY:
            return {"type": "http.disconnect"}
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = [(name, value) for name, value in message.get("headers", [])]
            message = {**message, "headers": [*given, *HEADERS]}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, words: str) -> None:
    body = words.encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
