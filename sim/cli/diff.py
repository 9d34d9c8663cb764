"""Say in words what changes from one scenario to another."""

from __future__ import annotations

import argparse

HELP = "say in words what changes from one scenario to another"

EXAMPLES = """\
examples:
  urgentflow diff scenarios/sussex/before.yaml scenarios/sussex/after.yaml
  urgentflow diff scenarios/sussex/before.yaml scenarios/sussex/options/in_reach_discharge.yaml

Exit code 0, whether or not they differ.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("a", metavar="A", help="a scenario")
    parser.add_argument("b", metavar="B", help="another, or an option applied on A")


def run(arguments: argparse.Namespace) -> int:
    """Print the differences, option by option."""
    from sim.experiment.arm_loading import load_arms
    from sim.scenario.explain.difference import differences

    (_, a), (_, b) = load_arms(arguments.a, [arguments.b])
    lines = differences(a, b)
    arguments.answer = {"a": a.model.title, "b": b.model.title, "differences": lines}
    print("\n".join(lines) or "No difference: both say the same.")
    return 0
