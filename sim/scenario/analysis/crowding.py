"""Too many: crises that no run could hold, and copies that would change the run."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.analysis.arrivals import arrivals
from sim.scenario.analysis.averages import measured_days
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.written.positions import Complaint


def floods(model: Scenario, most: int) -> Iterator[Complaint]:
    """A complaint for every crisis that would happen more than `most` times in the run.

    What is refused while reading (`sim.scenario.rules.field_rules`) is only what the lowest rate
    of a table comes to; this is the mean over the people there are.
    """
    minutes = model.run.warm_up + model.run.duration
    for each in arrivals(model, declared(model), measured_days(model.run)):
        expected = float(each.kinds.weight.sum()) * minutes
        if expected > most:
            yield Complaint(
                ("crises", each.crisis, "rate"),
                "more crises than can be simulated",
                found=f"about {expected:.2g} in the run",
                allowed=f"at most {most:,}",
            )


#: largest share of all episodes that copies may be and hardly be noticed by anybody else
MOST = 0.01


def crowding(model: Scenario) -> Iterator[Complaint]:
    """A complaint if copies are more than a hundredth of the episodes of the run.

    Episodes are the mean arrivals of the measured time, over the whole run. Cases of which there
    is one are somebody the scenario wants to come, and are not counted.
    """
    copies = {name: case.copies for name, case in model.cases.items() if case.copies > 1}
    if not copies:
        return
    episodes = expected_episodes(model)
    number = sum(copies.values())
    if number > MOST * episodes:
        yield Complaint(
            ("cases", max(copies, key=lambda name: copies[name]), "copies"),
            "so many copies take capacity from everybody else, and change the run they are put in",
            found=f"{number:,} copies, where about {episodes:,.0f} episodes are expected",
            allowed=f"up to 1 % of the episodes: {max(1, int(MOST * episodes)):,}; more "
            "`replications` tell of more journeys",
        )


def expected_episodes(model: Scenario) -> float:
    """Mean number of episodes in a run, warm-up included; cases and absorption left out."""
    a_minute = sum(
        float(each.kinds.weight.sum())
        for each in arrivals(model, declared(model), measured_days(model.run))
    )
    return a_minute * (model.run.warm_up + model.run.duration)


def room_for_copies(model: Scenario) -> int:
    """How many copies there may be so that the run is hardly changed by them; at least one."""
    return max(1, int(MOST * expected_episodes(model)))
