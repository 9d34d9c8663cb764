"""The command `urgentflow`: finds the subcommand, and turns every error into plain words.

Each subcommand is a module here with `HELP`, `add_arguments` and `run`, which says in words on
stdout what comes of it, and puts it as plain data into `arguments.answer`, for `--json`. They
import what they need when they run, so that `--help` and `check` answer at once.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
import warnings
from collections.abc import Sequence
from contextlib import ExitStack, redirect_stdout, suppress
from types import ModuleType

from sim.cli.errors import UsageError
from sim.experiment.signals import StoppedError, stoppable
from sim.plan.environment import EnvironmentVariableError, check_environment
from sim.version import __version__

COMMANDS = (
    *("init", "check", "run", "compare", "experiment", "sweep", "seek", "results", "explore"),
    *("story", "log", "diff"),
    *("explain", "measures", "schema", "verify", "regress", "bisect", "path", "completion"),
)

#: what they print is for programs as it is
WITHOUT_JSON = ("schema", "completion")

EPILOG = """\
examples:
  urgentflow check scenarios/sussex/before.yaml
  urgentflow run scenarios/sussex/before.yaml --by age --out results/before
  urgentflow compare scenarios/sussex/before.yaml scenarios/sussex/after.yaml --out results/sussex
  urgentflow story scenarios/sussex/after.yaml --against scenarios/sussex/before.yaml
  urgentflow COMMAND --help

Any SCENARIO may be `scenario.yaml+option.yaml+...`: the scenario with those options applied.
"""

#: exit codes: all well; something failed; the files or arguments are wrong; and, as shells have
#: it, STOPPED and the number of the signal that stopped the command (130 for Ctrl-C)
DONE, FAILED, WRONG_INPUT, STOPPED = 0, 1, 2, 128


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    _open_closed_streams()
    _print_anything(sys.stdout, sys.stderr)
    try:
        arguments = parser().parse_args(argv)
        arguments.command_line = ["urgentflow", *(sys.argv[1:] if argv is None else argv)]
        with stoppable():
            check_environment()
            code = _run(arguments)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt as stop:
        return _stopped(stop.number if isinstance(stop, StoppedError) else signal.SIGINT)
    except BrokenPipeError:
        # the reader (`| head`) has gone; Python would complain once more when it flushes at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except (UsageError, EnvironmentVariableError) as error:
        return _say(f"urgentflow: {error}", WRONG_INPUT)
    except MemoryError as error:
        text = f"there was not enough memory ({error or 'for something small'})"
        return _say(f"urgentflow: {text}; fewer workers need less (--workers 1)", FAILED)
    except OSError as error:
        named = f"{error.filename}: " if error.filename else ""
        return _say(f"urgentflow: {named}{error.strerror or error}", FAILED)
    except Exception as error:
        return _explained(error)


def parser() -> argparse.ArgumentParser:
    """Build the parser of the whole command line."""
    top = argparse.ArgumentParser(
        prog="urgentflow",
        description="Patient flow through a whole urgent-care system: before and after a change, "
        "on the same people with the same luck.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"urgentflow {__version__}")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    for name in COMMANDS:
        module = _module(name)
        described = module.__doc__ or ""
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=described.split("\n\n", 1)[0],
            epilog=module.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.add_arguments(command)
        if name not in WITHOUT_JSON:
            command.add_argument("--json", action="store_true", help="print JSON, not words")
        command.set_defaults(run=module.run)
    return top


def _module(name: str) -> ModuleType:
    return importlib.import_module(f"sim.cli.{name}")


def _explained(error: Exception) -> int:
    """Say what is known to go wrong in words; anything else is a defect and shows itself."""
    from sim.engine.limits import RunawayError
    from sim.experiment.cluster import ClusterError
    from sim.experiment.experiment import UnknownAttributeError
    from sim.experiment.store import NotOursError
    from sim.experiment.workers import WorkerDiedError
    from sim.scenario.problems import ScenarioError

    if isinstance(error, ScenarioError):
        return _say(str(error), WRONG_INPUT)
    if isinstance(error, UnknownAttributeError | RunawayError | NotOursError):
        return _say(f"urgentflow: {error}", WRONG_INPUT)
    if isinstance(error, ClusterError):
        return _say(f"urgentflow: {error}", WRONG_INPUT)
    if isinstance(error, WorkerDiedError):
        return _say(f"urgentflow: {error}", FAILED)
    from sim.plan.candidates import TooManyError  # imports numpy, which takes a while

    if isinstance(error, TooManyError):
        return _say(f"urgentflow: {error}", WRONG_INPUT)
    raise error


def _open_closed_streams() -> None:
    """Give streams that were closed by who started us (`>&-`) an end, and files other numbers."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            mode = os.O_RDONLY if name == "stdin" else os.O_WRONLY
            end = os.open(os.devnull, mode)
            if end != number:
                os.dup2(end, number)
                os.close(end)
            setattr(sys, name, os.fdopen(number, "r" if name == "stdin" else "w"))


def _print_anything(*streams: object) -> None:
    """Write `?` for a character that the terminal's encoding does not have, and go on."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _run(arguments: argparse.Namespace) -> int:
    """Run the command chosen, with warnings as notes on stderr."""
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_, **__: print(f"note: {message}", file=sys.stderr)
        run = _answered if vars(arguments).get("json") else arguments.run
        with ExitStack() as arguments.at_end:
            code: int = run(arguments)
    return code


def _answered(arguments: argparse.Namespace) -> int:
    """Run the command and print its `answer` as JSON; what it says in words is left out."""
    from sim.cli.printing import print_json
    from sim.scenario.problems import ScenarioError

    try:
        with redirect_stdout(io.StringIO()):
            code: int = arguments.run(arguments)
    except ScenarioError as error:
        print_json({"problems": error.problems})
        raise
    print_json(arguments.answer)
    return code


def _stopped(number: int) -> int:
    """Say that the command was stopped, if there still is a terminal to say it on."""
    how = "interrupted" if number == signal.SIGINT else f"stopped by {signal.Signals(number).name}"
    with suppress(OSError):
        _say(f"{how}; files are written whole or not at all", FAILED)
    return STOPPED + number


def _say(text: str, code: int) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
