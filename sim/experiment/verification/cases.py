"""Which number of which scenario is compared with which formula.

Every case is a scenario file in ``scenarios/verification`` and a list of claims about it. The
rates and times in the formulas are written out here, apart from those in the scenario, so that a
slip in either shows. Times are in minutes unless a comment says otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np

from sim.engine.logs import Fate
from sim.experiment.verification import chains, theory
from sim.experiment.verification import estimators as of
from sim.experiment.verification.asking import as_staff_are_asked_for, mean_wait
from sim.experiment.verification.claims import PRECISION_WHEN_BUSY, Case, Claim
from sim.experiment.verification.estimators import Floats
from sim.experiment.verification.services import as_services_are_run


def all_cases() -> tuple[Case, ...]:
    """Every case, in the order in which `urgentflow verify` shows them."""
    return (
        *_waiting_lines(),
        *_priorities(),
        *as_staff_are_asked_for(),
        *_losses(),
        *_impatience(),
        *_networks(),
        *_unlimited(),
        *_over_time(),
        *_people(),
        *as_services_are_run(),
    )


def _waiting_lines() -> tuple[Case, ...]:
    busy = PRECISION_WHEN_BUSY
    return (
        Case("mm1", (mean_wait(lambda: theory.mmc_wait(0.75, 1.0, 1)),)),
        Case(
            "open_arrivals",
            (
                mean_wait(lambda: theory.mmc_wait(0.5, 5.0, 3)),
                Claim(
                    "arrivals a day of a known week",
                    lambda: (5 * (23 / 3 * 6 + 49 / 3) + 2 * 24) / 7,
                    of.crises_per_day("weekly"),
                ),
            ),
        ),
        Case("mm5", (mean_wait(lambda: theory.mmc_wait(4.0, 1.0, 5)),)),
        Case(
            "mm100",
            (
                Claim(
                    "probability of waiting",
                    lambda: theory.erlang_c(100, 92.0),
                    of.share_waiting("serve"),
                    busy,
                ),
                mean_wait(lambda: theory.mmc_wait(92.0, 1.0, 100), precision=busy),
            ),
            long=True,
        ),
        Case("mg1_constant", (mean_wait(lambda: theory.mg1_wait(0.8, 1.0, 0.0)),)),
        Case("mg1_erlang", (mean_wait(lambda: theory.mg1_wait(0.8, 1.0, 0.5)),)),
        Case("mg1_lognormal", (mean_wait(lambda: theory.mg1_wait(0.8, 1.0, 4.0)),), long=True),
        Case(
            "md3",
            (
                mean_wait(
                    lambda: chains.mean_waiting(chains.constant_service(2.4, 1.0, 3), 3) / 2.4
                ),
            ),
        ),
        Case(
            "turnaround",
            (
                mean_wait(lambda: theory.mg1_wait(0.5, 1.5, 1.0)),
                Claim("units busy, turnaround included", lambda: 0.75, of.units_busy("server")),
            ),
        ),
        Case(
            "feedback",
            (
                Claim(
                    "mean number present",
                    lambda: theory.mmc_number(0.45 / (1.0 - 0.4), 1.0, 1),
                    of.number_at("serve"),
                ),
                Claim("visits a minute", lambda: 0.45 / (1.0 - 0.4), of.rate_of("serve")),
            ),
        ),
    )


def _priorities() -> tuple[Case, ...]:
    def mixed() -> tuple[list[float], list[float], list[float]]:
        """Arrivals, mean and second moment of service of the three classes of `mg1_priority`."""
        return [0.2, 0.2, 0.4], [0.5, 1.0, 1.1], [0.5**2, 2.0, 2.2**2 / 3.0]

    def fifo() -> float:
        arrivals, means, squares = (np.array(column) for column in mixed())
        mean, square = arrivals @ means / 0.8, arrivals @ squares / 0.8
        return theory.mg1_wait(0.8, float(mean), float(square - mean**2))

    levels = ("high", "middle", "low")
    return (
        Case("priority", _by_urgency(lambda: theory.mmc_priority_waits([0.2, 0.6], 1.0, 1))),
        Case("mm3_priority", _by_urgency(lambda: theory.mmc_priority_waits([0.6, 1.8], 1.0, 3))),
        Case("mg1_priority", _by_urgency(lambda: theory.priority_waits(*mixed()), levels)),
        Case("mg1_fifo", tuple(mean_wait(fifo, where={"urgency": level}) for level in levels)),
    )


def _by_urgency(
    waits: Callable[[], list[float]], levels: tuple[str, ...] = ("high", "low")
) -> tuple[Claim, ...]:
    """One claim for each class of priority."""

    def wait_of(number: int) -> Callable[[], float]:
        return lambda: waits()[number]

    return tuple(
        mean_wait(wait_of(number), where={"urgency": level}) for number, level in enumerate(levels)
    )


def _losses() -> tuple[Case, ...]:
    def blocked(exact: Callable[[], float]) -> Claim:
        return Claim("share turned away", exact, of.share_with_fate("serve", Fate.BALKED))

    def room5() -> Floats:
        return chains.mmc_room(3.0, 1.0, 3, 5)

    return (
        Case(
            "mm3_room5",
            (
                blocked(lambda: float(room5()[5])),
                Claim(
                    "mean number waiting",
                    lambda: chains.mean_waiting(room5(), 3),
                    of.number_waiting("serve"),
                ),
            ),
        ),
        Case("erlang_b", (blocked(lambda: theory.erlang_b(5, 3.0)),)),
        Case("erlang_b_lognormal", (blocked(lambda: theory.erlang_b(5, 3.0)),)),
        Case(
            "overflow",
            (
                Claim(
                    "mean number overflown",
                    lambda: theory.overflow_moments(5, 4.0)[0],
                    of.number_at("spill"),
                ),
                Claim(
                    "variance of that number",
                    lambda: theory.overflow_moments(5, 4.0)[1],
                    of.occupancy_variance(step="spill"),
                ),
            ),
        ),
    )


def _impatience() -> tuple[Case, ...]:
    reneged = of.share_with_fate("serve", Fate.RENEGED)

    def erlang_a() -> float:
        return chains.mean_waiting(chains.mmc_impatient(1.2, 1.0, 1, 2.0), 1)

    def constant() -> tuple[float, float]:
        return theory.impatient(2.7, 1.0, 3, theory.stays_constant(1.0), 60.0)

    diverted = chains.diverted(1.2, 1.0, 1, 3, 0.5)
    return (
        Case(
            "erlang_a",
            (
                Claim("share leaving", lambda: erlang_a() / 2.0 / 1.2, reneged),
                Claim("mean number waiting", erlang_a, of.number_waiting("serve")),
            ),
        ),
        Case(
            "constant_patience",
            (
                Claim("share leaving", lambda: constant()[0], reneged),
                Claim(
                    "mean number waiting",
                    lambda: 2.7 * constant()[1],
                    of.number_waiting("serve"),
                ),
            ),
        ),
        Case(
            "diversion",
            (
                Claim(
                    "mean number waiting",
                    lambda: chains.mean_waiting(diverted, 1),
                    of.number_waiting("serve"),
                ),
                Claim(
                    "joining a minute",
                    lambda: 1.2 * (1.0 - 0.5 * float(diverted[4:].sum())),
                    of.rate_of("serve"),
                ),
            ),
        ),
    )


def _networks() -> tuple[Case, ...]:
    nodes = ("gp_visit", "ae_visit", "ward_stay")

    def jackson(node: int) -> Callable[[], float]:
        return lambda: theory.jackson_numbers(
            external=[5.0, 3.0, 0.0],
            routing=[[0.0, 0.3, 0.0], [0.0, 0.0, 0.25], [0.1, 0.0, 0.0]],
            services=[1.0, 0.5, 5.0],
            servers=[8, 4, 12],
        )[node]

    return (
        Case(
            "jackson",
            tuple(
                Claim(f"mean number at {node}", jackson(number), of.number_at(node))
                for number, node in enumerate(nodes)
            ),
        ),
        Case(
            "tandem_blocking",
            (
                Claim(
                    "mean number waiting before the first",
                    lambda: chains.tandem_blocking(0.4, 1.0, 1.0)[0],
                    of.number_waiting("first"),
                ),
                Claim(
                    "mean time blocked (min)",
                    lambda: chains.tandem_blocking(0.4, 1.0, 1.0)[1],
                    of.mean_wait("second"),
                ),
            ),
        ),
        Case(
            "side_task",
            (
                mean_wait(lambda: theory.mmc_wait(0.6, 1.0, 1)),
                mean_wait(lambda: theory.mmc_wait(0.6, 1.0, 1), "letter"),
            ),
        ),
    )


def _unlimited() -> tuple[Case, ...]:
    shapes = (
        *("constant", "exponential", "uniform", "triangular"),
        *("lognormal", "gamma", "weibull", "empirical"),
    )
    load = (0.87 * 7.4 + 0.13 * 4.6) / 1.2 + 1.8 / 9.3 + 4.0 / 3.6 + 3.8 / 3.2  # beds
    return (
        Case(
            "mg_infinity",
            tuple(
                claim
                for shape in shapes
                for claim in (
                    Claim(f"mean number, {shape} stays", lambda: 8.0, of.number_at(shape)),
                    Claim(
                        f"P(N <= 8), {shape} stays",
                        lambda: theory.poisson_at_most(8, 8.0),
                        of.occupancy_at_most(8, step=shape),
                    ),
                )
            ),
        ),
        Case(
            "acute_stroke_unit",
            tuple(
                Claim(
                    f"P(delay) with {beds} beds",
                    lambda beds=beds: theory.occupancy_delay(beds, load),  # type: ignore[misc]
                    of.occupancy_ratio(beds, resource="stroke_beds"),
                )
                for beds in (9, 10, 11)
            ),
        ),
    )


def _over_time() -> tuple[Case, ...]:
    hourly = [
        20.0 * factor
        for factor in (
            *(0.3072, 0.2273, 0.2, 0.2273, 0.3072, 0.4343, 0.6, 0.7929, 1.0, 1.2071, 1.4, 1.5657),
            *(1.6928, 1.7727, 1.8, 1.7727, 1.6928, 1.5657, 1.4, 1.2071, 1.0, 0.7929, 0.6, 0.4343),
        )
    ]
    shapes = {
        "constant": theory.stays_constant(4.0),  # hours
        "lognormal": theory.stays_lognormal(4.0, 4.0),
    }

    def present(shape: str, hour: float) -> Callable[[], float]:
        return lambda: theory.occupancy_at(hourly, shapes[shape], hour)

    @cache
    def night_and_day() -> tuple[float, float]:
        return chains.shifts(2.0, 1.0, 4, 1, 12.0, 12.0)  # per hour, hours

    return (
        Case(
            "mt_g_infinity",
            tuple(
                Claim(
                    f"mean number at {int(hour):02d}:{int(hour % 1 * 60):02d}, {shape} stays",
                    present(shape, hour),
                    of.present_at_hour(shape, hour),
                )
                for shape in shapes
                for hour in (0.0, 4.0, 9.5, 14.0, 20.25)
            ),
        ),
        Case(
            "shifts",
            (
                Claim(
                    "mean number waiting", lambda: night_and_day()[0], of.number_waiting("serve")
                ),
                Claim(
                    "mean units in overtime",
                    lambda: night_and_day()[1],
                    of.overtime("server", _on_duty),
                ),
            ),
        ),
        Case(
            "bursty",
            (
                Claim("mean crises a day", lambda: 20.0, of.crises_per_day("need")),
                Claim(
                    "variance of crises a day",
                    lambda: 20.0 + 0.5**2 * 20.0**2,
                    of.variance_of_days("need"),
                ),
            ),
        ),
        Case(
            "programme",
            (
                Claim(
                    "crises a day with growth",
                    lambda: 20.0 * (1.1**2 - 1.0) / (2.0 * math.log(1.1)),
                    of.crises_per_day("grown"),
                ),
                Claim(
                    "crises a day with the programme",
                    lambda: 20.0 * (1.0 - 0.5 * (0.3 + 0.6) / 2.0),
                    of.crises_per_day("prevented"),
                ),
            ),
        ),
    )


def _on_duty(minutes: Floats) -> Floats:
    """Units on duty in `shifts`: 4 from 08:00 to 20:00, else 1."""
    hour = minutes % 1440.0 / 60.0
    return np.where((hour >= 8.0) & (hour < 20.0), 4.0, 1.0)


def _people() -> tuple[Case, ...]:
    def repair() -> Floats:
        return chains.finite_source(12, 0.1, 2.0, 3)  # per day, days

    strata = {  # people, crises a year of each
        "young_fit": (20, 1.0),
        "young_frail": (12, 1.0 * 2.5),
        "old_fit": (10, 3.0 * 0.6),
        "old_frail": (8, 3.0 * 0.6 * 2.5),
    }

    def ill(step: str) -> Callable[[], float]:
        people, rate = strata[step]
        return lambda: theory.alternating(people, rate / 365.0, 40.0)[0]

    return (
        Case(
            "finite_source",
            (
                Claim(
                    "mean number ill",
                    lambda: float(np.arange(13) @ repair()),
                    of.number_at("stay"),
                ),
                Claim(
                    "mean number waiting",
                    lambda: chains.mean_waiting(repair(), 3),
                    of.number_waiting("stay"),
                ),
            ),
        ),
        Case(
            "relative_rates",
            tuple(
                Claim(f"mean number ill, {step}", ill(step), of.number_at(step)) for step in strata
            ),
        ),
    )
