"""What runs and experiments left behind: list it, show it, set two beside each other, tidy up."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.errors import UsageError

if TYPE_CHECKING:
    from sim.experiment.kept import Folder

HELP = "list, show, compare and tidy up what runs and experiments left behind"

EXAMPLES = """\
examples:
  urgentflow results list
  urgentflow results show results/beds
  urgentflow results diff results/beds results/beds_again
  urgentflow results clean results/store
"""


#: what can be done, and with how many folders at least and at most
ACTIONS: dict[str, tuple[int, int | None]] = {
    "list": (0, None),
    "show": (1, 1),
    "diff": (2, 2),
    "clean": (1, 1),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what can be done, and the folders it is done with."""
    parser.add_argument("action", choices=tuple(ACTIONS), help="what to do")
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER", help="with which")
    parser.add_argument(
        "--all", action="store_true", help="clean: remove the tasks of this version too"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do one of them."""
    least, most = ACTIONS[arguments.action]
    given = len(arguments.folders)
    if given < least or (most is not None and given > most):
        wanted = {1: "one folder", 2: "two folders"}[least]
        raise UsageError(f"`results {arguments.action}` takes {wanted}, not {given}")
    if arguments.all and arguments.action != "clean":
        raise UsageError(f"--all is for `results clean`, not for `{arguments.action}`")
    done = {"list": _list, "show": _show, "diff": _diff, "clean": _clean}
    return done[arguments.action](arguments)


def _list(arguments: argparse.Namespace) -> int:
    from sim.experiment.kept import folders, stores

    places = arguments.folders or [Path("results")]
    for place in places:
        if not place.is_dir():
            raise UsageError(f"{place}: there is no such folder")
    found = [each for place in places for each in folders(place)]
    tasks = [each for place in places for each in stores(place)]
    for folder in found:
        print(f"{folder.path.as_posix()}: {folder.what}, {folder.title}")
        print(f"  {folder.words}")
    for store in tasks:
        print(f"{store.path.as_posix()}: store of {store.tasks:,} tasks, {store.size}")
        if store.others:
            print(f"  {store.others:,} of other versions; `urgentflow results clean` removes them")
    if not found and not tasks:
        print("There are no results here.")
    arguments.answer = {"results": found, "stores": tasks}
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from sim.cli.printing import paragraph, show
    from sim.report.tables.experiment import ranking_grids, sentences

    folder = _folder(arguments.folders[0])
    print(f"{folder.what.capitalize()}: {folder.title}")
    paragraph(folder.words, "  ")
    print(f"  Again: {' '.join(map(str, folder.about.get('command', [])))}\n")
    ranking = folder.table("ranking")
    if ranking is not None:
        for sentence in sentences(ranking):
            paragraph(sentence)
        print()
        for grid in ranking_grids(ranking):
            show(grid)
    print("Files:")
    paragraph(", ".join(folder.files), "  ")
    arguments.answer = {**folder.about}
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    from sim.experiment.kept import differences

    one, other = (_folder(path) for path in arguments.folders)
    rows = differences(one, other)
    if rows is None:
        raise UsageError("they have no table in common; both are of `run`, or of `compare`, ...")
    shown = rows.head(40)
    for row in shown.to_dict("records"):
        was, now = (f"{row[name]:.6g}" for name in ("was", "is"))
        print(f"{row['table']}: {row['what']}: {was} -> {now}")
    if len(rows) > len(shown):
        print(f"... and {len(rows) - len(shown):,} more")
    count = "No number differs" if rows.empty else f"{len(rows):,} numbers differ"
    print(f"{count}.")
    arguments.answer = {"differences": rows.to_dict("records")}
    return 1 if len(rows) else 0


def _clean(arguments: argparse.Namespace) -> int:
    from sim.experiment.tasks.store import ABOUT, opened

    folder = arguments.folders[0]
    if not (folder / ABOUT).exists():
        raise UsageError(f"{folder}: there is no store of tasks")
    removed = 0
    with opened(folder) as store:
        for code, files in store.codes().items():
            if code != store.code or arguments.all:
                removed += len(files)
                store.remove(code)
    print(f"{removed:,} tasks removed.")
    arguments.answer = {"removed": removed}
    return 0


def _folder(path: Path) -> Folder:
    from sim.experiment.kept import read_folder

    folder = read_folder(path)
    if folder is None:
        raise UsageError(f"{path}: there is no manifest of urgentflow")
    return folder
