"""Where questions are answered: what is known already is told at once, the rest is run.

A question is a patch. After a first look its replications are run one after the other, each in both
worlds. What has been done for an earlier question, or for another tab, comes from the store.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sim.experiment.tasks.store import InMemory, TaskStore
from sim.experiment.tasks.task import Outcome, Task
from sim.experiment.tasks.work import Work, do_task, warm_up
from sim.experiment.tasks.world import World, code_hash
from sim.experiment.workers import Tell
from sim.live import answers
from sim.live.crew import Crew, Errand, Job
from sim.live.patch import Patch
from sim.live.worlds import Told, Worlds

if TYPE_CHECKING:
    from sim.engine import EngineName


@dataclass
class Question:
    """A patch and how often it is to be run; `changed` is called whenever more is known.

    `found` has the outcome of every task so far, whichever question it was run for; `before` and
    `after` are the two worlds once they are read, `looks` those of the first look.
    """

    patch: Patch
    replications: int
    changed: Callable[[], None]
    found: dict[Task, Outcome] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    before: Told | None = None
    after: Told | None = None
    looks: tuple[World, World] | None = None
    _errands: list[Errand] = field(default_factory=list)
    _dropped: bool = False

    def of(self, told: Told) -> Mapping[int, Outcome]:
        """Outcomes of the replications of a world."""
        numbers = range(1, self.replications + 1)
        found = {number: self.found.get(Task(told.world.key, number)) for number in numbers}
        return {number: outcome for number, outcome in found.items() if outcome is not None}

    @property
    def looked(self) -> tuple[Outcome, Outcome] | None:
        """Both sides of the first look, if they are there."""
        sides = [self.found.get(Task(world.key, 1)) for world in self.looks or ()]
        if len(sides) < 2 or sides[0] is None or sides[1] is None:
            return None
        return sides[0], sides[1]

    @property
    def how_far(self) -> tuple[object, ...]:
        """What tells whether there is more to say than before."""
        pairs: tuple[object, ...] = ()
        if self.before is not None and self.after is not None:
            pairs = tuple(sorted(set(self.of(self.before)) & set(self.of(self.after))))
        return pairs, self.looked is not None, self.after is not None, len(self.failures), self.done

    @property
    def done(self) -> bool:
        """Whether nothing more will come."""
        if self.failures:
            return True
        if self.before is None or self.after is None:
            return False
        return all(len(self.of(told)) == self.replications for told in (self.before, self.after))


class Desk:
    """Answers questions about the worlds of one source."""

    def __init__(
        self,
        worlds: Worlds,
        crew: Crew,
        store: TaskStore | None = None,
        engine: EngineName = "compiled",
    ) -> None:
        self.worlds = worlds
        self.crew = crew
        self._engine = engine
        self.ready = threading.Event()
        self._store = InMemory() if store is None else store
        self._lock = threading.Lock()

    def open(self) -> None:
        """Have one worker compile or load what is compiled, so that the others find it there."""
        told = self.worlds.told(Patch())
        work = self._work(told.world, answers.references(told))
        self.crew.ask([Job("warm", warm, work, 1)], lambda *_: self.ready.set())

    def ask(self, question: Question) -> None:
        """Tell a question what is known, and have the rest run.

        Raises
        ------
        ScenarioError
            If the patch makes no world that can be run.
        """
        worlds, patch = self.worlds, question.patch
        question.before = worlds.told(Patch())
        looks = worlds.first_look(Patch()), worlds.first_look(patch)
        known = worlds.read_before(patch) and self._has(worlds.told(patch), 1)
        if looks[0] is not None and looks[1] is not None and (patch.empty or not known):
            # that of the baseline is there when the first change is made
            question.looks = looks[0], looks[1]
            wanted = answers.first_references(question.before)
            self._run(question, [(looks[1], 1, wanted), (looks[0], 1, wanted)])
        question.after = worlds.told(patch)
        self._run(
            question,
            [
                (told.world, number, answers.references(told))
                for number in range(1, question.replications + 1)
                for told in (question.after, question.before)
            ],
        )
        question.changed()

    def recall(self, patch: Patch, replications: int) -> Question:
        """A question with what the store has of its replications, and nothing run."""
        question = Question(patch, replications, lambda: None)
        question.before, question.after = self.worlds.told(Patch()), self.worlds.told(patch)
        for told in (question.before, question.after):
            for number in range(1, replications + 1):
                task = Task(told.world.key, number)
                found = self._store.get(task, answers.references(told))
                if found is not None:
                    question.found[task] = found
        return question

    def drop(self, question: Question) -> None:
        """Forget a question nobody waits for."""
        with self._lock:
            question._dropped = True
            errands, question._errands = question._errands, []
        for errand in errands:
            self.crew.drop(errand)

    def _has(self, told: Told, number: int) -> bool:
        return self._store.get(Task(told.world.key, number), answers.references(told)) is not None

    def _work(self, world: World, measures: tuple[str, ...]) -> Work:
        return Work((world,), self.worlds.seed, self._engine, measures, code_hash())

    def _run(self, question: Question, wanted: list[tuple[World, int, tuple[str, ...]]]) -> None:
        """Take what the store has and have the rest run, in this order."""
        jobs = []
        for world, number, measures in wanted:
            task = Task(world.key, number)
            found = self._store.get(task, measures)
            if found is not None:
                question.found[task] = found
            else:
                jobs.append(Job(task, do_task, self._work(world, measures), (0, number)))

        def deliver(job: Job, result: Any) -> None:
            self._take(question, job, result)

        unique = list({job.key: job for job in jobs}.values())
        with self._lock:
            if unique and not question._dropped:
                question._errands.append(self.crew.ask(unique, deliver))

    def _take(self, question: Question, job: Job, result: Any) -> None:
        """Note a result (in a worker's thread)."""
        if isinstance(result, Outcome):
            assert isinstance(job.key, Task)
            self._store.put(job.key, result, job.context.measures)
            question.found[job.key] = result
        else:
            question.failures.append(str(getattr(result, "error", result)))
        question.changed()


def warm(work: Work, _: int, tell: Tell) -> None:
    """Load what is compiled, in a worker; the page says how long that may take."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warm_up(work, (0, 1))
    tell(1.0)
