"""A laboratory: runs variants of one baseline, and gives their outcomes as an array.

What variants share is done once: a file is read once, a world is sent once, people are drawn once
in every process. Searches and stopping rules call it again and again; what was done before comes
from the store.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.designs.design import Variant
from sim.experiment.executor import Executor, Local
from sim.experiment.tasks.outcomes import Outcomes
from sim.experiment.tasks.run import Found, TaskProgress, run_tasks
from sim.experiment.tasks.store import InMemory, TaskStore
from sim.experiment.tasks.task import Failure, Outcome, Reference, Task
from sim.experiment.tasks.work import Work
from sim.experiment.tasks.world import World, code_hash, prepared, scenario_in, world_of
from sim.scenario.problems import Problem, ScenarioError

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.experiment.settling import Settling
    from sim.scenario import Loaded


@dataclass(frozen=True)
class Runs:
    """Replications of variants: those done and kept so far, or all of them.

    `worlds` are those of the variants, in their order; `found` has what came of each task.
    """

    variants: tuple[Variant, ...]
    replications: tuple[int, ...]
    worlds: tuple[World, ...]
    seed: int
    found: Found = field(default_factory=dict)

    def of(self, variant: int, replication: int) -> Outcome | Failure | None:
        """What came of a replication of the variant at a place; None if it is not done."""
        return self.found.get(Task(self.worlds[variant].key, replication))

    def only(self, replications: Sequence[int]) -> Runs:
        """These replications only."""
        return replace(self, replications=tuple(replications))

    @property
    def failures(self) -> tuple[Failure, ...]:
        """Every task that failed, by variant and replication."""
        results = [self.of(v, k) for v in range(len(self.variants)) for k in self.replications]
        return tuple(dict.fromkeys(each for each in results if isinstance(each, Failure)))

    @property
    def complete(self) -> tuple[int, ...]:
        """Numbers of the replications that are done in every variant."""
        places = range(len(self.variants))
        return tuple(
            number
            for number in self.replications
            if all(self.of(place, number) is not None for place in places)
        )

    @property
    def outcomes(self) -> Outcomes:
        """The numbers as an array, NaN where a task failed or is not done.

        Measures are in the order of the first variant that has them.
        """
        measures: dict[Reference, int] = {}
        for place in range(len(self.variants)):
            done = (self.of(place, number) for number in self.replications)
            first = next((each for each in done if isinstance(each, Outcome)), None)
            for name in first.values if first is not None else ():
                measures.setdefault(name, len(measures))
        shape = len(self.variants), len(self.replications), len(measures)
        values = np.full(shape, np.nan)
        for i in range(len(self.variants)):
            for j, number in enumerate(self.replications):
                outcome = self.of(i, number)
                if isinstance(outcome, Outcome):
                    at = [measures[name] for name in outcome.values]
                    values[i, j, at] = list(outcome.values.values())
        return Outcomes(
            self.variants,
            self.replications,
            tuple(measures),
            values,
            days=scenario_in(self.worlds[0].model).run.duration / 1440,
            units=_units(measures),
            failures=self.failures,
        )

    def settling(self, variant: int) -> Settling | None:
        """Whether the queues of a variant settled; None if none of its replications is done."""
        from sim.experiment.settling import judge

        results = [self.of(variant, number) for number in self.replications]
        kept = [each.backlog for each in results if isinstance(each, Outcome)]
        _, context = prepared(self.worlds[variant].model, self.seed)
        return judge(context, kept) if kept else None


def _units(measures: Sequence[Reference] | Mapping[Reference, int]) -> dict[Reference, str]:
    from sim.measure import definitions

    known = definitions()
    return {name: known[name.split("/")[0]].unit for name in measures}


@dataclass
class Lab:
    """Runs variants of a baseline; an `Evaluate`.

    Parameters
    ----------
    baseline
        The scenario's file, and the options that every variant has.
    seed
        Seed of every random number; None takes what the baseline says.
    measures
        References to the measures to compute; None for all there are.
    engine
        Which engine runs them, which never changes a result.
    overrides
        Values laid over every variant, such as the days run.
    executor
        Where tasks are done.
    store
        Where they are kept; by default as long as the process lasts.
    watch
        Told how far it is, and what there is so far.
    reading
        Told how many variants have been read, of how many.
    """

    baseline: tuple[str, ...]
    seed: int | None = None
    measures: tuple[Reference, ...] | None = None
    engine: EngineName = "compiled"
    overrides: Mapping[str, object] = field(default_factory=dict)
    executor: Executor = field(default_factory=Local)
    store: TaskStore = field(default_factory=InMemory)
    watch: Callable[[Runs, TaskProgress], None] | None = None
    reading: Callable[[int, int], None] | None = None
    _worlds: dict[str, World] = field(default_factory=dict, init=False, repr=False)
    _loaded: dict[str, Loaded] = field(default_factory=dict, init=False, repr=False)

    def __call__(self, variants: Sequence[Variant], replications: Sequence[int]) -> Outcomes:
        """Outcomes of every replication of every variant, in the order given.

        Raises
        ------
        ScenarioError
            With everything that is wrong with any variant.
        OSError
            If the store cannot be written to.
        """
        return self.run(variants, replications).outcomes

    def run(self, variants: Sequence[Variant], replications: Sequence[int]) -> Runs:
        """As when called, with what tells whether queues settled."""
        worlds = self.worlds(variants)
        seed = self.seed if self.seed is not None else self.loaded(variants[0]).model.run.seed
        runs = Runs(tuple(variants), tuple(replications), worlds, seed)
        work = Work(worlds, seed, self.engine, self.measures, code_hash())

        def watch(progress: TaskProgress) -> None:
            if self.watch is not None:
                self.watch(replace(runs, found=progress.found), progress)

        found = run_tasks(work, runs.replications, self.executor, self.store, watch)
        return replace(runs, found=found)

    def worlds(self, variants: Sequence[Variant]) -> tuple[World, ...]:
        """The world of each variant, read and checked; one read before is not read again.

        Raises
        ------
        ScenarioError
            With everything that is wrong with any of them.
        """
        missing = {_content(each): each for each in variants if _content(each) not in self._worlds}
        problems: list[Problem] = []
        for number, (content, variant) in enumerate(missing.items()):
            if self.reading is not None:
                self.reading(number, len(missing))
            try:
                # only a small part of what was read is kept: there may be thousands of variants
                loaded = self._loaded.get(content) or self._load(variant)
            except ScenarioError as error:
                problems += error.problems
                continue
            seed = loaded.model.run.seed if self.seed is None else self.seed
            self._worlds[content] = world_of(variant.name, loaded, seed)
        if problems:
            raise ScenarioError(dict.fromkeys(problems))
        return tuple(replace(self._worlds[_content(each)], name=each.name) for each in variants)

    def loaded(self, variant: Variant) -> Loaded:
        """The scenario of a variant, which is kept: ask for few."""
        content = _content(variant)
        if content not in self._loaded:
            self._loaded[content] = self._load(variant)
        return self._loaded[content]

    def _load(self, variant: Variant) -> Loaded:
        from sim.experiment.arm_loading import load_variants

        values = {**self.overrides, **variant.overrides}
        (loaded,) = load_variants([((*self.baseline, *variant.options), values)])
        return loaded


def _content(variant: Variant) -> str:
    """What tells worlds apart: what is laid over the baseline, in its order."""
    return repr((variant.options, list(variant.overrides.items())))
