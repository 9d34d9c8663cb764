"""Write a scenario to start from, an option and a README into a new folder."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.cli import arguments as shared

HELP = "write a scenario of one's own to start from"

EXAMPLES = """\
examples:
  urgentflow init walk_in
  urgentflow init our_place --from sussex
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("folder", type=shared.named_folder, metavar="NAME", help="the new folder")
    parser.add_argument(
        "--from",
        dest="beginning",
        default="quickstart",
        metavar="BEGINNING",
        help="what to start from: quickstart (the default), or a shipped place such as sussex",
    )


def run(arguments: argparse.Namespace) -> int:
    """Write the folder and say what to do next."""
    from sim.cli.errors import UsageError, unknown_name
    from sim.experiment.starting import beginnings, start_from

    folder: Path = arguments.folder
    if arguments.beginning not in beginnings():
        raise unknown_name("beginning", arguments.beginning, beginnings())
    try:
        first = start_from(arguments.beginning, folder)
    except FileExistsError as error:
        raise UsageError(f"init {folder}: {error}; give the name of a new folder") from None
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.*"))
    arguments.answer = {"folder": str(folder), "written": names, "first": str(first)}
    print(f"Written to {folder}: {', '.join(names)}")
    print(f"\nNext:\n  urgentflow check {first}\n  urgentflow run {first}")
    return 0
