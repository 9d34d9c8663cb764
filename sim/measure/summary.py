"""From logs to the tidy frame of measures: one row per measure, thing, level."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from sim.engine.logs import Logs
from sim.measure.arrays import Floats
from sim.measure.context import Context, build_context
from sim.measure.definition import Definition
from sim.measure.facts import Facts, Grouped, Grouping, no_grouping
from sim.measure.joined_logs import Reading
from sim.measure.registry import DEFINITIONS

if TYPE_CHECKING:
    import pandas as pd

    from sim.plan.plan import Plan
    from sim.scenario.language.model import Scenario

COLUMNS = ("measure", "of", "by", "level", "value", "unit")

#: what can always be broken down by, beside the attributes of a scenario
CRISIS = "crisis"


def measure(
    plan: Plan,
    model: Scenario,
    logs: Logs,
    by: Iterable[str] = (),
    seed: int | None = None,
) -> pd.DataFrame:
    """Compute every measure from the logs of one replication.

    Parameters
    ----------
    plan, model
        The scenario, compiled and as read.
    logs
        What the engine left behind.
    by
        Attributes to break down by, besides the overall rows; ``crisis`` is always one.
    seed
        Seed of the run, which decides how many people there are at each level; by default the
        scenario's own.

    Returns
    -------
    DataFrame
        Columns `measure`, `of` (name of the step, resource, ... or ""), `by` (attribute or ""),
        `level`, `value` (float, NaN where there is nothing to take it of) and `unit`. The same
        rows, in the same order, for every replication of a scenario, except that a breakdown
        lists what belongs to no episode only where there is such.

    Raises
    ------
    ValueError
        If the scenario has no attribute of a name in `by`.
    """
    by = tuple(by)
    return measure_in(build_context(plan, model, seed, by), logs, by)


def measure_in(
    context: Context,
    logs: Logs,
    by: Iterable[str] = (),
    watch: Callable[[float], None] | None = None,
    names: Collection[str] | None = None,
) -> pd.DataFrame:
    """Compute measures in a context that has been built before; see `measure`.

    `watch` is told now and then what part of the measures has been computed; `names` are those
    to compute, by default all.
    """
    import pandas as pd

    by = tuple(dict.fromkeys(by))
    _check_attributes(context, by)
    reading = Reading(context, logs)
    groupings = [no_grouping(), *(_grouping(reading, attribute) for attribute in by)]
    rows = _Rows()
    # facts are made once for the measures that share them, and then let go of
    measured = 0
    wanted = [each for each in DEFINITIONS if names is None or each.name in names]
    for make_facts, group in groupby(wanted, key=lambda definition: definition.facts):
        sharing = tuple(group)
        _summarise(sharing, make_facts(reading), groupings, context, rows)
        measured += len(sharing)
        if watch is not None:
            watch(measured / len(wanted))
    return pd.DataFrame({name: getattr(rows, name) for name in COLUMNS})


@dataclass
class _Rows:
    """Columns of the frame while it grows."""

    measure: list[str] = field(default_factory=list)
    of: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    level: list[str] = field(default_factory=list)
    value: list[float] = field(default_factory=list)
    unit: list[str] = field(default_factory=list)

    def add(self, definition: Definition, groups: Grouped, values: Floats) -> None:
        """Add the rows of one measure in one grouping."""
        levels, names = groups.levels, groups.facts.names
        self.measure += [definition.name] * groups.size
        self.of += [name for name in names for _ in levels]
        self.by += [groups.grouping.attribute] * groups.size
        self.level += levels * len(names)
        self.value += values.tolist()
        self.unit += [definition.unit] * groups.size


def _summarise(
    sharing: tuple[Definition, ...],
    facts: Facts,
    groupings: Iterable[Grouping],
    context: Context,
    rows: _Rows,
) -> None:
    """Take the statistics of the measures that share these facts, overall and by level."""
    grouped = [Grouped(facts, grouping) for grouping in groupings]
    for definition in sharing:
        for groups in grouped:
            values = definition.statistic(groups, context)
            if values is not None:
                rows.add(definition, groups, values)


def _grouping(reading: Reading, attribute: str) -> Grouping:
    """Tell episodes apart by the level of an attribute, or by crisis."""
    context, episodes = reading.context, reading.logs.episodes
    if attribute not in context.attributes:
        return Grouping(CRISIS, context.crises, episodes.crisis)
    column = context.attributes.index(attribute)
    return Grouping(attribute, context.levels[column], episodes.levels[:, column])


def _check_attributes(context: Context, by: tuple[str, ...]) -> None:
    known = (*context.attributes, CRISIS)
    for attribute in _unknown(by, known):
        nearest = difflib.get_close_matches(attribute, known, n=1)
        hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise ValueError(
            f"cannot break down by {attribute!r}: the scenario has no such attribute{hint or '.'} "
            f"It has: {', '.join(known)}."
        )


def _unknown(names: Iterable[str], known: tuple[str, ...]) -> Iterator[str]:
    return (name for name in names if name not in known)
