"""Run the verification scenarios and set what the model says beside what theory says.

The scenario files say how long each is run and how often; every replication gives one estimate
of each claim, and the mean of the replications is held against the exact value.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.intervals import t_interval, t_quantile
from sim.experiment.shipped import scenarios
from sim.experiment.verification.cases import all_cases
from sim.experiment.verification.claims import Case, Claim
from sim.experiment.verification.estimators import Window
from sim.experiment.workers import Tell, spread

if TYPE_CHECKING:
    from sim.engine import EngineName

#: largest |z| that passes: chance exceeds it once in a thousand claims
LARGEST_Z = 3.3


@dataclass(frozen=True)
class Result:
    """One claim tested: theory beside model.

    `half_width` is that of the 95 % t interval over replications, `precision` the widest it may
    be as a share of `exact`, `z` the difference in standard errors.
    """

    case: str
    title: str
    what: str
    exact: float
    model: float
    half_width: float
    z: float
    precision: float
    replications: int

    @property
    def precise(self) -> bool:
        """Whether the interval is narrow enough for agreement to mean anything."""
        return self.half_width <= self.precision * abs(self.exact)

    @property
    def agrees(self) -> bool:
        """Whether the model is as near to theory as chance leaves it."""
        return abs(self.z) <= LARGEST_Z

    @property
    def passed(self) -> bool:
        """Both near enough and sure enough."""
        return self.precise and self.agrees

    @property
    def verdict(self) -> str:
        """The outcome in a word or two."""
        if not self.agrees:
            return "DIFFERS"
        return "agrees" if self.precise else "too imprecise"


@dataclass(frozen=True)
class _Setting:
    """What all cases share; goes to worker processes."""

    folder: Path
    engine: EngineName


def verify(
    names: Sequence[str] | None = None,
    engine: EngineName = "compiled",
    workers: int | None = None,
    folder: Path | None = None,
    on_case: Callable[[list[Result], float], None] | None = None,
    advanced: Callable[[float], None] | None = None,
) -> list[Result]:
    """Run verification cases and compare them with theory.

    Parameters
    ----------
    names
        Cases to run, by the name of their scenario file without ``.yaml``; by default all.
    engine
        Which engine runs them.
    workers
        Most worker processes; by default one per processor.
    folder
        Where the scenario files are; by default `scenario_folder()`.
    on_case
        Called with a case's results and its seconds as soon as they are there.
    advanced
        Told a few times a second how much is done: cases and parts of cases.

    Returns
    -------
    list of Result
        One for each claim, in the order of `all_cases`, whichever case was done first.

    Raises
    ------
    KeyError
        If there is no case of one of the names.
    FileNotFoundError
        If the scenario files are not there.
    """
    known = {case.name: case for case in all_cases()}
    chosen = [known[name] for name in (known if names is None else names)]
    setting = _Setting(folder or scenario_folder(), engine)
    results: dict[str, list[Result]] = {}

    def finished(name: str, outcome: tuple[list[Result], float]) -> None:
        results[name] = outcome[0]
        if on_case is not None:
            on_case(*outcome)

    # the long ones first, so that no worker is left with one at the end
    order = [case.name for case in sorted(chosen, key=lambda case: not case.long)]
    spread(_run_named, setting, order, finished, workers, advanced=advanced)
    return [result for case in chosen for result in results[case.name]]


def scenario_folder() -> Path:
    """Folder of the verification scenarios that come with the program."""
    return scenarios() / "verification"


def _run_named(setting: _Setting, name: str, tell: Tell) -> tuple[list[Result], float]:
    """Run one case, given by name because claims do not travel between processes."""
    case = next(case for case in all_cases() if case.name == name)
    began = time.perf_counter()
    results = run_case(case, setting.folder, setting.engine, tell)
    return results, time.perf_counter() - began


def run_case(case: Case, folder: Path, engine: EngineName, tell: Tell) -> list[Result]:
    """Run all replications of one case, one after the other in this process."""
    from sim.engine import run
    from sim.plan.compile import compile_plan
    from sim.plan.population import draw_population
    from sim.scenario import load

    model = load(folder / f"{case.name}.yaml").model
    plan = compile_plan(model)
    people = draw_population(plan, model.run.seed)
    points: list[list[float]] = [[] for _ in case.claims]
    for done in range(model.run.replications):
        watch = partial(_tell_on, tell, done, model.run.replications)
        logs = run(plan, model.run.seed, done + 1, engine, people, watch)
        watch(1.0)
        window = Window(plan, logs, plan.warm_up, plan.horizon)
        for series, claim in zip(points, case.claims, strict=True):
            series.append(claim.estimate(window))
    return [
        _result(case, model.title, claim, series)
        for claim, series in zip(case.claims, points, strict=True)
    ]


def _tell_on(tell: Tell, done: int, total: int, part: float) -> None:
    """Tell what part of a case is done, after so many replications and part of the next."""
    tell((done + part) / total)


def _result(case: Case, title: str, claim: Claim, points: Sequence[float]) -> Result:
    interval = t_interval(points)
    half_width = (interval.high - interval.low) / 2.0
    exact = claim.exact()
    error = half_width / t_quantile(interval.number - 1)
    distance = interval.mean - exact
    z = distance / error if error > 0.0 else _certain(distance)
    return Result(
        case=case.name,
        title=title,
        what=claim.what,
        exact=exact,
        model=interval.mean,
        half_width=half_width,
        z=z,
        precision=claim.precision,
        replications=interval.number,
    )


def _certain(distance: float) -> float:
    """The z of an estimate that is the same in every replication."""
    return 0.0 if distance == 0.0 else math.copysign(math.inf, distance)
