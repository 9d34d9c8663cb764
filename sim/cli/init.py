"""Write a scenario to start from, or a place of one's own, into a new folder."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared

if TYPE_CHECKING:
    from sim.experiment.own_place.figures import Asked, Given

HELP = "write a scenario of one's own to start from"

EXAMPLES = """\
examples:
  urgentflow init walk_in
  urgentflow init our_place --from sussex
  urgentflow init --form > figures.csv
  urgentflow init --place Middlesea --people 310000 --figures figures.csv
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "folder",
        nargs="?",
        type=shared.named_folder,
        metavar="NAME",
        help="the new folder (with --place by default the name of the place)",
    )
    parser.add_argument(
        "--from",
        dest="beginning",
        metavar="BEGINNING",
        help="what to start from: quickstart (the default), or a shipped place such as sussex",
    )
    group = parser.add_argument_group("a place of one's own, on the base")
    group.add_argument("--place", metavar="NAME", help="name of the place")
    group.add_argument("--people", metavar="N", help="how many people are registered there")
    group.add_argument("--figures", type=Path, metavar="CSV", help="local figures, as in the form")
    group.add_argument("--form", action="store_true", help="print the form of figures to fill in")


def run(arguments: argparse.Namespace) -> int:
    """Write the folder and say what to do next."""
    from sim.cli.errors import UsageError

    if arguments.form:
        from sim.experiment.own_place.figures import form

        if any((arguments.folder, arguments.place, arguments.people, arguments.figures)):
            raise UsageError("init: --form stands alone")
        arguments.answer = {"form": form().read_text(encoding="utf-8")}
        print(arguments.answer["form"], end="")
        return 0
    if arguments.place is not None:
        return _place(arguments)
    if arguments.people is not None or arguments.figures is not None:
        raise UsageError("init: --people and --figures go with --place NAME")
    if arguments.folder is None:
        raise UsageError("init: give the name of a new folder, or --place NAME")
    return _beginning(arguments)


def _beginning(arguments: argparse.Namespace) -> int:
    from sim.cli.errors import UsageError, unknown_name
    from sim.experiment.starting import QUICKSTART, beginnings, start_from

    beginning = arguments.beginning or QUICKSTART
    if beginning not in beginnings():
        raise unknown_name("beginning", beginning, beginnings())
    try:
        first = start_from(beginning, arguments.folder)
    except FileExistsError as error:
        text = f"init {arguments.folder}: {error}; give the name of a new folder"
        raise UsageError(text) from None
    _say_written(arguments, arguments.folder, first)
    print(f"\nNext:\n  urgentflow check {first}\n  urgentflow run {first}")
    return 0


def _place(arguments: argparse.Namespace) -> int:
    from sim.cli.errors import UsageError
    from sim.experiment.own_place.figures import asked
    from sim.experiment.own_place.writing import write_place

    name = " ".join(arguments.place.split())
    slug = "_".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())
    if not slug:
        raise UsageError("init: --place wants a name with letters in it")
    if arguments.beginning is not None:
        raise UsageError("init: --place stands on the base; leave out --from")
    folder: Path = arguments.folder or Path(slug)
    if folder.exists():
        raise UsageError(f"init {folder}: it is there already; give the name of a new folder")
    given = _given(arguments)
    try:
        first = write_place(name, folder, given)
    except FileExistsError as error:
        raise UsageError(f"init {folder}: {error}; give the name of a new folder") from None
    _say_written(arguments, folder, first)
    left = [figure for figure in asked() if figure not in given]
    if left:
        print(f"The base's own, as no local figure was given: {', '.join(left)}")
    print(f"\nNext:\n  urgentflow check {first}")
    print(f"  urgentflow run {first} --figures {folder / 'figures.csv'}")
    return 0


def _given(arguments: argparse.Namespace) -> dict[str, Given]:
    from sim.cli.errors import UsageError
    from sim.experiment.own_place.figures import Given, read_figures

    given = read_figures(arguments.figures) if arguments.figures is not None else {}
    if arguments.people is not None:
        text = arguments.people.replace(",", "")
        number = int(text) if text.isdecimal() else 0
        if not 1000 <= number <= 10_000_000:
            raise UsageError(f"--people {arguments.people}: not a number from 1000 to 10000000")
        if "people" in given and given["people"].value != number:
            raise UsageError(f"--people {number}, but {given['people'].value:.0f} in the figures")
        given.setdefault("people", Given(number, "given as --people"))
    if "people" not in given:
        raise UsageError("init: how many people? give --people N, or `people` in the figures")
    if arguments.figures is None and sys.stdin.isatty() and sys.stdout.isatty():
        given |= _asked(given)
    return given


def _asked(known: dict[str, Given]) -> dict[str, Given]:
    """Ask on the terminal, each figure until the answer can be meant."""
    from sim.cli.errors import UsageError
    from sim.experiment.own_place.figures import asked, refuse_ages

    print("Each figure, or Enter for the base's own:")
    found = {}
    try:
        for item in asked().values():
            if item.name not in known and (given := _answer(item)) is not None:
                found[item.name] = given
    except EOFError:
        raise UsageError("init: the answers ended before the questions; nothing written") from None
    refuse_ages(found)
    return found


def _answer(item: Asked) -> Given | None:
    """Ask for one figure; None if nothing is said."""
    from sim.experiment.own_place.figures import BASE_PEOPLE, TOTALS, answer

    of = f" for {BASE_PEOPLE:,} people" if item.unit in TOTALS else ""
    print(f"{item.what} (where: {item.where}; base: {item.base:,g}{of})")
    while value := input(f"  {item.name}, {item.unit}: ").strip():
        given, problems = answer(item.name, value, input("  source: ").strip())
        if not problems:
            return given
        for problem in problems:
            allowed = f"; allowed: {problem.allowed}" if problem.allowed else ""
            print(f"  {problem.what}{allowed}")
    return None


def _say_written(arguments: argparse.Namespace, folder: Path, first: Path) -> None:
    names = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.*"))
    arguments.answer = {"folder": str(folder), "written": names, "first": str(first)}
    print(f"Written to {folder}: {', '.join(names)}")
