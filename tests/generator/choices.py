"""Where the inventor's decisions come from: hypothesis, which shrinks them, or a number."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

T = TypeVar("T")


class Choices(ABC):
    """A source of decisions; the lowest whole number and the first item are the simplest."""

    @abstractmethod
    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""

    def chance(self, percent: int) -> bool:
        """Return True about `percent` times in 100; False is simpler."""
        return self.whole(0, 99) >= 100 - percent

    def one_of(self, items: Sequence[T]) -> T:
        """Return one item; the first is the simplest."""
        return items[self.whole(0, len(items) - 1)]

    def some_of(self, items: Sequence[T], percent: int = 50) -> list[T]:
        """Return each item with the same chance, in their order."""
        return [item for item in items if self.chance(percent)]


class FromHypothesis(Choices):
    """Decisions drawn by hypothesis."""

    def __init__(self, draw: Callable[[Any], Any]) -> None:
        from hypothesis import strategies

        self._draw = draw
        self._integers = strategies.integers

    def whole(self, low: int, high: int) -> int:
        return int(self._draw(self._integers(low, high)))


class FromNumber(Choices):
    """Decisions that follow from a number."""

    def __init__(self, number: int) -> None:
        self._random = random.Random(number)

    def whole(self, low: int, high: int) -> int:
        return self._random.randint(low, high)
