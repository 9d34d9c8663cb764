"""Open a page on which a scenario is changed and answers while one watches.

The page is served to this machine's browser alone, at an address with a token that is printed here.
It asks for nothing from anywhere else. Ctrl-C ends it, and every process that it started.
"""

from __future__ import annotations

import argparse
import sys
import webbrowser
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.errors import UsageError

if TYPE_CHECKING:
    from sim.experiment.tasks.store import TaskStore
    from sim.live.worlds import Source

HELP = "open a page on which a scenario is changed and answers at once"

EXAMPLES = """\
examples:
  urgentflow explore scenarios/sussex/before.yaml scenarios/sussex/options/*.yaml
  urgentflow explore walk_in.yaml --replications 30 --margin 2
  urgentflow explore walk_in.yaml --no-browser --port 8080

A browser that is set to use a proxy must leave this machine's own addresses out of it, as with
NO_PROXY=127.0.0.1,localhost.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", metavar="SCENARIO", help="the scenario to begin with")
    parser.add_argument(
        "options", nargs="*", metavar="OPTION", help="options that can be switched on"
    )
    shared.add_run_arguments(parser)
    group = parser.add_argument_group("the page")
    group.add_argument(
        "--margin",
        type=_percent,
        default=1.0,
        metavar="PERCENT",
        help="a difference of the first headline measure that would matter, in per cent of the "
        "baseline (default: %(default)s)",
    )
    group.add_argument(
        "--store",
        type=shared.named_folder,
        metavar="FOLDER",
        help="keep results there, and take from there what an experiment or a page has left "
        "(default: as long as the page is open)",
    )
    group.add_argument(
        "--port", type=_port, default=0, metavar="N", help="port (default: any that is free)"
    )
    group.add_argument("--no-browser", action="store_true", help="print the address only")


def run(arguments: argparse.Namespace) -> int:
    """Read everything, then serve until stopped."""
    try:
        import starlette  # noqa: F401
        import uvicorn  # noqa: F401
    except ImportError:
        raise UsageError(
            "explore needs two more packages: pip install 'urgentflow[page]'"
        ) from None
    from sim.cli.checking import checked
    from sim.experiment.experiment import with_room
    from sim.live.opening import opened
    from sim.live.patch import Patch
    from sim.live.server import Settings
    from sim.live.worlds import Worlds
    from sim.scenario.check import refuse_unrunnable

    source = _source(arguments)
    worlds = Worlds(source)
    everything = worlds.loaded(Patch(tuple(source.options)))
    for loaded in (worlds.baseline, everything):
        checked(loaded)
        refuse_unrunnable(loaded)
    for name in source.options:
        worlds.loaded(Patch((name,)))
    workers = with_room([worlds.baseline, everything], arguments.workers, arguments.engine)
    settings = Settings(shared.replications(arguments, worlds.baseline), arguments.margin / 100)

    def tell(address: str) -> None:
        print(f"{worlds.baseline.model.title}: {address}", flush=True)
        print("Ctrl-C ends the page.", file=sys.stderr, flush=True)
        if not arguments.no_browser:
            webbrowser.open(address)

    store = _store(arguments)
    opened(worlds, workers, settings, store, arguments.port, tell, arguments.engine)
    arguments.answer = {"replications": settings.replications}
    return 0


def _source(arguments: argparse.Namespace) -> Source:
    from sim.experiment.arm_loading import is_option, parts
    from sim.live.worlds import Source, option_names

    for option in arguments.options:
        if Path(option).exists() and not is_option(option):
            raise UsageError(f"{option} is a scenario; explore takes one, and options on it")
    return Source(
        parts(arguments.scenario),
        option_names(tuple(arguments.options)),
        shared.overrides(arguments),
        arguments.seed,
    )


def _store(arguments: argparse.Namespace) -> TaskStore | None:
    from sim.experiment.tasks.store import opened

    if arguments.store is None:
        return None
    store: TaskStore = arguments.at_end.enter_context(opened(arguments.store))
    return store


def _port(text: str) -> int:
    number = int(text) if text.isdecimal() and len(text) < 6 else -1
    if not 0 <= number <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port, from 0 to 65535")
    return number


def _percent(text: str) -> float:
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = 0.0
    if not 0 < number <= 100:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage above 0")
    return number
