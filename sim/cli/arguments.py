"""Arguments that several commands share, and what they mean for a run."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from sim.cli.assignments import assigned
from sim.cli.errors import UsageError
from sim.engine import EngineName
from sim.experiment.periods import PERIODS

if TYPE_CHECKING:
    from sim.experiment.settings import Settings
    from sim.scenario import Loaded

ENGINES: tuple[EngineName, ...] = get_args(EngineName)


def add_run_arguments(parser: argparse.ArgumentParser, several: bool = True) -> None:
    """Add what can be said about any run: of `several` replications, or of one."""
    group = parser.add_argument_group("the run (by default as the scenario says)")
    if several:
        group.add_argument("--replications", type=count, metavar="N", help="how many replications")
    group.add_argument("--seed", type=_seed, metavar="N", help="seed of the random numbers")
    group.add_argument("--start", type=_date, metavar="DATE", help="first day, as 2024-04-01")
    group.add_argument("--days", type=_days, metavar="N", help="days measured after the warm-up")
    group.add_argument(
        "--engine", choices=ENGINES, default=ENGINES[0], help="engine (default: %(default)s)"
    )
    if several:
        group.add_argument(
            "--workers",
            type=count,
            metavar="N",
            help="most processes at work (default: one per processor); never changes a result",
        )


def add_output_arguments(parser: argparse.ArgumentParser, written: str) -> None:
    """Add what can be said about what is shown and kept."""
    group = parser.add_argument_group("what is shown and kept")
    group.add_argument(
        "--by",
        action="append",
        default=[],
        metavar="ATTRIBUTE",
        help="also break measures down by this attribute (or several: age,frailty)",
    )
    group.add_argument(
        "--all", action="store_true", help="list every pool, not only where people are held up"
    )
    group.add_argument(
        "--per",
        choices=PERIODS,
        default=PERIODS[0],
        help="period of counts and sums in tables and pictures (default: that of the %(default)s)",
    )
    group.add_argument("--out", type=named_folder, metavar="FOLDER", help=f"write {written} there")
    group.add_argument(
        "--store",
        type=named_folder,
        metavar="FOLDER",
        help="keep each replication there as soon as it is done, and take from there what is",
    )


def overrides(arguments: argparse.Namespace) -> dict[str, object]:
    """Values of the scenario that arguments replace, by dotted path."""
    given: dict[str, object] = {}
    if arguments.start is not None:
        given["run.start"] = arguments.start
    if arguments.days is not None:
        given["run.duration"] = f"{arguments.days:.10g} days"
    return assigned(getattr(arguments, "set", ()), given)


def settings(arguments: argparse.Namespace, by: tuple[str, ...], **more: Any) -> Settings:
    """How replications are to be run, and which attributes they are broken down by."""
    from sim.experiment.settings import Settings

    return Settings(
        replications=arguments.replications,
        seed=arguments.seed,
        engine=arguments.engine,
        by=by,
        workers=arguments.workers,
        store=getattr(arguments, "store", None),
        **more,
    )


def attributes(arguments: argparse.Namespace) -> tuple[str, ...]:
    """Return the attributes of `--by`, given one by one or separated by commas."""
    given = (name.strip() for text in getattr(arguments, "by", []) for name in text.split(","))
    return tuple(dict.fromkeys(name for name in given if name))


def broken_down_by(arguments: argparse.Namespace, loaded: Iterable[Loaded]) -> tuple[str, ...]:
    """Return the attributes of `--by`; for a page also those that say who gains and who loses."""
    from sim.report.page.groups import equity_attributes

    asked = attributes(arguments)
    if arguments.out is None:
        return asked
    return tuple(dict.fromkeys([*asked, *equity_attributes(loaded)]))


def replications(arguments: argparse.Namespace, loaded: Loaded) -> int:
    """How many replications will be run."""
    chosen: int = arguments.replications or loaded.model.run.replications
    return chosen


def named_folder(text: str) -> Path:
    """A folder that has a name; an empty one would be the folder one is in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("no folder is named")
    return Path(text)


def claim_folder(arguments: argparse.Namespace) -> None:
    """Take the folder for results until the command ends; refuse it before anything is run."""
    from sim.experiment.store import claimed

    folder: Path | None = arguments.out
    store: Path | None = getattr(arguments, "store", None)
    if store is not None:
        if folder is not None and store.resolve() == folder.resolve():
            raise UsageError("--store and --out are one folder; they want one each")
        check_folder(store, "--store")
    if folder is not None:
        check_folder(folder)
        arguments.at_end.enter_context(claimed(folder))


def check_folder(folder: Path, word: str = "--out") -> None:
    """Refuse a folder, named by an argument, that cannot be written to."""
    for place in (folder, *folder.parents):
        if place.is_dir():
            if not os.access(place, os.W_OK | os.X_OK):
                raise UsageError(f"{word} {folder}: {place} may not be written to")
            _try_to_write(place, word)
            return
        if os.path.lexists(place):
            raise UsageError(f"{word} {folder}: {place} is a file, not a folder")


def _try_to_write(place: Path, word: str) -> None:
    """Refuse a folder in which no file can be made, whatever its permissions say."""
    import tempfile

    try:
        with tempfile.TemporaryFile(dir=place):
            return
    except OSError as error:
        raise UsageError(f"{word}: nothing can be written in {place}: {error.strerror}") from None


def check_file(path: Path) -> None:
    """Refuse a file that cannot be written, before anything is run."""
    from sim.experiment.store import STANDARD_OUTPUT, is_stream

    if str(path) == STANDARD_OUTPUT:
        return
    if path.is_dir():
        raise UsageError(f"--out {path}: {path} is a folder, not a file")
    if path.exists() and not os.access(path, os.W_OK):
        raise UsageError(f"--out {path}: it may not be written to")
    if not is_stream(path):
        check_folder(path.resolve().parent)


def count(text: str) -> int:
    """Read a whole number of at least 1."""
    number = int(text) if text.isdecimal() else 0
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to 100000")
    return number


def _seed(text: str) -> int:
    if not text.isdecimal() or int(text) >= 2**63:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 2^63 - 1")
    return int(text)


def _days(text: str) -> float:
    try:
        number = float(text.removesuffix("days").removesuffix("d"))
    except ValueError:
        number = 0.0
    if not 0 < number <= 100_000:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of days above 0")
    return number


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date such as 2024-04-01") from None
