"""References to measures: that there is such a measure, and such a thing for it to be of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from sim.scenario.language.model import Scenario
from sim.scenario.language.standard_measures import STANDARD_MEASURES, parts_of
from sim.scenario.language.tags import STANDARD_TAGS
from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.written.positions import Complaint

#: sections that hold the things measures are of
KINDS = ("pathway", "resources", "outcomes", "crises", "arrivals", "measures")


def wrong_measure(model: Scenario, reference: str, path: Path) -> Iterator[Complaint]:
    """What is wrong with a reference to a measure, if anything.

    Parameters
    ----------
    model
        The scenario whose steps, resources, ... it may be of.
    reference
        A measure, or one with what it is of after a stroke.
    path
        Where it stands.
    """
    measure, of = parts_of(reference)
    if measure not in STANDARD_MEASURES:
        yield Complaint(
            path,
            f"there is no measure `{measure}`",
            allowed="a measure of `urgentflow measures`",
            nearest=nearest_name(measure, STANDARD_MEASURES),
        )
        return
    kind = STANDARD_MEASURES[measure]
    if kind and not of:
        yield Complaint(
            path, f"`{measure}` is of each {kind}", allowed=f"`{measure}/NAME`, with which {kind}"
        )
    elif of and not kind:
        yield Complaint(path, f"`{measure}` is of the whole system", allowed=f"`{measure}`")
    elif of:
        names = things(model).get(kind)
        if names is not None and of not in names:
            yield Complaint(
                path,
                f"there is no {kind} `{of}`",
                allowed=listed(names),
                nearest=nearest_name(of, names),
            )


def things(model: Scenario) -> Mapping[str, Collection[str]]:
    """Names of the things that measures can be of, by kind."""
    tags = {tag for step in model.pathway.values() for tag in step.tags if isinstance(tag, str)}
    return {
        "step": tuple(model.pathway),
        "resource": tuple(model.resources),
        "outcome": tuple(model.outcomes),
        "crisis": tuple(model.demand),
        "measure": tuple(model.measures),
        "cost": tuple(model.costs),
        "tag": tuple(sorted({*tags, *STANDARD_TAGS})),
    }
