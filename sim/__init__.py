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
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Union

from sim.version import __version__

if TYPE_CHECKING:
    from pathlib import Path

    from sim.engine import EngineName
    from sim.experiment.event_logs import LogFormat
    from sim.experiment.experiment import Settings
    from sim.experiment.job import Progress
    from sim.experiment.results import Comparison, Results
    from sim.experiment.verification.run import Result
    from sim.scenario import Loaded
    from sim.scenario.check import CheckReport

__all__ = ["__version__", "check", "compare", "event_log", "load", "run", "schema", "verify"]

Source = Union[str, "os.PathLike[str]", "Loaded"]


def load(
    path: str | os.PathLike[str],
    options: Iterable[str | os.PathLike[str]] = (),
    overrides: Mapping[str, object] | None = None,
    **run: object,
) -> Loaded:
    """Read and validate a scenario.

    Parameters
    ----------
    path
        A scenario file, or ``scenario.yaml+option.yaml+...``.
    options
        Further option files, applied in order.
    overrides
        Values by dotted path, such as ``{"resources.ward_beds.capacity": 360}``.
    **run
        Fields of the scenario's `run`, such as ``duration="30 days"``.

    Raises
    ------
    sim.scenario.ScenarioError
        With every problem found, each with file and line.
    """
    from sim.experiment.arm_loading import parts
    from sim.scenario import load as load_files

    scenario, *more = parts(path)
    values = {**{f"run.{name}": value for name, value in run.items()}, **(overrides or {})}
    return load_files(scenario, [*more, *options], values)


def check(scenario: Source, **run: object) -> CheckReport:
    """Analyse a scenario without running it: errors, warnings, offered loads, sources.

    Parameters are those of `load`, or a scenario loaded before.
    """
    from sim.scenario.check import check as analyse

    if isinstance(scenario, str | os.PathLike):
        return analyse(load(scenario, **run))  # type: ignore[arg-type]
    return analyse(scenario)


def run(
    scenario: Source,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = "compiled",
    by: Sequence[str] = (),
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Results:
    """Run every replication of a scenario and measure it.

    Parameters
    ----------
    scenario
        A path, ``scenario.yaml+option.yaml+...``, or a scenario loaded before.
    replications, seed
        By default what the scenario says.
    engine
        Which engine runs it.
    by
        Attributes to break the measures down by.
    workers
        Most processes at work; by default one per processor. Never changes a result.
    on_progress
        Called after every replication, and a few times a second within them (`latest` is then
        None).
    overrides
        Values by dotted path for scenarios given as paths, such as ``{"run.duration": "30 days"}``.

    Returns
    -------
    Results
        `measures` is a tidy data frame, `summary()` its means with intervals, `logs(k)` the
        logs of replication k, `report(path)` writes the page.

    Raises
    ------
    sim.scenario.ScenarioError
        If the scenario cannot be run, with every problem found.
    """
    from sim.experiment.arm_loading import load_arms
    from sim.experiment.experiment import run_all
    from sim.report.page.folder import report

    settings = _settings(replications, seed, engine, by, workers, on_progress)
    (results,) = run_all(load_arms(scenario, [], overrides), settings)
    return replace(results, page=report)


def compare(
    baseline: Source,
    *alternatives: Source,
    replications: int | None = None,
    seed: int | None = None,
    engine: EngineName = "compiled",
    by: Sequence[str] = (),
    workers: int | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Comparison:
    """Compare alternatives with a baseline, on the same people with the same luck.

    Parameters are those of `run`. An alternative given as a path may be an option file (or
    ``a.yaml+b.yaml``), which is applied on the baseline if that is a path too.

    Returns
    -------
    Comparison
        `differences` is a data frame of paired differences with 95 % intervals, `measures`
        has every replication of every arm, `statement` says what stands behind the intervals,
        `report(path)` writes the answer on one page.

    Raises
    ------
    sim.scenario.ScenarioError
        If a scenario cannot be run, or if they do not cover the same time.
    """
    from sim.experiment.arm_loading import load_arms
    from sim.experiment.experiment import compare_all
    from sim.report.page.folder import report

    if not alternatives:
        raise TypeError("compare needs at least one alternative")
    settings = _settings(replications, seed, engine, by, workers, on_progress)
    found = compare_all(load_arms(baseline, alternatives, overrides), settings)
    return replace(found, baseline=replace(found.baseline, page=report))


def event_log(
    scenario: Source,
    path: str | os.PathLike[str],
    format: LogFormat = "xes",
    replication: int = 1,
    seed: int | None = None,
    engine: EngineName = "compiled",
    overrides: Mapping[str, object] | None = None,
) -> Path:
    """Run one replication and write everything that happens in it as an event log.

    Parameters
    ----------
    scenario
        A path, ``scenario.yaml+option.yaml+...``, or a scenario loaded before.
    path
        File to write; replaced if it exists.
    format
        ``xes`` for process-mining tools, or CSV in the columns of ``vidigi`` or ``bupar``.
    replication, seed
        Whose luck: the same as that replication in `run`.
    engine
        Which engine runs it.
    overrides
        Values by dotted path for scenarios given as paths.
    """
    from pathlib import Path

    from sim.experiment.arm_loading import load_arms
    from sim.experiment.event_logs import write_event_log

    ((_, loaded),) = load_arms(scenario, [], overrides)
    return write_event_log(loaded, Path(path), format, replication, seed, engine)


def _settings(
    replications: int | None,
    seed: int | None,
    engine: EngineName,
    by: Sequence[str],
    workers: int | None,
    on_progress: Callable[[Progress], None] | None,
) -> Settings:
    from sim.experiment.experiment import Settings
    from sim.report.digest import digest

    attributes = (by,) if isinstance(by, str) else tuple(by)
    return Settings(
        replications, seed, engine, attributes, workers, digest=digest, on_progress=on_progress
    )


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
