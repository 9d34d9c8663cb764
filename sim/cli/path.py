"""Say where the scenarios lie that come with the program."""

from __future__ import annotations

import argparse

from sim.cli import arguments as shared

HELP = "say where the shipped scenarios lie"

EXAMPLES = """\
examples:
  urgentflow path scenarios
  urgentflow run "$(urgentflow path scenarios)/sussex/before.yaml"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("scenarios",), help="what is looked for")
    shared.add_json_argument(parser)


def run(arguments: argparse.Namespace) -> int:
    """Print the folder."""
    from sim.cli.printing import print_json
    from sim.experiment.shipped import scenarios

    print_json({arguments.what: str(scenarios())}) if arguments.json else print(scenarios())
    return 0
