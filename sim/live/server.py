"""What the page asks for, and what it is given: the one place that knows addresses of the server.

Files come from a fixed list that is read at the start, so no address leads to any other. A stream
of events answers a question and ends it: when the browser closes the stream, for a new change or
because the tab is closed, the question is dropped.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

from sim.live import states
from sim.live.desk import Desk, Question
from sim.live.over_time import curves
from sim.live.patch import Patch, as_file, from_address, from_file, in_address
from sim.live.worlds import Worlds
from sim.scenario.problems import ScenarioError

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}

#: seconds after which a stream says that it is still there
ALIVE = 10.0

#: most replications of one question
MOST_REPLICATIONS = 500


@dataclass(frozen=True)
class Settings:
    """How often a question is run at first, and which difference would matter."""

    replications: int
    margin: float = 0.01


def application(desk: Desk, settings: Settings) -> Starlette:
    """The server's application, to be put behind `guards.Guard`."""
    from starlette.applications import Starlette
    from starlette.routing import Route

    pages = _Pages(desk, settings)
    routes = [
        Route("/scenario", pages.scenario),
        Route("/answers", pages.answers),
        Route("/over-time", pages.over_time),
        Route("/patch.yaml", pages.save),
        Route("/patch", pages.load, methods=["POST"]),
        Route("/{name:path}", pages.file),
    ]
    return Starlette(routes=routes)


def _files() -> dict[str, tuple[bytes, str]]:
    """Every file of the page by its address."""
    root = resources.files("sim.live") / "static"
    found = {}
    for folder, prefix in ((root, ""), (root / "vendor", "vendor/")):
        for item in folder.iterdir():
            kind = TYPES.get(item.name[item.name.rfind(".") :])
            if item.is_file() and kind is not None:
                found[prefix + item.name] = (item.read_bytes(), kind)
    found[""] = found["index.html"]
    return found


class _Pages:
    """The handlers of the routes."""

    def __init__(self, desk: Desk, settings: Settings) -> None:
        self._desk = desk
        self._settings = settings
        self._files = _files()

    async def file(self, request: Request) -> Response:
        """A file of the page."""
        from starlette.responses import PlainTextResponse, Response

        found = self._files.get(request.path_params["name"])
        if found is None:
            return PlainTextResponse("There is no such page.", 404)
        return Response(found[0], media_type=found[1])

    async def scenario(self, request: Request) -> Response:
        """What the page is about, and what can be moved."""
        from starlette.responses import JSONResponse

        worlds, settings = self._desk.worlds, self._settings
        told = await asyncio.to_thread(
            states.scenario, worlds, settings.replications, settings.margin
        )
        return JSONResponse(told)

    async def answers(self, request: Request) -> Response:
        """The answer to a question, as it comes."""
        from starlette.responses import StreamingResponse

        asked = _Asked.of(request, self._desk, self._settings)
        return StreamingResponse(self._stream(asked), media_type="text/event-stream")

    async def over_time(self, request: Request) -> Response:
        """How many are in a pool and wait for it over time, as far as it is known."""
        from starlette.responses import JSONResponse

        asked = _Asked.of(request, self._desk, self._settings)
        pool = request.query_params.get("pool", "")
        try:
            patch = await asyncio.to_thread(asked.patch)
            told = await asyncio.to_thread(_over_time, self._desk, patch, asked.replications, pool)
        except ScenarioError as error:
            return JSONResponse({"problems": states.problems(error)}, 422)
        return JSONResponse(told)

    async def save(self, request: Request) -> Response:
        """The patch as an option file to download."""
        from starlette.responses import PlainTextResponse, Response

        asked = _Asked.of(request, self._desk, self._settings)
        try:
            patch = await asyncio.to_thread(asked.patch)
            text = await asyncio.to_thread(saved, self._desk.worlds, patch, asked.replications)
        except ScenarioError as error:
            return PlainTextResponse(str(error), 422)
        headers = {"content-disposition": 'attachment; filename="explored.yaml"'}
        return Response(text, media_type="application/yaml", headers=headers)

    async def load(self, request: Request) -> Response:
        """What the address of the page is for an option file."""
        from starlette.responses import JSONResponse

        body = await request.body()
        try:
            text = body.decode("utf-8")
        except UnicodeDecodeError:
            return JSONResponse({"problems": ["The file is not text (UTF-8)."]}, 422)
        try:
            patch = await asyncio.to_thread(
                from_file, text, tuple(self._desk.worlds.source.options)
            )
        except ScenarioError as error:
            return JSONResponse({"problems": states.problems(error)}, 422)
        return JSONResponse({"address": in_address(patch)})

    async def _stream(self, asked: _Asked) -> AsyncIterator[bytes]:
        """The events of one question; whoever stops listening ends it."""
        loop, more = asyncio.get_running_loop(), asyncio.Event()

        def changed() -> None:
            with suppress(RuntimeError):  # the server has ended meanwhile
                loop.call_soon_threadsafe(more.set)

        desk, question = self._desk, None
        try:
            patch = await asyncio.to_thread(asked.patch)
            question = Question(patch, asked.replications, changed)
            await asyncio.to_thread(desk.ask, question)
            yield _event(
                "state",
                await asyncio.to_thread(states.state, desk.worlds, patch, asked.replications),
            )
            told_of: object = None
            while True:
                ready = desk.ready.is_set()
                if told_of != (question.how_far, ready):
                    told_of = question.how_far, ready
                    told = await asyncio.to_thread(states.known, question, asked.margin, ready)
                    yield _event("answer", told)
                    if told["done"]:
                        return
                try:
                    await asyncio.wait_for(more.wait(), ALIVE)
                except TimeoutError:
                    yield b": still there\n\n"
                more.clear()
        except ScenarioError as error:
            yield _event("problems", {"problems": states.problems(error)})
        finally:
            if question is not None:
                desk.drop(question)


@dataclass(frozen=True)
class _Asked:
    """A question as it stands in an address."""

    desk: Desk
    options: tuple[str, ...]
    sets: tuple[str, ...]
    moves: tuple[str, ...]
    replications: int
    margin: float

    @classmethod
    def of(cls, request: Request, desk: Desk, settings: Settings) -> _Asked:
        said = request.query_params
        return cls(
            desk,
            tuple(said.getlist("with")),
            tuple(said.getlist("set")),
            tuple(said.getlist("move")),
            _whole(said.get("replications", ""), settings.replications),
            _share(said.get("margin", ""), settings.margin),
        )

    def patch(self) -> Patch:
        """The patch that is meant.

        Raises
        ------
        ScenarioError
            If it cannot be read.
        """
        known = tuple(self.desk.worlds.source.options)
        patch = from_address(self.options, self.sets, known)
        return states.moved(self.desk.worlds, patch, self.moves) if self.moves else patch


def _whole(text: str, otherwise: int) -> int:
    number = int(text) if text.isdecimal() and len(text) < 6 else otherwise
    return min(max(number, 1), MOST_REPLICATIONS)


def _share(text: str, otherwise: float) -> float:
    """A share from a percentage in an address."""
    try:
        number = float(text) / 100
    except ValueError:
        return otherwise
    return number if 0 < number <= 1 else otherwise


def _event(name: str, data: Mapping[str, Any]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data, allow_nan=False)}\n\n".encode()


def _over_time(desk: Desk, patch: Patch, replications: int, pool: str) -> dict[str, Any]:
    question = desk.recall(patch, replications)
    assert question.before is not None and question.after is not None
    before, after = (
        curves(told, pool, list(question.of(told).values()))
        for told in (question.before, question.after)
    )
    return {"pool": pool, "before": before, "after": None if patch.empty else after}


def saved(worlds: Worlds, patch: Patch, replications: int) -> str:
    """The option file of a patch."""
    loaded = worlds.loaded(patch)
    words = states.words(worlds, patch, most=2) or "Nothing changed"
    return as_file(patch, loaded.merged, words, states.command(worlds, patch, replications))
