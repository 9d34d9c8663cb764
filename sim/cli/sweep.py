"""Sweep any number of a scenario, with or without options: an experiment without a file.

A range is written FROM:TO:BY, values as A,B,C; several `--set` make a grid. `times` and `add`
before them change what the scenario says instead of replacing it.
"""

from __future__ import annotations

import argparse

from sim.cli import conducting

HELP = "sweep numbers of a scenario over values or a range"

EXAMPLES = """\
examples:
  urgentflow sweep before.yaml --set resources.ward_beds.capacity=300:380:10 --out results/beds
  urgentflow sweep before.yaml --set "resources.crews.capacity=times 0.8:1.2:0.1"
  urgentflow sweep before.yaml beds.yaml team.yaml --combine all --draws 20
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    from sim.experiment.designs.sets import WAYS

    parser.add_argument("baseline", metavar="SCENARIO", help="a scenario (with `+option.yaml`)")
    parser.add_argument("options", nargs="*", metavar="OPTION", help="options to combine")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="sweeps",
        metavar="PATH=VALUES",
        help="values of a number by its path: 300:380:10, or 300,320,340",
    )
    parser.add_argument("--combine", choices=WAYS, help="how options are combined")
    parser.add_argument("--draws", type=int, metavar="N", help="draws of uncertain inputs")
    conducting.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Put the experiment together, and run it as one from a file."""
    from sim.experiment.language.reading import experiment_of
    from sim.experiment.language.short_form import sections

    said = sections(
        arguments.baseline, arguments.options, arguments.sweeps, arguments.combine, arguments.draws
    )
    return conducting.conducted(arguments, experiment_of(said, "the command line"))
