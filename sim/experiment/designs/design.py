"""A design as data: its factors, and the variants of a baseline that it makes of them.

Nothing is read or run here. A variant says what is laid over the baseline's files; `levels` says
the same in the words of the design, so that whoever analyses outcomes need not look into files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

#: what a factor can be set to: an option in or out, a number, or a value as it is written
Level = bool | float | str

#: levels of options are True and False; of paths, values; of draws, numbers
Kind = Literal["option", "path", "draw"]

#: the name of the variant in which nothing is changed
BASELINE = "baseline"


@dataclass(frozen=True)
class Factor:
    """One thing that differs between variants.

    `name` is that of an option's file or a dotted path, `title` is for readers. `levels` are all
    that some variant has, in order; those of a draw are not listed.
    """

    name: str
    title: str
    kind: Kind
    levels: tuple[Level, ...] = ()


@dataclass(frozen=True)
class Variant:
    """One world: the baseline with options applied and values laid over it.

    Parameters
    ----------
    name
        Says what differs from the baseline; no two variants of a design share one.
    options
        Paths of option files, in the order applied.
    overrides
        Values by dotted path, laid over the options: those of the policy, then those drawn.
    levels
        Level of every factor of the design by its name, drawn inputs included.
    policy
        Its name without the draw: variants of one policy differ in uncertain inputs only.
    draw
        Number of the draw of uncertain inputs, from 1; 0 for the inputs as written.
    """

    name: str
    options: tuple[str, ...] = ()
    overrides: Mapping[str, object] = field(default_factory=dict)
    levels: Mapping[str, Level] = field(default_factory=dict)
    policy: str = ""
    draw: int = 0

    @property
    def applied(self) -> frozenset[str]:
        """Names of the options that are in it."""
        return frozenset(name for name, level in self.levels.items() if level is True)


@dataclass(frozen=True)
class Design:
    """Factors and variants; the first variant is the baseline (of the first draw, if drawn)."""

    factors: tuple[Factor, ...]
    variants: tuple[Variant, ...]

    @property
    def options(self) -> tuple[Factor, ...]:
        """The factors that are options."""
        return tuple(factor for factor in self.factors if factor.kind == "option")

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies in order, the baseline first."""
        return tuple(dict.fromkeys(variant.policy for variant in self.variants))

    @property
    def draws(self) -> tuple[int, ...]:
        """Numbers of the draws in order; only 0 where nothing is drawn."""
        return tuple(dict.fromkeys(variant.draw for variant in self.variants))
