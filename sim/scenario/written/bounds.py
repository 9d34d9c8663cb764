"""What may be said with any distribution: `times`, `plus`, `at_least` and `at_most`.

The value drawn is first multiplied, then moved; the bounds are those of what comes out. They
truncate: what would lie outside is spread over what is left, in proportion, and does not pile up
at the bound.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sim.scenario.written import quantities
from sim.scenario.written.moments import between
from sim.scenario.written.positions import RefusedError, Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Distribution, Shaping

#: Reads one parameter that has the dimension of the value drawn.
Quantity = Callable[[object, Spot], float]

WORDS: Final = ("times", "plus", "at_least", "at_most")

#: Least probability that bounds may leave: with less, a slip is likelier than a purpose.
LEAST_LEFT: Final = 1e-6


def shaped(
    distribution: Distribution,
    words: Mapping[str, object],
    at: Spot,
    quantity: Quantity,
) -> Distribution:
    """The distribution with what the words say, if they leave something of it."""
    factor = quantities.number_between(0.001, 1000)
    readers: dict[str, Quantity] = {**dict.fromkeys(WORDS, quantity), "times": factor}
    found = {word: at.each(word, readers[word], raw) for word, raw in words.items()}
    if any(value is BROKEN for value in found.values()):
        raise RefusedError
    shaping = Shaping(**found)
    if shaping.at_least >= shaping.at_most:
        at.complain(
            "`at_least` is not below `at_most`",
            found=f"at_least: {words['at_least']}, at_most: {words['at_most']}",
        )
        raise RefusedError
    low = (shaping.at_least - shaping.plus) / shaping.times
    high = (shaping.at_most - shaping.plus) / shaping.times
    if (low, high) != (-math.inf, math.inf) and between(distribution, 0, low, high) < LEAST_LEFT:
        at.complain(
            "the bounds leave less than a millionth of the distribution",
            found=", ".join(f"{word}: {raw}" for word, raw in words.items()),
            allowed="bounds where values are to be expected",
        )
        raise RefusedError
    if distribution.kind == "log_logistic" and distribution.parameters[0] <= 2 and high == math.inf:
        at.complain(
            "the variance is infinite: a `log_logistic` of a `shape` of 2 or less has no end",
            found=f"shape: {distribution.parameters[0]:g}",
            allowed="`at_most` as well, such as the longest time ever seen",
        )
        raise RefusedError
    return distribution if shaping == Shaping() else replace(distribution, shaping=shaping)
