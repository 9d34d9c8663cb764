"""An experiment run until it is enough: replications are added where rules ask for more."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sim.experiment.answers.enough import Enough, Rule, until_enough
from sim.experiment.answers.means import Floats
from sim.experiment.conduct import Conducted, conduct
from sim.experiment.designs.design import Design
from sim.experiment.findings.paired import paired
from sim.experiment.language.experiment import Experiment
from sim.experiment.tasks.lab import Lab
from sim.experiment.tasks.task import Reference


class NothingToJudgeError(ValueError):
    """A rule is about a measure that too few replications have in every variant."""

    def __init__(self, measure: Reference, number: int) -> None:
        super().__init__(
            f"{measure} has a value in every variant in fewer than 2 of {number} replications"
        )


def conduct_until(
    experiment: Experiment,
    design: Design,
    lab: Lab,
    rules: Mapping[Reference, Rule],
    most: int,
    note: Callable[[int], None],
) -> tuple[Conducted, Enough]:
    """Run replications of every variant until every rule is content, or `most` are done.

    Parameters
    ----------
    experiment, design, lab
        As for `conduct`; what is done is not done again, so the laboratory keeps it.
    rules
        By the measure that each is about.
    most
        The budget.
    note
        Told how many replications are run next.

    Raises
    ------
    NothingToJudgeError
        If there is no number to judge by.
    """
    last: list[Conducted] = []

    def measured(number: int) -> list[Floats]:
        note(number)
        last[:] = [conduct(experiment, design, lab, tuple(range(1, number + 1)))]
        outcomes = last[0].runs.outcomes
        tables = [paired(outcomes, measure).values for measure in rules]
        for measure, table in zip(rules, tables, strict=True):
            if table.shape[1] < 2:
                raise NothingToJudgeError(measure, number)
        return tables

    enough = until_enough(measured, list(rules.values()), most)
    return last[0], enough
