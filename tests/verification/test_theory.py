"""The exact answers themselves: published figures, and one formula against another."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.verification import chains, theory


@pytest.mark.parametrize(
    ("exact", "published"),
    [
        (lambda: theory.mmc_wait(0.75, 1.0, 1), 3.0),
        (lambda: theory.mmc_wait(4.0, 1.0, 5), 0.554113),
        (lambda: theory.erlang_c(100, 92.0), 0.311615),
        (lambda: theory.mmc_wait(92.0, 1.0, 100), 0.038952),
        (lambda: theory.mg1_wait(0.8, 1.0, 0.0), 2.0),
        (lambda: theory.mg1_wait(0.8, 1.0, 0.5), 3.0),
        (lambda: theory.mg1_wait(0.8, 1.0, 4.0), 10.0),
        (lambda: chains.mmc_room(3.0, 1.0, 3, 5)[5], 0.204545),
        (lambda: chains.mean_waiting(chains.mmc_room(3.0, 1.0, 3, 5), 3), 0.613636),
        (lambda: theory.erlang_b(5, 3.0), 0.110054),
        (lambda: theory.priority_waits([0.2, 0.6], [1.0, 1.0], [2.0, 2.0])[1], 5.0),
    ],
)
def test_textbook_figures(exact, published) -> None:
    assert exact() == pytest.approx(published, rel=5e-6)


def test_jackson_network_of_three_nodes() -> None:
    numbers = theory.jackson_numbers(
        [5.0, 3.0, 0.0], [[0, 0.3, 0], [0, 0, 0.25], [0.1, 0, 0]], [1.0, 0.5, 5.0], [8, 4, 12]
    )
    assert numbers == pytest.approx([5.440, 2.589, 5.681], abs=5e-4)


def test_delay_at_a_stroke_unit_as_published() -> None:
    delays = [theory.occupancy_delay(beds, 8.355) for beds in (9, 10, 11, 14)]
    assert np.round(delays, 2).tolist() == [0.19, 0.14, 0.09, 0.02]


def test_delay_by_occupancy_is_erlangs_loss() -> None:
    assert theory.occupancy_delay(10, 8.355) == pytest.approx(theory.erlang_b(10, 8.355))


def test_priorities_preserve_the_mean_wait() -> None:
    """Kleinrock's conservation law: with one service time the classes' waits average to FIFO's."""
    high, low = theory.mmc_priority_waits([0.6, 1.8], 1.0, 3)
    assert 0.25 * high + 0.75 * low == pytest.approx(theory.mmc_wait(2.4, 1.0, 3))


def test_exponential_patience_by_formula_and_by_chain() -> None:
    leaving, wait = theory.impatient(1.2, 1.0, 1, theory.stays_exponential(2.0), 200.0)
    waiting = chains.mean_waiting(chains.mmc_impatient(1.2, 1.0, 1, 2.0), 1)
    assert wait == pytest.approx(waiting / 1.2, rel=1e-9)
    assert leaving == pytest.approx(waiting / 2.0 / 1.2, rel=1e-9)


def test_constant_service_by_one_server_is_pollaczek_and_khinchine() -> None:
    law = chains.constant_service(0.8, 1.0, 1)
    assert chains.mean_waiting(law, 1) / 0.8 == pytest.approx(2.0, rel=1e-9)


def test_an_instant_second_server_blocks_nobody() -> None:
    waiting, blocked = chains.tandem_blocking(0.4, 1.0, 1e-6)
    assert waiting == pytest.approx(0.4 * theory.mmc_wait(0.4, 1.0, 1), rel=1e-5)
    assert blocked == pytest.approx(0.0, abs=1e-9)


def test_blocking_limits_the_throughput_to_two_thirds() -> None:
    """Hunt (1956): as arrivals approach 2/3 the queue grows beyond all bounds, not before."""
    below = [chains.tandem_blocking(rate, 1.0, 1.0, room=600)[0] for rate in (0.6, 0.64)]
    doubled = chains.tandem_blocking(0.64, 1.0, 1.0, room=300)[0]
    assert below[1] == pytest.approx(doubled, rel=1e-4)  # settles: the room makes no difference
    beyond = [chains.tandem_blocking(0.69, 1.0, 1.0, room)[0] for room in (150, 300)]
    assert beyond[1] > 1.8 * beyond[0]


def test_shifts_of_equal_size_are_a_plain_queue() -> None:
    waiting, overtime = chains.shifts(1.6, 1.0, 2, 2, 12.0, 12.0)
    assert waiting == pytest.approx(1.6 * theory.mmc_wait(1.6, 1.0, 2), rel=1e-6)
    assert overtime == 0.0


def test_diverting_nobody_is_a_plain_queue() -> None:
    law = chains.diverted(0.75, 1.0, 1, 3, 1.0, room=400)
    assert chains.mean_waiting(law, 1) == pytest.approx(0.75 * 3.0)


def test_a_steady_profile_has_a_steady_occupancy() -> None:
    stays = theory.stays_lognormal(4.0, 4.0)
    assert theory.occupancy_at([20.0] * 24, stays, 3.3) == pytest.approx(80.0, rel=1e-6)


@pytest.mark.parametrize(
    "stays",
    [theory.stays_exponential(4.0), theory.stays_constant(4.0), theory.stays_lognormal(4.0, 4.0)],
)
def test_occupancy_over_a_day_averages_to_the_offered_load(stays) -> None:
    hourly = [20.0 * (1.0 + 0.8 * np.sin(2.0 * np.pi * hour / 24.0)) for hour in range(24)]
    grid = np.arange(0.0, 24.0, 0.1)
    mean = np.mean([theory.occupancy_at(hourly, stays, hour) for hour in grid])
    assert mean == pytest.approx(80.0, rel=1e-3)


def test_overflow_of_no_servers_is_poisson() -> None:
    assert theory.overflow_moments(0, 4.0) == pytest.approx((4.0, 4.0))


def test_chains_are_cut_where_nobody_is() -> None:
    assert chains.mmc_impatient(1.2, 1.0, 1, 2.0)[-1] < 1e-12
    assert chains.diverted(1.2, 1.0, 1, 3, 0.5)[-1] < 1e-12
    assert abs(chains.constant_service(2.4, 1.0, 3)[-1]) < 1e-12
    short, long = (chains.shifts(2.0, 1.0, 4, 1, 12.0, 12.0, room)[0] for room in (60, 80))
    assert short == pytest.approx(long, rel=2e-5)
