"""Run one replication and write everything that happens in it, for process mining or animation."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments

HELP = "write the event log of one replication, for process mining or animation"

EXAMPLES = """\
examples:
  urgentflow log scenarios/quickstart.yaml --out results/quickstart.xes
  urgentflow log scenarios/sussex/before.yaml --days 7 --format vidigi --out results/before.csv

Formats: xes (IEEE 1849: PM4Py, ProM, Disco, Celonis), vidigi and bupar (CSV in the columns that
these packages read). The log begins with the warm-up, or with --measured at its end.
"""

FORMATS = ("xes", "vidigi", "bupar")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario file")
    parser.add_argument(
        "--format", choices=FORMATS, default=FORMATS[0], help="format (default: %(default)s)"
    )
    parser.add_argument(
        "--replication", type=shared.count, default=1, metavar="N", help="which one (default: 1)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="FILE",
        help="the file to write; `-` is standard output",
    )
    parser.add_argument(
        "--measured",
        action="store_true",
        help="leave out the warm-up: those present at its end come then, with what they hold",
    )
    shared.add_run_arguments(parser, several=False)
    add_assignments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Load, run once and write."""
    from sim.cli.progress import shown
    from sim.experiment.arm_loading import load_arms
    from sim.experiment.event_logs import write_event_log
    from sim.experiment.job import Progress
    from sim.experiment.store import is_stream

    path: Path = arguments.out
    shared.check_file(path)
    ((_, loaded),) = load_arms(arguments.scenario, [], shared.overrides(arguments))
    chosen = (arguments.replication, arguments.seed, arguments.engine)
    began = time.perf_counter()
    with shown(1) as (show, _):

        def watch(part: float) -> None:
            show(Progress(0, 1, time.perf_counter() - began, under_way=part))

        written = write_event_log(
            loaded, path, arguments.format, *chosen, watch, arguments.measured
        )
    arguments.answer = {"written": str(written)}
    # what is passed on to a reader must stay what it is
    print(f"wrote {written}", file=sys.stderr if is_stream(path) else sys.stdout)
    return 0
