"""Where tasks are kept when they are done."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from sim.experiment.tasks.task import Outcome, Reference, Task


class TaskStore(Protocol):
    """Keeps outcomes of tasks by what names them."""

    def get(self, task: Task, measures: Collection[Reference] | None) -> Outcome | None:
        """The outcome of a task if it is here with all these measures (None: all there are)."""

    def put(self, task: Task, outcome: Outcome) -> None:
        """Keep an outcome, whole or not at all."""
