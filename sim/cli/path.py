"""Say where the scenarios lie that come with the program."""

from __future__ import annotations

import argparse

HELP = "say where the shipped scenarios lie"

EXAMPLES = """\
examples:
  urgentflow path scenarios
  urgentflow run "$(urgentflow path scenarios)/sussex/before.yaml"
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("what", choices=("scenarios",), help="what is looked for")


def run(arguments: argparse.Namespace) -> int:
    """Print the folder."""
    from sim.experiment.shipped import scenarios

    arguments.answer = {arguments.what: str(scenarios())}
    print(scenarios())
    return 0
