"""A laboratory: what it gives is the same however, wherever and how often it is done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import sim
from sim.experiment.designs import Variant
from sim.experiment.executor import Local
from sim.experiment.tasks.lab import Lab, Runs
from sim.experiment.tasks.run import TaskProgress
from sim.experiment.tasks.store import opened
from sim.experiment.tasks.task import Failure
from sim.experiment.tasks.work import Work, do_task
from sim.experiment.tasks.world import world_key
from sim.experiment.workers import Tell
from sim.scenario import ScenarioError

MM5 = str(Path(__file__).parents[2] / "scenarios" / "verification" / "mm5.yaml")
TWO_DAYS = {"run.duration": "2 days"}


def servers(number: int) -> Variant:
    return Variant(f"servers {number}", overrides={"resources.server.capacity": number})


VARIANTS = (Variant("baseline"), servers(6), servers(7))


class Backwards:
    """Does tasks in the opposite order, and says which it did."""

    def __init__(self) -> None:
        self.done: list[Any] = []

    def __call__(
        self,
        function: Callable[[Any, Any, Tell], Any],
        context: Any,
        tasks: Sequence[Any],
        finished: Callable[[Any, Any], None],
        advanced: Callable[[float], None],
    ) -> None:
        for task in reversed(tasks):
            self.done.append(task)
            finished(task, function(context, task, lambda part: None))


def test_numbers_are_those_of_a_plain_run() -> None:
    found = Lab((MM5,), overrides=TWO_DAYS)(VARIANTS, (1, 2))
    for place, servers in enumerate((5, 6, 7)):
        plain = sim.run(
            MM5, overrides={**TWO_DAYS, "resources.server.capacity": servers}, replications=2
        ).measures
        wait = plain[(plain["measure"] == "wait_mean") & (plain["of"] == "serve")]["value"]
        np.testing.assert_array_equal(found.of("wait_mean/serve")[place], wait)
    assert found.units["wait_mean/serve"] == "minutes"
    assert found.days == 2.0
    assert (found.differences("wait_mean/serve")[0] == 0).all()


def test_only_what_is_missing_is_done(tmp_path: Path) -> None:
    with opened(tmp_path / "store") as store:
        first = Lab((MM5,), overrides=TWO_DAYS, store=store)(VARIANTS[:2], (1, 2))
        executor = Backwards()
        again = Lab((MM5,), overrides=TWO_DAYS, store=store, executor=executor)
        found = again(VARIANTS, (1, 2, 3))
        assert sorted(executor.done) == [(0, 3), (1, 3), (2, 1), (2, 2), (2, 3)]
        np.testing.assert_array_equal(found.values[:2, :2], first.values)
        fresh = Lab((MM5,), overrides=TWO_DAYS, executor=Local(1))(VARIANTS, (1, 2, 3))
        np.testing.assert_array_equal(found.values, fresh.values)


def test_worlds_of_the_same_content_are_done_once() -> None:
    executor = Backwards()
    same = Variant("named otherwise", overrides={"resources.server.capacity": 6})
    found = Lab((MM5,), overrides=TWO_DAYS, executor=executor)((servers(6), same), (1,))
    assert executor.done == [(0, 1)]
    np.testing.assert_array_equal(found.values[0], found.values[1])


def test_only_the_measures_asked_for_are_given() -> None:
    asked = ("wait_mean/serve", "arrivals")
    lab = Lab((MM5,), overrides=TWO_DAYS, measures=asked)
    assert set(lab(VARIANTS[:1], (1,)).measures) == set(asked)


def test_a_failed_task_is_told_and_the_rest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.experiment.tasks import work

    done = work._done

    def fails_once(this: Work, world: Any, number: int, tell: Tell) -> Any:
        if world.name == "servers 6" and number == 2:
            raise RuntimeError("too much happened")
        return done(this, world, number, tell)

    monkeypatch.setattr(work, "_done", fails_once)
    found = Lab((MM5,), seed=5, overrides=TWO_DAYS, executor=Local(1))(VARIANTS, (1, 2))
    (failure,) = found.failures
    assert str(failure) == "servers 6, replication 2, seed 5: too much happened"
    assert np.isnan(found.values[1, 1]).all()
    assert np.isfinite(found.of("arrivals")[[0, 0, 1, 2, 2], [0, 1, 0, 0, 1]]).all()


def test_a_worker_with_other_code_refuses() -> None:
    lab = Lab((MM5,), overrides=TWO_DAYS)
    work = Work(lab.worlds(VARIANTS[:1]), seed=1, code="another")
    failure = do_task(work, (0, 1), lambda part: None)
    assert isinstance(failure, Failure)
    assert "another version" in failure.error


def test_what_is_told_grows_to_all_there_is() -> None:
    told: list[tuple[Runs, TaskProgress]] = []
    lab = Lab((MM5,), overrides=TWO_DAYS, executor=Local(1), watch=lambda *each: told.append(each))
    lab(VARIANTS, (1, 2))
    last, progress = told[-1]
    assert (progress.done, progress.total, progress.running) == (6, 6, "")
    assert last.complete == (1, 2)
    halfway = next(progress for _, progress in told if progress.done == 3)
    assert halfway.running == "baseline, replication 2"
    assert halfway.seconds_left > 0


def test_wrong_variants_are_all_named_at_once() -> None:
    wrong = [Variant(name, overrides={f"resources.{name}.capacity": 1}) for name in ("a", "b")]
    with pytest.raises(ScenarioError) as error:
        Lab((MM5,)).worlds(wrong)
    assert len(error.value.problems) == 2


def test_the_key_of_a_world_is_its_content_and_the_seed() -> None:
    plain = sim.load(MM5)
    about = sim.load(MM5, overrides={"title": "another", "run.replications": 3, "run.seed": 9})
    assert world_key(plain, 1) == world_key(about, 1)
    assert world_key(plain, 1) != world_key(plain, 2)
    more = sim.load(MM5, overrides={"resources.server.capacity": 6})
    assert world_key(plain, 1) != world_key(more, 1)
