"""What a sceptic counts in one replication, straight from the logs."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from sim.engine.logs import Logs
from sim.plan.plan import Plan
from sim.scenario.language.model import Scenario

DAY = 1440.0

#: visits counted, by what they are called here and the tag they carry
TAGS = {
    "admissions": "emergency_admission",
    "elsewhere": "admitted_elsewhere",
    "unhelped": "unhelped",
    "came_back": "came_back",
    "late_beds": "bed_after_6_h",
    "planned": "planned_admission",
    "packages": "care_package",
}


def outcomes(plan: Plan, model: Scenario, logs: Logs) -> Mapping[str, float]:
    """Counts in the measured time, and `net`: admissions here and elsewhere, and the unhelped.

    `net` is what must not fall when a service is closed: who is not admitted here is admitted
    elsewhere or has left. `bed_days` are those of acute beds.
    """
    warm_up, horizon = model.run.warm_up, model.run.warm_up + model.run.duration
    visits, episodes, holds = logs.visits, logs.episodes, logs.holds
    measured = visits.started >= warm_up
    found: dict[str, float] = {}
    for name, tag in TAGS.items():
        steps = [plan.steps.index(n) for n, step in model.pathway.items() if tag in step.tags]
        found[name] = float((np.isin(visits.step, steps) & measured).sum())
    died = episodes.outcome == plan.outcomes.index("died")
    found["deaths"] = float((died & (episodes.ended >= warm_up)).sum())
    found["net"] = found["admissions"] + found["elsewhere"] + found["unhelped"]
    acute = [plan.resources.index(n) for n, r in model.resources.items() if r.bed == "acute"]
    rows = np.isin(holds.resource, acute)
    start = np.clip(holds.seized[rows], warm_up, horizon)
    end = np.clip(np.nan_to_num(holds.released[rows], nan=horizon), warm_up, horizon)
    found["bed_days"] = float((end - start).sum() / DAY)
    return found
