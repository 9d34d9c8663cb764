"""Claims about services as they are run: rounds, side tasks that are waited for, closing."""

from __future__ import annotations

from sim.experiment.verification import estimators as of
from sim.experiment.verification.claims import Case, Claim


def as_services_are_run() -> tuple[Case, ...]:
    """The cases; times are in minutes unless a comment says otherwise."""
    return (
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
