"""Too many: crises no run could hold, copies that would change it, people too few to have them."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.analysis.arrivals import arrivals
from sim.scenario.analysis.averages import measured_days
from sim.scenario.analysis.flow import TooComplexError
from sim.scenario.analysis.offered_load import traffic
from sim.scenario.language.attributes import declared
from sim.scenario.language.model import Scenario
from sim.scenario.written.positions import Complaint
from sim.scenario.written.values import leaves


def floods(model: Scenario, most: int) -> Iterator[Complaint]:
    """A complaint for every crisis that would happen more than `most` times in the run.

    What is refused while reading (`sim.scenario.rules.field_rules`) is only what the lowest rate
    of a table comes to; this is the mean over the people there are.
    """
    minutes = model.run.warm_up + model.run.duration
    for each in arrivals(model, declared(model), measured_days(model)):
        expected = float(each.kinds.weight.sum()) * minutes
        if expected > most:
            yield Complaint(
                (_section(model, each.crisis), each.crisis, "rate"),
                "more crises than can be simulated",
                found=f"about {expected:.2g} in the run",
                allowed=f"at most {most:,}",
            )


def _section(model: Scenario, name: str) -> str:
    return "crises" if name in model.crises else "arrivals"


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


#: largest share of crises that may be absorbed in people who are only there to have them
MOST_ABSORBED = 0.01


def absorbing(model: Scenario) -> Iterator[Complaint]:
    """A complaint if many crises would be absorbed in a population invented for the purpose.

    Which is one whose crises are given for everybody together (`12 per hour`), so that the number
    of people only decides how often somebody is ill already. Somebody who is ill for T on average
    and falls ill at a rate r when well is ill for a share rT / (1 + rT) of the time, and that is
    the share absorbed; waiting, which makes it larger, is left out.
    """
    together = any(
        rate.of == "population" for crisis in model.crises.values() for rate in leaves(crisis.rate)
    )
    if not together:
        return
    try:
        coming = traffic(model, declared(model))
    except TooComplexError:
        return
    of_crises = sum(coming.episodes[name] for name in model.crises)
    ill = coming.minutes * of_crises / max(sum(coming.episodes.values()), 1e-300)
    share = ill / (ill + model.people.registered)
    if share > MOST_ABSORBED:
        field = "number" if model.people.strata is None else "strata"
        yield Complaint(
            ("people", field),
            "many crises will fall due to somebody who has one already, and be absorbed",
            found=f"about {share:.1%} of them, or more if there are waits",
            allowed="`arrivals` in place of crises whose rate is everybody's: each is a new person",
        )


def expected_episodes(model: Scenario) -> float:
    """Mean number of episodes in a run, warm-up included; cases and absorption left out."""
    a_minute = sum(
        float(each.kinds.weight.sum())
        for each in arrivals(model, declared(model), measured_days(model))
    )
    return a_minute * (model.run.warm_up + model.run.duration)


def room_for_copies(model: Scenario) -> int:
    """How many copies there may be so that the run is hardly changed by them; at least one."""
    return max(1, int(MOST * expected_episodes(model)))
