"""Claims about reading the state of the world."""

from __future__ import annotations

from types import SimpleNamespace

from sim.engine.interpreted import interpreted
from sim.plan import lookup


def is_on(percent: int, capacity: int, in_use: int) -> bool:
    """Whether the signal of an occupancy written in per cent is on."""
    world = SimpleNamespace(
        signals=[SimpleNamespace(at_least=percent / 100, resource=0, levels=-1, is_queue=0)],
        standings=[SimpleNamespace(capacity=capacity, in_use=in_use, waiting=0)],
    )
    return bool(interpreted(lookup).signalled(world, 0, 0, 0))


def test_an_occupancy_of_exactly_its_limit_is_enough() -> None:
    """Also where the limit times the capacity is not a whole number in floating point."""
    for capacity in (1, 20, 25, 75, 100, 150, 340):
        for percent in range(1, 101):
            least = -(-percent * capacity // 100)
            assert is_on(percent, capacity, least), (percent, capacity)
            assert not is_on(percent, capacity, least - 1), (percent, capacity)
