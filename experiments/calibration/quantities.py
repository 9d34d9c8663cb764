"""The numbers of the calibration table: standard measures of an arm, and what `readings` kept.

Every number is an array with one value per replication, under its key in ``targets.csv``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from readings import AGES, DAY

from sim.experiment.results import Results

Floats = npt.NDArray[np.float64]
Numbers = Mapping[str, Floats]


def numbers(results: Results) -> Numbers:
    """Every number of the table, one value per replication."""
    frame = results.measures
    read = Reader(frame, results)
    own = {key: np.array([d[key] for d in results.digests]) for key in results.digests[0]}
    found = {**own, **_demand(read), **_flow(read), **_beds(read, results)}
    return found


@dataclass(frozen=True)
class Reader:
    """Standard measures of one arm, one value per replication."""

    frame: pd.DataFrame
    results: Results

    def value(self, measure: str, of: str = "", by: str = "", level: str = "") -> Floats:
        """A number of every replication, in order."""
        f = self.frame
        rows = f[(f.measure == measure) & (f.of == of) & (f.by == by) & (f.level == level)]
        if rows.empty:
            raise KeyError(f"no measure {measure} of {of!r} by {by!r} {level!r}")
        return rows.sort_values("replication").value.to_numpy(dtype=np.float64)

    @property
    def per_1000(self) -> float:
        """What turns a count into a yearly rate per 1,000 people."""
        model = self.results.scenario.model
        return 365 * DAY / model.run.duration / (model.people.number or 1) * 1000

    def rate(self, tag: str) -> Floats:
        """Visits with a tag, per 1,000 people a year."""
        return self.value("tagged_visits", tag) * self.per_1000

    def by_age(self, measure: str, levels: Iterable[str]) -> Floats:
        """A count at some ages, per 1,000 people of these ages a year."""
        levels = list(levels)
        share = sum(self.share_at(level) for level in levels)
        total = sum(self.value(measure, by="age", level=level) for level in levels)
        return np.asarray(total * self.per_1000 / share)

    def share_at(self, age: str) -> float:
        shares = self.results.scenario.tree["people"]["attributes"]["age"]["shares"]
        return float(shares[age])


def _demand(read: Reader) -> Numbers:
    admissions = read.value("emergency_admissions_per_1000")
    attendances = read.value("ae_attendances_per_1000")
    falls = read.value("emergency_admissions", by="crisis", level="fall") * read.per_1000
    by_age = {
        f"admissions_{name}": read.by_age("emergency_admissions", levels)
        for name, levels in AGES.items()
    }
    old = sum(read.share_at(age) for age in AGES["65"])
    return {
        **by_age,
        "admissions": admissions,
        "fall_admissions_65": falls / old,
        "ae_attendances": attendances,
        "utc_attendances": read.rate("utc_attendance"),
        "all_types": attendances + read.rate("utc_attendance"),
        "calls_111": read.rate("contact_111"),
        "ooh_contacts": read.rate("ooh_contact"),
        "gp_contacts": read.rate("gp_contact"),
        "rapid_response": read.rate("rapid_response"),
    }


def _flow(read: Reader) -> Numbers:
    scenes, advised = read.rate("crew_on_scene"), read.rate("hear_and_treat")
    incidents = scenes + advised
    gave_up = read.value("reneged", "nhs_111") * read.per_1000
    attended = read.value("ae_attendances")
    unseen = read.value("reneged", "ae_majors") + read.value("reneged", "ae_minors")
    return {
        "incidents": incidents,
        "conveyed_share": read.rate("conveyance") / incidents,
        "hear_and_treat_share": advised / incidents,
        "see_and_treat_share": 1 - (read.rate("conveyance") + advised) / incidents,
        "handover_over_30": read.value("handover_over_30_min"),
        "handover_over_60": read.value("handover_over_60_min"),
        "four_hours": read.value("ae_within_4_hours"),
        "twelve_hours": read.value("ae_over_12_hours"),
        "left_unseen": unseen / attended,
        "abandoned_111": gave_up / (read.rate("contact_111") + gave_up),
    }


def _beds(read: Reader, results: Results) -> Numbers:
    resources = results.scenario.model.resources
    thousands = (results.scenario.model.people.number or 1) / 1000
    count = {
        kind: sum(r.capacity for r in resources.values() if r.bed == kind)
        for kind in ("acute", "community")
    }
    same = np.ones(len(results.replications))
    return {
        "occupancy": read.value("acute_occupancy_share"),
        "beds_per_1000": same * count["acute"] / thousands,
        "bed_days": read.value("acute_bed_days") * read.per_1000,
        "stay": read.value("acute_length_of_stay_mean"),
        "readmission": read.value("readmission_share"),
        "delay_mean": read.value("acute_stay_waiting"),
        "community_occupancy": read.value("community_occupancy_share"),
        "community_beds": same * count["community"] / thousands * 100,
        "community_stay": read.value("community_length_of_stay_mean"),
    }
