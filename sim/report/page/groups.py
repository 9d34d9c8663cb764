"""Who gains and who loses: the headline measures by age and deprivation, in words and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sim.report.page import words
from sim.report.tables.rows import Difference
from sim.scenario.language.attributes import declared

if TYPE_CHECKING:
    from sim.scenario import Loaded

#: names of attributes that a page is broken down by without being asked to
EQUITY = re.compile(r"(^|_)(age|deprivation|imd)(_|$)", re.IGNORECASE)


def equity_attributes(arms: Iterable[Loaded]) -> tuple[str, ...]:
    """Attributes of people, in all arms, that say who gains and who loses: age, deprivation."""
    found = [
        [
            name
            for name, attribute in declared(loaded.model).items()
            if attribute.origin == "people" and EQUITY.search(name)
        ]
        for loaded in arms
    ]
    return tuple(name for name in found[0] if all(name in names for names in found))


def _groups(levels: Sequence[str], number: int) -> str:
    """Groups by name, so that a group that is called 5 is not read as five of them."""
    if len(levels) == number:
        return "every group"
    return f"{'group' if len(levels) == 1 else 'groups'} {', '.join(levels)}"


def finding(lines: Sequence[Difference], title: str) -> tuple[str, ...]:
    """For each measure, which groups gain, which lose, and how many cannot be told.

    `title` is what the attribute is called inside a sentence.
    """
    said = []
    for label in dict.fromkeys(line.meaning.label for line in lines):
        here = [line for line in lines if line.meaning.label == label]
        gain, lose = ([x.level for x in here if x.verdict == side] for side in ("better", "worse"))
        if not gain and not lose:
            said.append(f"{label}: {words.untold(here)} in any group by {title}.")
            continue
        parts = [
            f"{word} in {_groups(levels, len(here))}"
            for word, levels in (("improvement", gain), ("concern", lose))
            if levels
        ]
        rest = [line for line in here if line.verdict not in ("better", "worse")]
        if rest:
            parts.append(f"{words.untold(rest)} in {len(rest)} of {len(here)} groups")
        said.append(f"{label}: {'; '.join(parts)}.")
    return tuple(said)
