"""Conducting an experiment: its file becomes a design, every variant is checked, all are run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sim.experiment.designs.build import design_of, missing
from sim.experiment.designs.design import BASELINE, Design, Variant
from sim.experiment.language.experiment import Experiment
from sim.experiment.tasks.lab import Lab, Runs
from sim.scenario.files.overriding import OVERRIDES
from sim.scenario.problems import Problem, ScenarioError, listed, nearest_name
from sim.scenario.rules.measure_names import wrong_measure

if TYPE_CHECKING:
    from sim.scenario import Loaded


@dataclass(frozen=True)
class Conducted:
    """An experiment and what came of it."""

    experiment: Experiment
    design: Design
    runs: Runs


def designed(experiment: Experiment, lab: Lab) -> Design:
    """The design of an experiment, with every variant read and checked.

    Raises
    ------
    ScenarioError
        With everything that is wrong with the experiment or a variant, where it is written.
    """
    try:
        whole = Variant("everything", tuple(experiment.asked.options.values()))
        problems = [
            *_unknown_paths(experiment, lab.loaded(Variant(BASELINE)), lab.loaded(whole)),
            *_unknown_inputs(experiment, lab.loaded(whole)),
            *_unknown_measures(experiment, lab.loaded(whole)),
        ]
        if problems:
            raise ScenarioError(problems)
        design = design_of(experiment.asked, lab.loaded)
        lab.worlds(design.variants)
    except ScenarioError as error:
        placed = dict.fromkeys(_placed(experiment, each) for each in error.problems)
        raise ScenarioError(placed) from None
    return design


def conduct(
    experiment: Experiment, design: Design, lab: Lab, replications: tuple[int, ...]
) -> Conducted:
    """Run every replication of every variant that the laboratory's store does not have.

    Raises
    ------
    OSError
        If the store cannot be written to; what it has stays there.
    WorkerDiedError
        If a worker was killed; what was done before is in the store.
    """
    return Conducted(experiment, design, lab.run(design.variants, replications))


def numbers(experiment: Experiment, lab: Lab) -> tuple[int, ...]:
    """Numbers of the replications of every variant."""
    said = experiment.replications
    last = lab.loaded(Variant(BASELINE)).model.run.replications if said is None else said
    return tuple(range(1, last + 1))


def _unknown_paths(experiment: Experiment, *scenarios: Loaded) -> Iterator[Problem]:
    """Paths to sweep that no variant has."""
    for path in experiment.asked.sweeps:
        wrong = [missing(loaded, path) for loaded in scenarios]
        if all(wrong):
            yield wrong[-1][0]


def _unknown_inputs(experiment: Experiment, loaded: Loaded) -> Iterator[Problem]:
    """Inputs to draw that are not uncertain."""
    if not experiment.asked.draws:
        return
    uncertain = loaded.model.uncertainty
    for path in experiment.asked.of or ():
        if path not in uncertain:
            yield _said(
                experiment,
                "draws.of",
                f"`{path}` is not uncertain",
                "",
                listed(uncertain),
                nearest_name(path, uncertain),
            )
    if not uncertain:
        yield _said(
            experiment, "draws", "nothing is uncertain", "", "paths in `uncertainty` of a scenario"
        )


def _unknown_measures(experiment: Experiment, loaded: Loaded) -> Iterator[Problem]:
    """Measures that there are not in the scenario with all options."""
    for section in ("measures", "headline"):
        for reference in getattr(experiment, section):
            for wrong in wrong_measure(loaded.model, reference, ()):
                yield _said(experiment, section, wrong.what, "", wrong.allowed, wrong.nearest)


def _said(
    experiment: Experiment, path: str, what: str, found: str, allowed: str, nearest: str = ""
) -> Problem:
    place = experiment.places.get(path, (experiment.file, 0))
    return Problem(*place, path, what, found, allowed, nearest)


def _placed(experiment: Experiment, problem: Problem) -> Problem:
    """A problem of a value laid over a scenario, where the experiment says that value."""
    if problem.file != OVERRIDES:
        return problem
    names = problem.path.split(".")
    for number in range(len(names), 0, -1):
        path = ".".join(names[:number])
        for where in (f"sweep.{path}", path):
            if where in experiment.places:
                file, line = experiment.places[where]
                return replace(problem, file=file, line=line, path=where)
    return replace(problem, file=experiment.file)
