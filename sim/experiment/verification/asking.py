"""Claims about what steps ask for, and about capacity that reacts to who waits."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from sim.engine.logs import Fate
from sim.experiment.verification import chains, theory
from sim.experiment.verification import estimators as of
from sim.experiment.verification.claims import PRECISION, Case, Claim


def as_staff_are_asked_for() -> tuple[Case, ...]:
    """The cases; times are in minutes unless a comment says otherwise."""
    return (*_reacting(), *_asking())


def mean_wait(
    exact: Callable[[], float],
    step: str = "serve",
    precision: float = PRECISION,
    where: dict[str, str] | None = None,
) -> Claim:
    """A claim about the mean wait at a step, of all or of those with some levels."""
    who = "".join(f", {attribute} {level}" for attribute, level in (where or {}).items())
    return Claim(f"mean wait at {step}{who} (min)", exact, of.mean_wait(step, where), precision)


def _asking() -> tuple[Case, ...]:
    """Several units at once, any of several, interruptions."""

    @cache
    def lost() -> tuple[float, float, float]:
        return chains.loss_of_two((1.5, 0.6, 0.8), 1.0, units=(4, 2), both=(2, 1))

    @cache
    def skills() -> tuple[float, float]:
        return chains.overlapping_skills(0.5, 0.9, 1.0)

    def in_system(urgent: bool) -> float:
        """The urgent are as if alone; all together they are a queue of one kind."""
        first, everybody = (theory.mmc_number(rate, 1.0, 3) for rate in (0.6, 2.4))
        return first if urgent else everybody - first

    def away(need: str) -> Claim:
        kinds = ("bed", "both", "nurse")
        return Claim(
            f"share turned away, {need}",
            lambda: lost()[kinds.index(need)],
            of.share_with_fate(need, Fate.BALKED),
        )

    return (
        Case("loss_of_two", (away("bed"), away("both"), away("nurse"))),
        Case(
            "overlapping_skills",
            (
                mean_wait(lambda: skills()[0], "doctor_only"),
                mean_wait(lambda: skills()[1], "anyone"),
            ),
        ),
        Case(
            "mm3_preemptive",
            (
                Claim("urgent present", lambda: in_system(True), of.number_at("urgent")),
                Claim("routine present", lambda: in_system(False), of.number_at("routine")),
            ),
        ),
    )


def _reacting() -> tuple[Case, ...]:
    @cache
    def exact() -> tuple[float, float]:
        return chains.surge(2.2, 1.0, units=(2, 4), opens=6, closes=1)

    return (
        Case(
            "surge",
            (
                mean_wait(lambda: exact()[0] / 2.2),
                Claim("servers there", lambda: exact()[1], of.units_there("server")),
            ),
        ),
    )
