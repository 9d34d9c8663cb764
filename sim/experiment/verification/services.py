"""Claims about services as they are run: rounds, side tasks that are waited for, closing."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.logs import Fate
from sim.experiment.verification import chains
from sim.experiment.verification import estimators as of
from sim.experiment.verification.claims import Case, Claim
from sim.experiment.verification.estimators import Floats


def _in_clinic(minutes: Floats) -> Floats:
    """Units on duty in `closing`: 2 from 09:00 to 17:00."""
    hour = minutes % 1440.0 / 60.0
    return np.where((hour >= 9.0) & (hour < 17.0), 2.0, 0.0)


def as_services_are_run() -> tuple[Case, ...]:
    """The cases; times are in minutes unless a comment says otherwise."""
    clinic = chains.at_closing(5.0, 1.0 / 3.0, 2, 8.0)
    return (
        Case(
            "closing",
            (
                Claim(
                    "mean units in overtime",
                    lambda: clinic[0] / 3.0 / 24.0,
                    of.overtime("doctors", _in_clinic),
                ),
                Claim(
                    "share sent home",
                    lambda: clinic[1] / (5.0 * 24.0),
                    of.share_with_fate("see_nurse", Fate.RENEGED),
                ),
            ),
        ),
        Case(
            "appointments",  # slots of 15 min, 0.8 booked; Bertsekas and Gallager, section 3.5.2
            (
                Claim(
                    "mean wait for an appointment (min)",
                    lambda: 15.0 / (2.0 * (1.0 - 0.8)),
                    of.mean_wait("see"),
                ),
                Claim(
                    "share who do not come", lambda: 0.1, of.share_with_fate("see", Fate.RENEGED)
                ),
                Claim("mean units in use", lambda: 3.2 * 0.9 / 6.0, of.units_busy("hub")),
            ),
        ),
        Case(
            "ward_round",
            (
                # one an hour; the round is open from 10:00 to 11:00
                Claim("mean number ready", lambda: 23.0**2 / 2.0 / 24.0, of.number_at("ready")),
                Claim("mean number ready at 09:00", lambda: 22.0, of.present_at_hour("ready", 9.0)),
                Claim(
                    "mean number waiting until 14:00",
                    lambda: (23.0 * 4.0 + 1.0 * 3.5) / 24.0,
                    of.number_at("transport"),
                ),
            ),
        ),
        Case(
            "elapsed",
            (
                Claim("seen late a minute", lambda: 0.5 * math.exp(-1.0), of.rate_of("late")),
                Claim("seen early a minute", lambda: 0.5 * -math.expm1(-1.0), of.rate_of("early")),
            ),
        ),
        Case(
            "parallel_tests",  # the longer of two exponential times of half an hour
            (
                Claim(
                    "mean wait for both (min)",
                    lambda: 30.0 + 30.0 - 1.0 / (1.0 / 30.0 + 1.0 / 30.0),
                    of.mean_wait("both"),
                ),
                Claim("mean number who wait", lambda: 2.0 * 45.0 / 60.0, of.number_waiting("both")),
            ),
        ),
    )
