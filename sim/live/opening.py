"""Opening the page: workers, a socket of this machine alone, and the server on it until stopped."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.live.crew import Crew
from sim.live.desk import Desk
from sim.live.guards import LOOPBACK, Guard, new_token
from sim.live.server import Settings, application
from sim.live.worlds import Worlds

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.tasks.store import TaskStore

#: seconds that open streams are given to end when the server is stopped
LEAVE = 1


def opened(
    worlds: Worlds,
    workers: int,
    settings: Settings,
    store: TaskStore | None,
    port: int,
    tell: Callable[[str], None],
    engine: EngineName = "compiled",
) -> None:
    """Serve a page until a signal to stop.

    Parameters
    ----------
    worlds
        What it is about.
    workers
        How many processes run replications.
    settings
        How often, and what would matter.
    store
        Where results are kept; None keeps them as long as the page is open.
    port
        Which port of the loopback address; 0 takes any that is free.
    tell
        Called with the address that lets a browser in, once it is listened on.
    engine
        Which engine runs replications, which never changes a result.

    Raises
    ------
    OSError
        If the port is taken.
    """
    import uvicorn

    with socket.create_server((LOOPBACK, port)) as listening, Crew(workers) as crew:
        port = listening.getsockname()[1]
        desk = Desk(worlds, crew, store, engine)
        token = new_token()
        guarded = Guard(application(desk, settings), port, token)
        config = uvicorn.Config(
            guarded,
            log_level="critical",
            access_log=False,
            server_header=False,
            lifespan="off",
            timeout_graceful_shutdown=LEAVE,
        )
        desk.open()
        _ = worlds.controls  # which takes seconds: while a worker gets ready, not once one looks
        tell(f"http://{LOOPBACK}:{port}/enter?token={token}")
        uvicorn.Server(config).run(sockets=[listening])
