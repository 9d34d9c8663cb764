"""Where the tasks of an experiment are done: in the processes of this machine, or elsewhere.

A task is a function of what all tasks share and of itself alone, so that no result depends on
where it is done, nor on which is done first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sim.experiment.workers import Tell, spread

Context = TypeVar("Context")
Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Does tasks, in any order and anywhere."""

    def __call__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        finished: Callable[[Task, Result], None],
        advanced: Callable[[float], None],
    ) -> None:
        """Call ``function(context, task, tell)`` once for every task.

        Parameters
        ----------
        function
            A module-level function; `tell` is told now and then what part of the task is done.
        context
            What all tasks share. It, the tasks and the results can be pickled.
        tasks
            What to do, most wanted first.
        finished
            To be called in this thread with each task and its result, in order of completion.
        advanced
            To be told in this thread now and then how much is done: tasks, and parts of tasks.
        """


@dataclass(frozen=True)
class Local:
    """The calling process, and worker processes once the work has proved long.

    `workers` is the most of them at work; None is one per processor.
    """

    workers: int | None = None

    def __call__(
        self,
        function: Callable[[Context, Task, Tell], Result],
        context: Context,
        tasks: Sequence[Task],
        finished: Callable[[Task, Result], None],
        advanced: Callable[[float], None],
    ) -> None:
        """Do the tasks here."""
        spread(function, context, tasks, finished, self.workers, advanced=advanced)
