"""Only the page that was opened with the token, from this machine, is answered."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from sim.live.guards import LONGEST_BODY, Guard

PORT, TOKEN = 4711, "a-token"
HOST = f"127.0.0.1:{PORT}"
COOKIE = f"urgentflow_{PORT}={TOKEN}"


def asked(
    path: str = "/", method: str = "GET", query: str = "", body: bytes = b"", **headers: str
) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a request; 200 if it was passed on."""
    sent: list[Any] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive()).get("more_body"):
            pass
        status = 200 if message["type"] == "http.request" else 499
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    parts = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]

    async def receive() -> Any:
        part = parts.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(parts)}

    async def send(message: Any) -> None:
        sent.append(message)

    said = {"host": HOST, "cookie": COOKIE} | {k.replace("_", "-"): v for k, v in headers.items()}
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [(k.encode(), v.encode()) for k, v in said.items() if v],
    }
    with ThreadPoolExecutor(1) as apart:  # a browser's tests may have a loop in this thread
        apart.submit(lambda: asyncio.run(Guard(inner, PORT, TOKEN)(scope, receive, send))).result()
    return sent[0]["status"], {k.decode(): v.decode() for k, v in sent[0]["headers"]}


def test_the_page_itself_is_answered_and_may_run_no_script_but_its_files() -> None:
    status, headers = asked()
    assert status == 200
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "default-src 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (421, {"host": f"evil.example:{PORT}"}),  # a name that was made to point here
        (421, {"host": "127.0.0.1:80"}),
        (403, {"origin": "http://evil.example"}),
        (403, {"origin": "null"}),
        (403, {"sec_fetch_site": "cross-site"}),
        (403, {"cookie": ""}),
        (403, {"cookie": f"urgentflow_{PORT}=another"}),
        (413, {"content_length": str(LONGEST_BODY + 1)}),
        (413, {"content_length": "-1"}),
    ],
)
def test_anybody_else_is_turned_away(status: int, headers: dict[str, str]) -> None:
    assert asked(**headers)[0] == status


def test_what_changes_something_must_say_which_page_it_comes_from() -> None:
    assert asked("/patch", "POST")[0] == 403
    assert asked("/patch", "POST", origin=f"http://{HOST}")[0] == 200


def test_a_body_is_read_no_further_than_its_bound_whatever_it_says_of_itself() -> None:
    body = b"x" * (LONGEST_BODY + 1)
    assert asked("/patch", "POST", body=body, origin=f"http://{HOST}")[0] == 499
    assert asked("/patch", "POST", body=body[2:], origin=f"http://{HOST}")[0] == 200


def test_the_token_becomes_a_cookie_that_no_script_reads() -> None:
    status, headers = asked("/enter", query=f"token={TOKEN}", cookie="")
    assert (status, headers["location"]) == (303, "/")
    assert headers["set-cookie"].startswith(COOKIE)
    assert "HttpOnly" in headers["set-cookie"] and "SameSite=Strict" in headers["set-cookie"]
    assert asked("/enter", query="token=wrong", cookie="")[0] == 403
    assert asked("/enter", cookie="")[0] == 403
