"""Name the first event in which two runs differ.

Two scenarios, a scenario and an option on it, two engines, or what another version wrote with
`--keep`: everything that happens in one replication is set side by side, to the last bit of each
time.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments
from sim.cli.errors import UsageError

if TYPE_CHECKING:
    from sim.experiment.regression.kept_happenings import Recorded
    from sim.scenario import Loaded

HELP = "name the first event in which two runs differ"

EXAMPLES = """\
examples:
  urgentflow bisect scenarios/sussex/before.yaml scenarios/sussex/options/in_reach_discharge.yaml
  urgentflow bisect before.yaml before.yaml --other-engine simpy --days 7
  urgentflow bisect before.yaml --keep old.events      # with one version of urgentflow
  urgentflow bisect old.events before.yaml             # with another

Exit code 0, whether or not they differ.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="a scenario, or a file of events")
    parser.add_argument(
        "b", metavar="B", nargs="?", help="another, an option applied on A, or a file of events"
    )
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE",
        help="write everything that happens in A there, to compare another version with",
    )
    parser.add_argument(
        "--replication", type=shared.count, default=1, metavar="N", help="which one (default: 1)"
    )
    parser.add_argument(
        "--other-engine", choices=shared.ENGINES, help="engine of B (default: that of A)"
    )
    shared.add_run_arguments(parser, several=False)
    add_assignments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Run or read both, and say where they part."""
    from sim.experiment.regression.first_difference import first_difference

    if arguments.b is None and arguments.keep is None:
        raise UsageError("bisect compares two: name a second scenario, or --keep FILE to write one")
    if arguments.b is None and arguments.other_engine is not None:
        raise UsageError("--other-engine is that of a second scenario, and none is named")
    if arguments.keep is not None:
        _check_kept(arguments)
    one, other = _recorded(arguments)
    if arguments.keep is not None:
        _keep(arguments, one)
    if other is None:
        return 0
    if one.start != other.start:
        raise UsageError(f"A begins on {one.start} and B on {other.start}: nothing can be the same")
    found = first_difference(one.events, other.events)
    names = _names(arguments)
    lines = [] if found is None else found.sentences(one.start, *names)
    arguments.answer = {
        "a": one.title,
        "b": other.title,
        "events": [len(one.events.time), len(other.events.time)],
        "difference": found,
    }
    print("\n".join(lines) or f"No difference: all {len(one.events.time):,} events are the same.")
    if one.events.attributes != other.events.attributes:
        print("They have other attributes, so the levels that episodes end with are not compared.")
    return 0


def _recorded(arguments: argparse.Namespace) -> tuple[Recorded, Recorded | None]:
    """What happens in A and, where one is named, in B; files are all read before anything runs."""
    from sim.experiment.arm_loading import load_arms
    from sim.experiment.regression import kept_happenings as kept

    files = [text for text in (arguments.a, arguments.b) if text is not None]
    read = {text: _read(text) for text in files if Path(text).suffix == kept.SUFFIX}
    scenarios = [text for text in files if text not in read]
    arms: list[tuple[str, Loaded]] = []
    if scenarios:
        arms = load_arms(scenarios[0], scenarios[1:], shared.overrides(arguments))
    waiting = [loaded for _, loaded in arms]
    engines = [arguments.engine, arguments.other_engine or arguments.engine]
    found = [
        read[text]
        if text in read
        else kept.record(waiting.pop(0), arguments.seed, arguments.replication, engine)
        for text, engine in zip(files, engines, strict=False)
    ]
    return found[0], found[1] if len(found) > 1 else None


def _check_kept(arguments: argparse.Namespace) -> None:
    """Refuse to keep what cannot be kept, before anything is run."""
    from sim.experiment.regression.kept_happenings import SUFFIX

    if arguments.keep.suffix != SUFFIX:
        raise UsageError(f"--keep {arguments.keep}: a file of events is named *{SUFFIX}")
    if Path(arguments.a).suffix == SUFFIX:
        raise UsageError(f"--keep: {arguments.a} is a file of events already")
    shared.check_file(arguments.keep)


def _read(text: str) -> Recorded:
    from sim.experiment.regression.kept_happenings import read

    if not Path(text).is_file():
        raise UsageError(f"{text}: there is no such file")
    return read(Path(text))


def _keep(arguments: argparse.Namespace, one: Recorded) -> None:
    from sim.experiment.regression import kept_happenings as kept

    written = kept.write(one, arguments.keep)
    arguments.answer = {"written": str(written), "events": len(one.events.time)}
    print(f"wrote {len(one.events.time):,} events of {one.title} to {written}")


def _names(arguments: argparse.Namespace) -> tuple[str, str]:
    """What the two are called in sentences."""
    if arguments.a != arguments.b:
        return arguments.a, arguments.b
    other = arguments.other_engine or arguments.engine
    return f"A ({arguments.engine})", f"B ({other})"
