"""The finding in one sentence: what became of the three measures that the scenario names.

A sentence and not a count of winners: fifty measures of which most follow from each other do not
vote. A scenario that names none is judged by what it has of `DEFAULT`, or by the pool that binds.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sim.report.tables import numbers
from sim.report.tables.rows import Difference, Under, differences
from sim.report.tables.selection import Heading, Pick
from sim.scenario.language.standard_measures import parts_of

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.results import Comparison, Results
    from sim.report.world import World
    from sim.scenario.loading import Intention

#: what a scenario is judged by that names nothing, as far as it happens; cost is in the sentence,
#: so that nothing is praised without its price
DEFAULT = (
    "emergency_admissions",
    "acute_bed_days",
    "cost_total",
    "ae_within_4_hours",
    "conveyances",
)

#: most measures of a headline, and how many of them make the sentence
MOST, SPOKEN = 5, 3


def headline_of(results: Results) -> tuple[str, ...]:
    """The measures that a scenario is judged by: those it names, else what it has of `DEFAULT`.

    A pathway with none of these is judged by what happens at the pool that binds most.
    """
    named = results.scenario.model.headline
    if named:
        return named
    overall = results.measures[results.measures["by"] == ""]
    table = results.bottlenecks()
    pool = str(table["resource"].iloc[0]) if len(table) else ""
    totals = overall.groupby("measure")["value"].sum()
    return headline_from({str(name): float(total) for name, total in totals.items()}, pool)


def headline_from(totals: Mapping[str, float], pool: str) -> tuple[str, ...]:
    """What a scenario that names nothing is judged by.

    Parameters
    ----------
    totals
        Measures of the whole system: one of which nothing happens is no headline.
    pool
        The pool that binds most, if any, for a pathway with few of the usual measures.
    """
    found = [name for name in DEFAULT if totals.get(name, 0.0) > 0]
    if len(found) < SPOKEN:
        if pool:
            found += [f"pool_wait_mean/{pool}", f"queue_length_mean/{pool}", f"utilisation/{pool}"]
        found += ["arrivals"] if len(found) < SPOKEN else []
    return tuple(found[:MOST])


def headline_picks(references: Sequence[str]) -> Heading:
    """The measures of a headline as picks of the first table."""
    picks = []
    for reference in references:
        measure, of = parts_of(reference)
        picks.append(Pick(measure, (of,)))
    return Heading("Headline", tuple(picks))


def headlines(
    comparison: Comparison, frame: pd.DataFrame, number: int, worlds: Sequence[World]
) -> tuple[Difference, ...]:
    """The headline measures of one alternative, in the order in which they are named.

    Parameters
    ----------
    comparison
        Its baseline says what the headline is.
    frame
        `Comparison.table`, in the period wanted.
    number
        Which alternative, from 0.
    worlds
        The baseline and that alternative, for titles.
    """
    arm = comparison.alternatives[number]
    heading = headline_picks(headline_of(comparison.baseline))
    groups: tuple[Under[Difference], ...] = differences(
        frame,
        arm.name,
        worlds,
        (heading,),
        intends=intentions(arm, comparison.baseline),
        unsettled=both_unsettled(comparison.baseline, arm),
    )
    return tuple(line for group in groups for line in group.lines)


def intentions(arm: Results, baseline: Results) -> Mapping[str, Intention]:
    """What the options that an arm has beyond the baseline's intend; the last one counts."""
    found: dict[str, Intention] = {}
    for option in arm.scenario.applied:
        if option not in baseline.scenario.applied:
            found |= option.intends
    return found


def unsettled(arm: Results) -> str:
    """What is wrong with an arm in which a queue grew to the end: ``gridlock``; else empty."""
    state = arm.settling.state
    return state.value if state.value in GROWING else ""


#: states (`sim.experiment.settling.State`) in which people queue who will not be served
GROWING = ("gridlock", "did not settle")


def both_unsettled(baseline: Results, arm: Results) -> tuple[bool, bool]:
    """Whether a queue grew to the end in the baseline, and in an alternative."""
    return bool(unsettled(baseline)), bool(unsettled(arm))


def sentence(lines: Sequence[Difference], alternative: str) -> str:
    """What becomes of the first three measures, in one sentence.

    Parameters
    ----------
    lines
        The headline measures.
    alternative
        Title of the alternative.
    """
    if not lines:
        return f"{alternative}: nothing happens that a headline could be made of."
    return f"With “{alternative}”, {clauses(lines)}."


def clauses(lines: Sequence[Difference]) -> str:
    """The part of the sentence that says what becomes of them."""
    return _joined([_clause(line) for line in lines[:SPOKEN]])


def _joined(parts: Sequence[str]) -> str:
    return " and ".join(parts) if len(parts) < 3 else f"{', '.join(parts[:-1])}, and {parts[-1]}"


def _clause(line: Difference) -> str:
    """One measure: `emergency admissions fall by 120 (95 to 145) in 84 days, from 2,300`."""
    name = _lower(line.meaning.title)
    if not math.isfinite(line.difference):
        return f"{name} cannot be compared"
    if line.verdict == "no change":
        return f"{name} {_verb(name, 'do not change', 'does not change')} at all"
    size = _size(line)
    period = f" {line.meaning.period}" if line.meaning.period else ""
    before = numbers.value(line.baseline, line.meaning.unit)
    if line.verdict == "uncertain":
        verb = _verb(name, "change", "changes")
        return f"{name} {verb} by {size}{period}, which {_untold(line)}"
    up = line.difference > 0
    verb = _verb(name, "rise" if up else "fall", "rises" if up else "falls")
    return f"{name} {verb} by {size}{period} from {before}{_judged(line)}"


def _untold(line: Difference) -> str:
    """Why a change is not spoken of as one."""
    if line.interval == "none":
        return "is one draw of luck"
    if line.interval == "range":
        return f"{line.replications} replications are too few to tell"
    return "is not told apart from no change"


def _judged(line: Difference) -> str:
    if line.wanted == "as intended":
        return " (as intended)"
    if line.wanted == "not as intended":
        return " (the other way than intended)"
    return f" ({line.verdict})" if line.verdict in ("better", "worse") else ""


def _size(line: Difference) -> str:
    """The difference with its interval, without a sign where the verb says which way."""
    text = line.written()
    if line.verdict == "uncertain":
        return text
    sign = 1.0 if line.difference > 0 else -1.0
    low, high = sorted((sign * line.low, sign * line.high))
    text = numbers.difference(
        abs(line.difference), low, high, line.meaning.unit, kind=line.interval
    )
    unit = f" {line.meaning.unit}" if line.meaning.unit in ("minutes", "days", "hours") else ""
    number, _, rest = text.partition(" ")
    return f"{number}{unit} {rest}".replace("+", "").strip()


def _verb(name: str, plural: str, singular: str) -> str:
    """The verb for a title: plural if its first noun is (`Bed days, acute beds`)."""
    head = name.split(":")[0].split(",")[0].split(" in ")[0].split(" of ")[0].split(" by ")[0]
    return plural if head.endswith("s") and not head.endswith("ss") else singular


def _lower(title: str) -> str:
    """A title within a sentence: its first word small unless it is an abbreviation."""
    first = title.split(" ", 1)[0]
    small = first[1:].islower() or len(first) == 1
    return title[:1].lower() + title[1:] if small else title
