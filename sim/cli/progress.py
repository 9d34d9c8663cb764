"""How far the replications are: a bar on a terminal, lines where output is kept.

The bar moves within replications too; lines are printed only as replications are finished. Goes to
stderr, so that what is printed on stdout is the result and nothing else.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Union

if TYPE_CHECKING:
    from sim.experiment.job import Progress
    from sim.experiment.tasks.run import TaskProgress

#: where output is kept, a line for every replication of short runs would bury the rest
SECONDS_BETWEEN_LINES = 2.0

#: before, what is left is anybody's guess
SECONDS_BEFORE_TELLING = 2.0

Far = Union["Progress", "TaskProgress"]

Show = Callable[[Far], None]
Note = Callable[[str], None]


@contextmanager
def shown(total: int, what: str = "replications") -> Iterator[tuple[Show, Note]]:
    """Show the progress of so many replications, or of whatever they are, while the block lasts.

    Yields
    ------
    tuple
        A callback that takes a `Progress`, and a function that prints a line of text
        without disturbing the bar.
    """
    if sys.stderr.isatty():
        with _bar(total, what) as pair:
            yield pair
    else:
        yield _Lines(what).show, _note


class _Lines:
    """A line now and then as replications are finished, and one at the end."""

    def __init__(self, what: str) -> None:
        self._last = 0.0
        self._what = what

    def show(self, progress: Far) -> None:
        if progress.latest is None:
            return
        finished = progress.done == progress.total
        if not finished and progress.elapsed - self._last < SECONDS_BETWEEN_LINES:
            return
        self._last = progress.elapsed
        tail = "done" if finished else f"about {readable(progress.seconds_left)} left"
        after = readable(progress.elapsed)
        _note(f"{progress.done} of {progress.total} {self._what} after {after}, {tail}")


def _note(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def _bar(total: int, what: str) -> Iterator[tuple[Show, Note]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:.1f} %"),
        TextColumn("{task.fields[left]}"),
    )
    console = Console(stderr=True, highlight=False)
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task(_counted(0, total, what), total=total, left="")

        def show(progress: Far) -> None:
            bars.update(
                task,
                completed=progress.done + progress.under_way,
                total=progress.total,
                description=_counted(progress.done, progress.total, what),
                left=_left(progress),
            )

        yield show, lambda text: console.print(text, markup=False, soft_wrap=True)


def _counted(done: int, total: int, what: str) -> str:
    return f"{done} of {total} {what}" if total > 1 else ""


def _left(progress: Far) -> str:
    """How long it will take, once there is something to tell that from."""
    known = progress.elapsed >= SECONDS_BEFORE_TELLING and math.isfinite(progress.seconds_left)
    return f"about {readable(progress.seconds_left)} left" if known else ""


def readable(seconds: float) -> str:
    """Seconds as `42 s` or `3 min 20 s`."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    return f"{minutes} min {rest:02d} s" if minutes < 10 else f"{minutes} min"
