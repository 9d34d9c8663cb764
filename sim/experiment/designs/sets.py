"""Sets of options: which are in together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Final

#: options that are in, by name
OptionSet = tuple[str, ...]

#: how options can be combined, and what each way means
WAYS: Final = {
    "one_by_one": "each option alone",
    "all": "every combination there is, 2^n with the baseline",
    "in_order": "the first, the first two, and so on: what each adds to those before it",
    "taken_out": "all together, and all but each: what each adds when it comes last",
}

#: most options of which every combination is made
MOST_COMBINED = 10


def option_sets(options: Sequence[str], ways: Sequence[str | Sequence[str]]) -> list[OptionSet]:
    """Sets of options, the empty one first, each once.

    Parameters
    ----------
    options
        Names of the options in the order in which they are applied.
    ways
        Ways of `WAYS`, or names of options that are to be in together.
    """
    found: dict[OptionSet, None] = {(): None}
    for way in ways:
        sets = _by(way, options) if isinstance(way, str) else [way]
        for each in sets:
            found[tuple(sorted(each, key=list(options).index))] = None
    return list(found)


def _by(way: str, options: Sequence[str]) -> Iterator[Sequence[str]]:
    match way:
        case "one_by_one":
            yield from ((name,) for name in options)
        case "all":
            for size in range(1, len(options) + 1):
                yield from combinations(options, size)
        case "in_order":
            yield from (options[: size + 1] for size in range(len(options)))
        case "taken_out":
            yield from (tuple(o for o in options if o != name) for name in options)
            yield options
        case _:
            raise ValueError(f"there is no way {way!r} of combining options")
