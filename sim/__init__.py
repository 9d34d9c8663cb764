"""urgentflow: patient flow through a whole urgent-care system, before and after a change.

The Python API, of the same shape as the command line:

>>> import sim
>>> before = sim.load("scenarios/sussex/before.yaml")           # doctest: +SKIP
>>> results = sim.run(before, replications=5)                   # doctest: +SKIP
>>> results.summary()                                           # doctest: +SKIP
>>> sim.compare(before, "scenarios/sussex/after.yaml").differences    # doctest: +SKIP

Scenarios are given as paths, as ``scenario.yaml+option.yaml+...``, or as loaded before. Importing
this package imports nothing else: pandas and the engines come with the first call that needs them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Union

from sim.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from sim.engine import EngineName
    from sim.experiment.event_logs import LogFormat
    from sim.experiment.results import Comparison, Results
    from sim.experiment.settings import Settings
    from sim.experiment.verification.run import Result
    from sim.scenario import Loaded
    from sim.scenario.check import CheckReport

__all__ = ["__version__", "check", "compare", "event_log", "load", "run", "schema", "verify"]

Source = Union[str, "os.PathLike[str]", "Loaded"]
Options = Union[str, "os.PathLike[str]", "Iterable[str | os.PathLike[str]]"]
Overrides = Union["Mapping[str, object]", None]


def load(
    path: Source,
    options: Options = (),
    overrides: Overrides = None,
    **run: object,
) -> Loaded:
    """Read and validate a scenario.

    `check`, `run`, `compare` and `event_log` take the same words for the same things.

    Parameters
    ----------
    path
        A scenario file, ``scenario.yaml+option.yaml+...``, or a scenario loaded before (of which
        `overrides` and `run` then give another).
    options
        Further option files (or one), applied in order.
    overrides
        Values by dotted path, such as ``{"resources.ward_beds.capacity": 360}``, or changes of
        them: ``{"resources.ward_beds.capacity": {"add": 4}}``.
    **run
        Fields of the scenario's `run`: `start`, `warm_up`, `duration`, `replications`, `seed`,
        such as ``duration="30 days"``.

    Raises
    ------
    sim.scenario.ScenarioError
        With every problem found, each with file and line.
    TypeError
        If there is no such word, or options are to be applied on a scenario loaded before.
    """
    from sim.experiment.arm_loading import given_as, of_run
    from sim.scenario import changed
    from sim.scenario import load as load_files

    values = {**of_run(run, only=True), **(overrides or {})}
    item = given_as(path, options)
    if isinstance(item, tuple):
        return load_files(item[0], item[1:], values)
    return changed(item, values) if values else item


def check(
    scenario: Source, options: Options = (), overrides: Overrides = None, **run: object
) -> CheckReport:
    """Analyse a scenario without running it: errors, warnings, offered loads, sources.

    Parameters are those of `load`.
    """
    from sim.scenario.check import check as analyse

    return analyse(load(scenario, options, overrides, **run))


def run(
    scenario: Source,
    options: Options = (),
    overrides: Overrides = None,
    draws: int | None = None,
    **settings: Any,
) -> Results:
    """Run every replication of a scenario and measure it.

    Parameters
    ----------
    scenario, options, overrides
        As in `load`.
    draws
        Draw all uncertain inputs so many times as well, with a few replications of each, to tell
        luck from doubt of the inputs (`variances` of the result).
    **settings
        How to run it, see `sim.experiment.settings.Settings`: `replications`, `seed`, `engine`,
        `by`, `workers`, `on_progress`, `store`; and the days run: `start`, `warm_up`, `duration`.

    Returns
    -------
    Results
        `measures` is a tidy data frame, `summary()` its means with intervals, `logs(k)` the
        logs of replication k and `frames(k)` the same with names, `plot(what)` draws, and
        `report(path)` writes the page.

    Raises
    ------
    sim.scenario.ScenarioError
        If the scenario cannot be run, with every problem found.
    TypeError, ValueError
        If there is no such setting, or a value it cannot have.
    """
    from sim.experiment.arm_loading import given_as, load_arms
    from sim.experiment.experiment import run_all
    from sim.report import presenter

    chosen, values = _chosen(settings, overrides)
    given = given_as(scenario, options)
    arms = load_arms(given, [], values)
    doubt = _variances(draws, arms, given, (), chosen, values)
    (results,) = run_all(arms, chosen)
    return replace(results, presenter=presenter, variances=doubt)


def compare(
    baseline: Source,
    *alternatives: Source,
    options: Options = (),
    overrides: Overrides = None,
    draws: int | None = None,
    **settings: Any,
) -> Comparison:
    """Compare alternatives with a baseline, on the same people with the same luck.

    Parameters are those of `run`; `options` are those of the baseline. An alternative given as a
    path may be an option file (or ``a.yaml+b.yaml``), which is applied on the baseline if that is
    a path too.

    Returns
    -------
    Comparison
        `differences` is a data frame of paired differences with 95 % intervals, `measures`
        has every replication of every arm, `statement` says what stands behind the intervals,
        `plot(what)` draws, `report(path)` writes the answer on one page.

    Raises
    ------
    sim.scenario.ScenarioError
        If a scenario cannot be run, or if they do not cover the same time.
    TypeError, ValueError
        If there is no such setting, or a value it cannot have.
    """
    from sim.experiment.arm_loading import given_as, load_arms
    from sim.experiment.experiment import compare_all
    from sim.report import presenter

    if not alternatives:
        raise TypeError("compare needs at least one alternative")
    chosen, values = _chosen(settings, overrides)
    given = given_as(baseline, options)
    arms = load_arms(given, alternatives, values)
    doubt = _variances(draws, arms, given, alternatives, chosen, values)
    found = compare_all(arms, chosen)
    return replace(found, baseline=replace(found.baseline, presenter=presenter), variances=doubt)


def _variances(
    draws: int | None,
    arms: Sequence[tuple[str, Loaded]],
    baseline: tuple[str, ...] | Loaded,
    alternatives: Sequence[Source],
    chosen: Settings,
    values: dict[str, object],
) -> pd.DataFrame | None:
    """What luck does and what inputs do, if inputs are to be drawn."""
    if draws is None:
        return None
    from sim.experiment.arm_loading import files_of_arms
    from sim.report.luck_and_inputs import luck_and_inputs

    return luck_and_inputs(arms, files_of_arms(baseline, alternatives), draws, chosen, values)


def event_log(
    scenario: Source,
    path: str | os.PathLike[str] | None = None,
    format: LogFormat = "xes",
    options: Options = (),
    overrides: Overrides = None,
    *,
    replication: int = 1,
    seed: int | None = None,
    engine: EngineName = "compiled",
    measured: bool = False,
    **run: object,
) -> Path | pd.DataFrame:
    """Run one replication, and write or return everything that happens in it as an event log.

    Parameters
    ----------
    scenario, options, overrides
        As in `load`.
    path
        File to write; replaced if it exists, written through if it is a link, passed on to if it
        is a pipe, a device or ``-`` (standard output). Without one the log is returned as a data
        frame, for the formats that are tables.
    format
        ``xes`` for process-mining tools, or CSV in the columns of ``vidigi`` or ``bupar``.
    replication, seed
        Whose luck: the same as that replication in `run`.
    engine
        Which engine runs it.
    measured
        Leave out the warm-up: those present at its end come then, with what they hold.
    **run
        The days run: `start`, `warm_up`, `duration`.
    """
    from pathlib import Path

    from sim.experiment.arm_loading import given_as, load_arms, of_run
    from sim.experiment.event_logs import event_frame, write_event_log

    values = {**of_run(run), **(overrides or {})}
    ((_, loaded),) = load_arms(given_as(scenario, options), [], values)
    if path is None:
        return event_frame(loaded, format, replication, seed, engine, measured)
    where = Path(path)
    return write_event_log(loaded, where, format, replication, seed, engine, measured=measured)


def _chosen(said: dict[str, Any], overrides: Overrides) -> tuple[Settings, dict[str, object]]:
    """Settings, and values of the scenario, from the words of a call."""
    from sim.experiment.arm_loading import RUN_TIME, of_run
    from sim.experiment.settings import Settings
    from sim.report.digest import digest

    days = {name: said.pop(name) for name in list(said) if f"run.{name}" in RUN_TIME}
    values = {**of_run(days), **(overrides or {})}
    return Settings.of(**{"digest": digest, **said}), values


def verify(names: Sequence[str] | None = None, workers: int | None = None) -> list[Result]:
    """Run the verification scenarios and set what the model says beside what theory says.

    Parameters
    ----------
    names
        Cases to run, by the name of their file in ``scenarios/verification``; by default all.
    workers
        Most processes at work; by default one per processor.
    """
    from sim.experiment.verification.run import verify as run_cases

    return run_cases(names, workers=workers)


def schema() -> dict[str, Any]:
    """Return the JSON Schema of the scenario language."""
    from sim.scenario.explain.schema import json_schema

    return json_schema()
