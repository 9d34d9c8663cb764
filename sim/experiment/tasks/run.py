"""Running tasks: what is kept already is taken, what is missing is done, each is kept when done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from sim.experiment.executor import Executor, Local
from sim.experiment.tasks.store import TaskStore
from sim.experiment.tasks.task import Failure, Outcome, Task
from sim.experiment.tasks.work import Item, Work, do_task, warm_up
from sim.experiment.tasks.world import PLANS_KEPT

#: what came of each task
Found = dict[Task, Outcome | Failure]


@dataclass(frozen=True)
class TaskProgress:
    """How far tasks are.

    Of `total`, `done` are done, `kept` of these in an earlier run, and of those under way parts
    that add up to `under_way`. `latest` has just been done; `running` is one that is under way.
    `found` is all there is so far.
    """

    done: int
    total: int
    kept: int
    elapsed: float
    under_way: float
    running: str
    latest: tuple[Task, Outcome | Failure] | None
    found: Found

    @property
    def seconds_left(self) -> float:
        """Seconds the rest will take at the pace so far; infinite before anything is done."""
        behind = self.done - self.kept + self.under_way
        return self.elapsed / behind * (self.total - self.kept - behind) if behind else float("inf")


Watch = Callable[[TaskProgress], None]


def run_tasks(
    work: Work,
    replications: Sequence[int],
    executor: Executor,
    store: TaskStore,
    watch: Watch | None = None,
) -> Found:
    """Do every replication of every world that the store does not have.

    Parameters
    ----------
    work
        Worlds, seed, engine and what to measure. Worlds of the same content are done once.
    replications
        Numbers of the replications.
    executor
        Where the tasks are done, which never changes a result.
    store
        Where they are kept.
    watch
        Told after each task, and a few times a second within them.

    Returns
    -------
    dict
        The outcome of every task, or why it failed.

    Raises
    ------
    OSError
        If the store cannot be written to; what it has stays there.
    WorkerDiedError
        If a worker was killed; what was done before is in the store.
    """
    found: Found = {}
    missing: list[Item] = []
    for item, task in _in_order(work, replications):
        outcome = store.get(task, work.measures)
        if outcome is None:
            missing.append(item)
        else:
            found[task] = outcome
    if missing:
        if isinstance(executor, Local):  # compile once, before workers would each do so
            warm_up(work, missing[0])
        watching = _Watching(work, missing, store, found, watch)
        watching.report()
        executor(do_task, work, missing, watching.add, watching.advance)
    return found


def _in_order(work: Work, replications: Sequence[int]) -> Iterator[tuple[Item, Task]]:
    """Each task once: all worlds of the first replication first, so far as plans can be kept."""
    seen: set[str] = set()
    places = []
    for place, world in enumerate(work.worlds):
        if world.key not in seen:
            seen.add(world.key)
            places.append(place)
    for start in range(0, len(places), PLANS_KEPT):
        for number in replications:
            for place in places[start : start + PLANS_KEPT]:
                yield (place, number), Task(work.worlds[place].key, number)


@dataclass
class _Watching:
    """Tasks as they are done: kept, then reported."""

    work: Work
    missing: list[Item]
    store: TaskStore
    found: Found
    watch: Watch | None
    kept: int = field(init=False)
    behind: float = 0.0
    began: float = field(default_factory=time.perf_counter)
    waiting: dict[Item, None] = field(init=False)

    def __post_init__(self) -> None:
        self.kept = len(self.found)
        self.waiting = dict.fromkeys(self.missing)

    def add(self, item: Item, result: Outcome | Failure) -> None:
        place, number = item
        task = Task(self.work.worlds[place].key, number)
        if isinstance(result, Outcome):
            self.store.put(task, result, self.work.measures)
        self.found[task] = result
        del self.waiting[item]
        self.behind = max(self.behind, len(self.missing) - len(self.waiting))
        self.report((task, result))

    def advance(self, behind: float) -> None:
        self.behind = max(self.behind, behind)
        self.report()

    def report(self, latest: tuple[Task, Outcome | Failure] | None = None) -> None:
        if self.watch is None:
            return
        done = len(self.found)
        place, number = next(iter(self.waiting), (-1, 0))
        running = f"{self.work.worlds[place].name}, replication {number}" if number else ""
        self.watch(
            TaskProgress(
                done=done,
                total=len(self.missing) + self.kept,
                kept=self.kept,
                elapsed=time.perf_counter() - self.began,
                under_way=max(0.0, self.behind - (done - self.kept)),
                running=running,
                latest=latest,
                found=self.found,
            )
        )
