"""Tables and paragraphs on the screen: with rich on a terminal, as plain text anywhere else."""

from __future__ import annotations

import dataclasses
import json
import math
import sys
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

from sim.report.dates import long

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Results
    from sim.report.tables.grids import Grid
    from sim.scenario import Loaded

WIDTH = 100  #: of paragraphs, in characters


def show(grid: Grid) -> None:
    """Print a table, unless there is nothing in it."""
    if not any(section.rows for section in grid.sections):
        return
    from sim.report.tables.grids import to_rich, to_text

    if sys.stdout.isatty():
        from rich.console import Console

        console = Console(highlight=False)
        console.print(to_rich(grid, console.width))
    else:
        print(to_text(grid))


def paragraph(text: str, indent: str = "") -> None:
    """Print text, folded."""
    folded = textwrap.fill(
        text, WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )
    print(folded, flush=True)


def print_notices(arms: Sequence[Results]) -> None:
    """Print what must be read before any number: what had not settled."""
    from sim.report.notices import notices
    from sim.report.page.arms import labels

    for text in notices(arms, labels(arms)):
        paragraph(text)
        print()


def print_json(value: object) -> None:
    """Print plain data, frames and dataclasses as JSON; what has no value (NaN) is null."""
    print(json.dumps(_plain(value), indent=2, ensure_ascii=False))


def _plain(value: object) -> object:
    """What JSON has a way of writing."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, str | int | None):  # bool is an int
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Iterable):
        return [_plain(item) for item in value]
    return str(value)


def records(frame: pd.DataFrame) -> list[dict[str, object]]:
    """The rows of a frame as plain Python data."""
    rows = frame.astype(object).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def header(loaded: Loaded, replications: int, word: str = "Scenario") -> None:
    """Say what is about to be run: who, how long, how often."""
    run = loaded.model.run
    print(f"{word}: {loaded.model.title}")
    before = f" after {_days(run.warm_up)} of warm-up" if run.warm_up else ""
    paragraph(
        f"{people(loaded)}, {_days(run.duration)} from {long(run.start)}"
        f"{before}, {replications} "
        f"{'replication' if replications == 1 else 'replications'}.",
        "  ",
    )


def people(loaded: Loaded) -> str:
    """How many people a scenario has, or that they come from anywhere."""
    number = loaded.model.people.registered
    return f"{number:,} people" if number else "nobody registered"


def _days(minutes: float) -> str:
    return f"{minutes / 1440:,.10g} {'day' if minutes == 1440 else 'days'}"


def list_written(paths: Sequence[Path], folder: Path) -> None:
    """Say which files were written."""
    names = sorted(path.name for path in paths)
    begin = " (start with report.html)" if "report.html" in names else ""
    print(f"Written to {folder}{begin}:")
    paragraph(", ".join(names), "  ")
