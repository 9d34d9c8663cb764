"""The reference page of the measures, written from their definitions.

`python docs/generate.py measures` writes it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from itertools import groupby

from sim.measure.definition import Definition
from sim.measure.registry import DEFINITIONS

INTRODUCTION = """\
# Measures

<!-- written by `python docs/generate.py measures`; edit the definitions instead -->

All measures are computed from the logs of a replication, after it has run. Each is defined once,
in `sim/measure`, with the formula given here.

**Measured time.** From the end of the warm-up to the horizon. Events count if they fall in it.
Times (bed days, occupancy, utilisation, numbers present) count for the part that lies in it.
Durations (stays, attendances, episodes) are whole, from their true beginning, and belong to the
measured time in which they *end*; waits belong to the one in which they *begin*. What has not
ended at the horizon is never dropped: it is counted by a measure of its own (`unfinished`,
`still_waiting`, ...), and waits still running enter with their time so far.

**Breakdowns.** Every measure is given overall and, with `--by`, for each level of any attribute,
or of `crisis`. The level is the one in the log: that at the onset of the episode or, for
attributes that steps set, the last in the episode. Where it says *levels add up*, they sum to the
total; what belongs to nobody in particular stands under `unattributed`. Rates per 1,000 are
broken down only by programmes and by attributes of people that no step changes: of the others
there is no number of people.

**Side tasks** belong to the person of the episode that spawned them. They count in visits,
contacts, resources and costs; they are not episodes. Nor are **appointments**, that is, episodes
that come to a step tagged `appointment` (a planned contact, a planned admission).

**Centiles** are interpolated linearly between the two nearest values. A mean or share of
nothing has no value (NaN), never 0. Money is in GBP at the prices of the scenario.

In the data frame that `measure` returns, `of` names the step, resource, tag or other thing that
a row is of, and is empty for the whole system; `by` and `level` are empty in overall rows.
"""

BETTER = {-1: "less is better", 0: "", 1: "more is better"}

DIRECTIONS = """\
**Better and worse.** A measure says which way is better only where that holds by itself, with the
reason. Occupancy, use of community beds and numbers of contacts are neutral: what they are for
decides. Most measures also *look* better when people leave unseen or give up; in a comparison
none of those is called better for a world in which `never_seen` is clearly higher.

**Periods.** Counts and sums are over the measured time and grow with it. Where they are shown they
carry their period: that of the run, or with `--per year` or `--per day` another.
"""


def markdown() -> str:
    """The page, in Markdown."""
    parts = [INTRODUCTION, DIRECTIONS]
    for group, members in groupby(
        sorted(DEFINITIONS, key=_position), key=lambda definition: definition.group
    ):
        parts.append(f"\n## {group}\n")
        for definition in members:
            parts.append("\n".join(_entry(definition)) + "\n")
    return "\n".join(parts).replace("\n\n\n", "\n\n")


def _position(definition: Definition) -> int:
    """Groups in the order in which they first come."""
    return list(dict.fromkeys(each.group for each in DEFINITIONS)).index(definition.group)


def _entry(definition: Definition) -> Iterator[str]:
    """One measure: name, unit, what its rows are of, formula."""
    notes = [
        f"unit: {definition.unit}",
        f"of each {definition.of}" if definition.of else "",
        "levels add up" if definition.adds_up else "",
        "over the measured time" if definition.accumulates else "",
        BETTER[definition.direction],
    ]
    yield f"### `{definition.name}`"
    yield ""
    described = f"**{definition.title}** ({', '.join(note for note in notes if note)})."
    yield textwrap.fill(described, width=100)
    yield textwrap.fill(definition.formula, width=100)
    if definition.better is not None:
        word = BETTER[definition.direction].capitalize()
        yield ""
        yield textwrap.fill(f"{word}: {definition.better.reason}", width=100)
