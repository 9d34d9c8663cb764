"""Run an experiment file: a design of options, sweeps and draws, every variant paired.

What is done is kept as it is done: run it again after it was stopped, and only the rest is done.
"""

from __future__ import annotations

import argparse

from sim.cli import conducting

HELP = "run an experiment file: which of these, how much of it, how sure"

EXAMPLES = """\
examples:
  urgentflow experiment experiments/sussex_all.yaml --check
  urgentflow experiment experiments/sussex_all.yaml --out results/all
  urgentflow experiment which.yaml --out results/which --scheduler tcp://10.0.0.5:8786
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="an experiment file")
    conducting.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Read the file, check every variant, run them and say what was found."""
    from sim.experiment.language import read_experiment

    return conducting.conducted(arguments, read_experiment(arguments.file))
