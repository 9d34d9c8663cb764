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

    `title` replaces the measure's own; ``{}`` in it stands for the title of the thing. `but`
    are things to leave out. What is not `drawn` stands in the tables only.
    """

    measure: str
    of: Of = ("",)
    title: str = ""
    but: tuple[str, ...] = ()
    drawn: bool = True


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading and the measures under it, in order."""

    title: str
    picks: tuple[Pick, ...]

    @property
    def drawn(self) -> Heading:
        """The heading with only those measures that are drawn."""
        return Heading(self.title, tuple(pick for pick in self.picks if pick.drawn))


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
    Heading(
        "Demand",
        (Pick("arrivals"), Pick("arrivals_per_1000", drawn=False), Pick("absorbed", drawn=False)),
    ),
    Heading(
        "Front door",
        (
            *_visits("gp_contact", "contact_111", "ooh_contact", "spa_call", "call_999"),
            *_visits("crew_on_scene", "rapid_response", "utc_attendance"),
            Pick("conveyances"),
            Pick("ae_attendances"),
            Pick("ae_attendances_per_1000", drawn=False),
        ),
    ),
    Heading(
        "Hospital",
        (
            Pick("emergency_admissions"),
            Pick("emergency_admissions_per_1000", drawn=False),
            Pick("acute_length_of_stay_mean", title="Stay in acute beds: mean"),
            Pick("acute_length_of_stay_median", title="Stay in acute beds: median", drawn=False),
            Pick("acute_length_of_stay_p90", title="Stay in acute beds: 90th centile", drawn=False),
            Pick("acute_stay_waiting", title="Stay in acute beds: part waiting, mean"),
            Pick("acute_bed_days"),
            Pick("acute_occupancy_share"),
        ),
    ),
    Heading(
        "Community",
        (
            *_visits("community_admission"),
            Pick("community_length_of_stay_mean", title="Stay in community beds: mean"),
            Pick(
                "community_stay_waiting",
                title="Stay in community beds: part waiting, mean",
                drawn=False,
            ),
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
            Pick("ae_boarding_mean", drawn=False),
            Pick("handover_mean"),
            Pick("handover_over_60_min", drawn=False),
            Pick("interval_mean", "all", "{}: mean", drawn=False),
            Pick("interval_within_target", "all", "{}: within target"),
            Pick("wait_mean", "all if few", "Mean wait: {}"),
            Pick("wait_p95", "all if few", "95th centile of the wait: {}"),
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
            # deaths stand above, with a direction
            Pick("outcomes", "all", "Ended: {}", but=("died",), drawn=False),
            Pick("unfinished", drawn=False),
        ),
    ),
    Heading(
        "Cost",
        (
            Pick("cost_total"),
            Pick("cost_cash"),
            Pick("cost_capacity"),
            Pick("cost_per_person_year", drawn=False),
        ),
    ),
    Heading("The scenario's own", (Pick("own_count", "all", "{}", drawn=False),)),
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

#: what is shown for each level of an attribute: those, and the waits of a small model
BREAKDOWN = Heading(
    "",
    (
        Pick("arrivals"),
        *HEADLINES.picks,
        Pick("wait_mean", "all if few", "Mean wait: {}"),
        Pick("reneged", "all if few"),
        Pick("balked", "all if few"),
    ),
)
