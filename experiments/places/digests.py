"""What pages of places need of one replication beyond the standard measures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.engine.logs import Fate

if TYPE_CHECKING:
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.scenario.language.model import Scenario

WEEK = 7 * 1440.0

#: tags of contacts with patients in a hospital, and of those outside
IN_HOSPITAL = {"ae_attendance", "emergency_admission", "planned_admission", "outpatient_review"}
OUTSIDE = {
    "gp_contact",
    "contact_111",
    "ooh_contact",
    "utc_attendance",
    "walk_in_attendance",
    "hear_and_treat",
    "see_and_treat",
    "conveyance",
    "rapid_response",
    "rapid_response_visit",
    "community_assessment",
    "community_admission",
    "community_review",
    "ltc_contact",
    "care_package",
}


def kept(plan: Plan, model: Scenario, logs: Logs) -> dict[str, float]:
    """Numbers of one replication by name: hours offered, and who came to a closed door."""
    found = {
        f"hours_a_week/{name}": hours_a_week(plan, name, model.run.warm_up)
        for name in model.resources
    }
    for name, step in model.pathway.items():
        resource = next(iter(step.asked), None)
        per = None if resource is None else model.resources[resource].per
        if step.balk_to is not None and per is not None and not step.book:
            found[f"closed_share/{name}"] = _closed(plan, model, logs, name, str(resource), per)
    found["deaths_in_hospital"] = _deaths_in_hospital(plan, model, logs)
    found["outside_hospital_share"] = outside_share(plan, model, logs)
    return found


def outside_share(plan: Plan, model: Scenario, logs: Logs) -> float:
    """Share of contacts that started in the measured time which were not in a hospital."""
    visits = logs.visits
    started = visits.step[visits.started >= model.run.warm_up]
    counts = np.bincount(started, minlength=len(plan.steps))
    inside, outside = (
        sum(
            int(counts[plan.steps.index(name)])
            for name, step in model.pathway.items()
            if tags.intersection(step.tags)
        )
        for tags in (IN_HOSPITAL, OUTSIDE)
    )
    return outside / (inside + outside) if inside + outside else float("nan")


def _deaths_in_hospital(plan: Plan, model: Scenario, logs: Logs) -> float:
    """Number who died while they held an acute or community bed, or a cubicle of A&E."""
    beds = [name for name, resource in model.resources.items() if resource.bed is not None]
    wanted = {*beds, "cubicles", "corridor"}
    codes = [k for k, name in enumerate(plan.resources) if name.partition("[")[0] in wanted]
    episodes, holds = logs.episodes, logs.holds
    died = episodes.outcome == plan.outcomes.index("died")
    died &= episodes.ended >= model.run.warm_up
    last = np.isin(holds.resource, codes) & (holds.released >= episodes.ended[holds.episode])
    return float(died[np.unique(holds.episode[last])].sum())


def hours_a_week(plan: Plan, resource: str, start: float) -> float:
    """Hours of units of a resource, all its pools together, in the week from `start` (minutes)."""
    minutes = 0.0
    for pool, name in enumerate(plan.resources):
        if name.partition("[")[0] == resource:
            times, units = plan.capacity_times[pool], plan.capacity_values[pool]
            ends = np.append(times[1:], np.inf)
            spans = np.clip(ends, start, start + WEEK) - np.clip(times, start, start + WEEK)
            minutes += float((spans * units).sum())
    return minutes / 60


def _closed(plan: Plan, model: Scenario, logs: Logs, step: str, resource: str, per: str) -> float:
    """Share of those turned away at a step whose pool had no capacity at all at that moment."""
    visits = logs.visits
    away = (visits.step == plan.steps.index(step)) & (visits.fate == Fate.BALKED)
    rows = np.flatnonzero(away & (visits.queued >= model.run.warm_up))
    column = plan.attributes.index(per)
    level = logs.episodes.levels[visits.episode[rows], column]
    closed = 0
    for code, name in enumerate(plan.levels[column]):
        pool = plan.resources.index(f"{resource}[{name}]")
        at = visits.queued[rows[level == code]]
        when = np.searchsorted(plan.capacity_times[pool], at, side="right") - 1
        closed += int((plan.capacity_values[pool][when] == 0).sum())
    return closed / len(rows) if len(rows) else float("nan")
