"""Which of the many measures a reader is shown first, in what order, under which heading.

Every measure is in the files; this is the page a commissioner turns to first. A pathway without
the standard tags (a queueing system, say) has few of these, so waits and utilisation of its own
steps and resources are shown for small scenarios.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

#: how a `Pick` names the things its measure is of: these, all there are, or all of a small model
Of = tuple[str, ...] | Literal["all", "all if few"]

#: most steps or resources that are listed one by one
FEW = 8


@dataclass(frozen=True, slots=True)
class Pick:
    """A measure to show; `of` says of which things, empty for the whole system.

    `title` replaces the measure's own; ``{}`` in it stands for the title of the thing.
    """

    measure: str
    of: Of = ("",)
    title: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the measures under it, in order."""

    title: str
    picks: tuple[Pick, ...]


#: what visits with a standard tag are called
TAG_TITLES = {
    "gp_contact": "GP contacts",
    "contact_111": "NHS 111 contacts",
    "ooh_contact": "GP out-of-hours contacts",
    "spa_call": "Calls to the single point of access",
    "call_999": "999 calls",
    "crew_on_scene": "Ambulance attendances on scene",
    "utc_attendance": "Urgent treatment centre attendances",
    "rapid_response": "Rapid response visits",
    "community_admission": "Admissions to community beds",
    "care_package": "Care packages started",
}


def _visits(*tags: str) -> tuple[Pick, ...]:
    return tuple(Pick("tagged_visits", (tag,), TAG_TITLES[tag]) for tag in tags)


HEADINGS = (
    Heading("Demand", (Pick("arrivals"), Pick("arrivals_per_1000"), Pick("absorbed"))),
    Heading(
        "Front door",
        (
            *_visits("gp_contact", "contact_111", "ooh_contact", "spa_call", "call_999"),
            *_visits("crew_on_scene", "rapid_response", "utc_attendance"),
            Pick("conveyances"),
            Pick("ae_attendances"),
            Pick("ae_attendances_per_1000"),
        ),
    ),
    Heading(
        "Hospital",
        (
            Pick("emergency_admissions"),
            Pick("emergency_admissions_per_1000"),
            Pick("acute_length_of_stay_mean"),
            Pick("acute_length_of_stay_median"),
            Pick("acute_length_of_stay_p90"),
            Pick("acute_stay_waiting"),
            Pick("acute_bed_days"),
            Pick("acute_occupancy_share"),
        ),
    ),
    Heading(
        "Community",
        (
            *_visits("community_admission"),
            Pick("community_length_of_stay_mean"),
            Pick("community_stay_waiting"),
            Pick("community_bed_days"),
            Pick("community_occupancy_share"),
            *_visits("care_package"),
        ),
    ),
    Heading(
        "Waits",
        (
            Pick("ae_within_4_hours"),
            Pick("ae_over_12_hours"),
            Pick("ae_time_mean"),
            Pick("ae_boarding_mean"),
            Pick("handover_mean"),
            Pick("handover_over_60_min"),
            Pick("interval_mean", "all", "{}: mean"),
            Pick("interval_within_target", "all", "{}: within target"),
            Pick("wait_mean", "all if few"),
            Pick("wait_p95", "all if few"),
            Pick("utilisation", "all if few"),
            Pick("reneged", "all if few"),
            Pick("balked", "all if few"),
        ),
    ),
    Heading(
        "Outcomes",
        (
            Pick("readmission_share"),
            Pick("deaths"),
            Pick("outcomes", "all", "Ended: {}"),
            Pick("unfinished"),
        ),
    ),
    Heading(
        "Cost",
        (
            Pick("cost_total"),
            Pick("cost_cash"),
            Pick("cost_capacity"),
            Pick("cost_per_person_year"),
        ),
    ),
    Heading("The scenario's own", (Pick("own_count", "all", "{}"),)),
)

#: the few measures by which options are set side by side
HEADLINES = Heading(
    "",
    (
        Pick("emergency_admissions"),
        Pick("ae_attendances"),
        Pick("conveyances"),
        Pick("acute_bed_days"),
        Pick("ae_within_4_hours"),
        Pick("cost_total"),
    ),
)
