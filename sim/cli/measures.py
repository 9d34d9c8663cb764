"""List every measure with its unit and formula."""

from __future__ import annotations

import argparse

HELP = "list every measure with its unit and formula"

EXAMPLES = """\
examples:
  urgentflow measures
  urgentflow measures wait_mean
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("names", nargs="*", metavar="MEASURE", help="only these")


def run(arguments: argparse.Namespace) -> int:
    """Print the definitions, group by group."""
    from sim.cli.errors import unknown_name
    from sim.cli.printing import paragraph
    from sim.measure import definitions

    known = definitions()
    for name in arguments.names:
        if name not in known:
            raise unknown_name("measure", name, known)
    chosen = [known[name] for name in arguments.names or known]
    words = ("name", "title", "unit", "of", "group", "better", "adds_up", "formula")
    arguments.answer = [{word: getattr(item, word) for word in words} for item in chosen]
    group = ""
    for item in chosen:
        if item.group != group:
            group = item.group
            print(f"\n{group}\n{'-' * len(group)}")
        of = f", by {item.of}" if item.of else ""
        better = {-1: "; less is better", 1: "; more is better", 0: ""}[item.direction]
        print(f"{item.name}: {item.title} [{item.unit}{of}{better}]")
        paragraph(item.formula, "    ")
        if item.better is not None:
            paragraph(f"{better[2:].capitalize()}: {item.better.reason}", "    ")
    return 0
