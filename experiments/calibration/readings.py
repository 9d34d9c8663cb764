"""What calibration needs of one replication beyond the standard measures.

`extra` runs where the logs were made; it returns plain numbers by name. Definitions follow the
evidence they are set beside (`targets.csv`), which is why they are here and not in `sim.measure`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.measure import build_context
from sim.measure.emergency import attendances
from sim.measure.joined_logs import Reading
from sim.measure.stays import stays_in
from sim.scenario.written.values import By

if TYPE_CHECKING:
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.scenario.language.model import Scenario

DAY = 1440.0
WEEK = 7 * DAY

AGES = {
    "0_17": ("0-4", "5-17"),
    "18_64": ("18-39", "40-64"),
    "65_74": ("65-74",),
    "75_84": ("75-84",),
    "85": ("85+",),
    "65": ("65-74", "75-84", "85+"),
}

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Mask = npt.NDArray[np.bool_]


def extra(plan: Plan, model: Scenario, logs: Logs) -> dict[str, float]:
    """Numbers of one replication, by the keys of ``targets.csv``."""
    reading = Reading(build_context(plan, model), logs)
    return {
        **_stays(reading),
        **_discharges(reading),
        **_long_stays(reading),
        "ae_dispersion": _dispersion(reading),
        **_ambulances(reading),
        **_when(reading),
        **_leaving(reading, (model.people.number or 0) / 100_000),
        **_through_ae(reading),
        **_time_in_ae(reading),
        "admission_severe_to_fit": _severe_to_fit(reading, model),
    }


def _level(reading: Reading, name: str) -> npt.NDArray[np.str_]:
    """The level of an attribute for each episode."""
    column = reading.context.attributes.index(name)
    names = np.array(reading.context.levels[column])
    return names[reading.logs.episodes.levels[:, column]]


def _stays(reading: Reading) -> dict[str, float]:
    """Zero-day share, and stays of at least one midnight, in days, by age."""
    stays = stays_in(reading, "acute")
    ended = reading.in_window(stays.end) & ~_is_planned(reading)[stays.episode]
    begin, end = stays.begin[ended], stays.end[ended]
    nights = np.floor(end / DAY) - np.floor(begin / DAY)
    days = (end - begin) / DAY
    age = _level(reading, "age")[stays.episode[ended]]
    found = {"zero_day": float((nights == 0).mean()), "stay_overnight": days[nights > 0].mean()}
    for name, levels in AGES.items():
        rows = np.isin(age, levels) & (nights > 0)
        found[f"stay_overnight_{name}"] = float(days[rows].mean())
    return found


def _is_planned(reading: Reading) -> Mask:
    """Which episodes are planned admissions."""
    crises = reading.context.crises
    return np.asarray(reading.logs.episodes.crisis == crises.index("planned"))


def _discharges(reading: Reading) -> dict[str, float]:
    """Discharges after at least one night: by weekday over the mean, and by the hour."""
    stays = stays_in(reading, "acute")
    nights = np.floor(stays.end / DAY) - np.floor(stays.begin / DAY)
    end = stays.end[reading.in_window(stays.end) & (nights > 0)]
    day = (np.floor(end / DAY).astype(np.int64) + reading.context.start.weekday()) % 7
    ratio = np.bincount(day, minlength=7) * 7 / len(end)
    hour = (end % DAY) / 60
    return {
        **{f"discharges_{name}": float(r) for name, r in zip(WEEKDAYS, ratio, strict=True)},
        "discharged_by_17": float((hour < 17).mean()),
        "discharged_at_night": float(((hour < 7) | (hour >= 23)).mean()),
    }


def _long_stays(reading: Reading) -> dict[str, float]:
    """Shares of occupied acute beds, at 08:00, held for more than 7 and 21 days."""
    stays = stays_in(reading, "acute")
    context = reading.context
    end = np.nan_to_num(stays.end, nan=np.inf, posinf=np.inf)
    first = np.ceil(context.warm_up / DAY) * DAY + 480.0
    moments = np.arange(first, context.horizon, DAY)
    held, week, three = 0, 0, 0
    for moment in moments:
        age = moment - stays.begin[(stays.begin <= moment) & (end > moment)]
        held += len(age)
        week += int((age > 7 * DAY).sum())
        three += int((age > 21 * DAY).sum())
    return {"beds_over_7_days": week / held, "beds_over_21_days": three / held}


def _dispersion(reading: Reading) -> float:
    """Variance over mean of daily attendances, about what weekday and four-week period explain."""
    visits = reading.logs.visits
    rows = reading.started_tagged("ae_attendance")
    day = np.floor((visits.queued[rows] - reading.context.warm_up) / DAY).astype(np.int64)
    days = int((reading.context.horizon - reading.context.warm_up) // DAY)
    count = np.bincount(day[(day >= 0) & (day < days)], minlength=days).astype(np.float64)
    weekday, period = np.arange(days) % 7, np.arange(days) // 28
    expected = np.full(days, count.mean())
    for _ in range(20):
        for group in (weekday, period):
            total = np.bincount(group, weights=count) / np.bincount(group, weights=expected)
            expected *= total[group]
    free = days - 6 - len(np.unique(period))
    return float(((count - expected) ** 2 / expected).sum() / free)


def _ambulances(reading: Reading) -> dict[str, float]:
    """Minutes from the request for a crew to its arrival, by acuity; reneged calls left out."""
    visits = reading.logs.visits
    step = reading.context.steps.index("crew")
    rows = np.flatnonzero((visits.step == step) & reading.in_window(visits.queued))
    rows = rows[~np.isnan(visits.started[rows]) & ~np.isnan(visits.ended[rows])]
    minutes = visits.ended[rows] - visits.queued[rows]
    acuity = _level(reading, "acuity")[visits.episode[rows]]
    return {f"response_{a}": float(minutes[acuity == a].mean()) for a in ("high", "critical")}


def _when(reading: Reading) -> dict[str, float]:
    """Share of a week's A&E and UTC arrivals on a Monday, of 111 calls at the weekend."""
    visits = reading.logs.visits
    weekday = reading.context.start.weekday()

    def day(rows: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
        return (np.floor(visits.queued[rows] / DAY).astype(np.int64) + weekday) % 7

    attended = np.concatenate(
        [reading.started_tagged("ae_attendance"), reading.started_tagged("utc_attendance")]
    )
    calls = day(reading.started_tagged("contact_111"))
    return {
        "monday_share": float((day(attended) == 0).mean()),
        "weekend_share_111": float((calls >= 5).mean()),
    }


def _leaving(reading: Reading, hundred_thousands: float) -> dict[str, float]:
    """Patients kept in an acute bed by a delay at any moment; ways of leaving, a day."""
    context, visits = reading.context, reading.logs.visits
    community = {"community_package", "community_package_still", "community_restart"}
    steps = [
        i
        for i, tags in enumerate(context.step_tags)
        if "delayed_discharge" in tags and context.steps[i] not in community
    ]
    rows = np.flatnonzero(np.isin(visits.step, steps))
    minutes = reading.minutes_in_window(visits.queued[rows], visits.ended[rows])
    span = context.horizon - context.warm_up

    def a_day(*names: str) -> float:
        codes = [context.steps.index(name) for name in names if name in context.steps]
        number = (np.isin(visits.step, codes) & reading.in_window(visits.queued)).sum()
        return float(number) / (span / DAY) / hundred_thousands

    return {
        "delayed": float(minutes.sum() / span / hundred_thousands),
        "packages": a_day("package"),
        "step_downs": a_day("step_down"),
        "care_homes": a_day("care_home_search"),
    }


def _through_ae(reading: Reading) -> dict[str, float]:
    """Admitted share of A&E attendances, and share of admissions that came through A&E."""
    context, visits = reading.context, reading.logs.visits
    waits = ("await_au", "await_surgical", "await_children")
    through = [context.steps.index(name) for name in waits]
    admitted = np.flatnonzero(np.isin(visits.step, through) & reading.in_window(visits.started))
    attended = reading.started_tagged("ae_attendance")
    admissions = reading.started_tagged("emergency_admission")
    old = np.isin(_level(reading, "age"), AGES["65"])

    def share(part: npt.NDArray[np.intp], whole: npt.NDArray[np.intp], of: Mask | None) -> float:
        if of is not None:
            part, whole = part[of[visits.episode[part]]], whole[of[visits.episode[whole]]]
        return len(part) / max(len(whole), 1)

    return {
        "ae_admitted": share(admitted, attended, None),
        "ae_admitted_65": share(admitted, attended, old),
        "ae_share_of_admissions": share(admitted, admissions, None),
    }


def _time_in_ae(reading: Reading) -> dict[str, float]:
    """Median minutes in the department, by age."""
    found = reading.once(attendances)
    departed = reading.in_window(found.departed)
    minutes = (found.departed - found.arrived)[departed]
    old = np.isin(_level(reading, "age")[found.episode[departed]], AGES["75_84"] + AGES["85"])
    return {
        "ae_median_75": float(np.median(minutes[old])),
        "ae_median_under_75": float(np.median(minutes[~old])),
    }


def _severe_to_fit(reading: Reading, model: Scenario) -> float:
    """Admissions a head of the severely frail at 65 or over, to those who are not frail."""
    rows = reading.started_tagged("emergency_admission")
    episode = reading.logs.visits.episode[rows]
    old = np.isin(_level(reading, "age")[episode], AGES["65"])
    frailty = _level(reading, "frailty")[episode]
    attributes = model.people.attributes
    ages, by_age = attributes["age"].shares, attributes["frailty"].shares
    assert not isinstance(ages, By) and isinstance(by_age, By)

    def a_head(level: str) -> float:
        people = 0.0
        for age in AGES["65"]:
            shares = by_age.cells[age]
            assert not isinstance(shares, By)
            people += ages[age] * shares[level]
        return float((old & (frailty == level)).sum()) / people

    return a_head("severe") / a_head("fit")
