"""The tables of an experiment: its variants, numbers, differences, ranking, shares, variances.

Every table is a function of the outcomes alone: the same to the last bit whether they were
simulated now or kept from before, here or elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from sim.experiment.answers.coalitions import attribute
from sim.experiment.answers.ranking import rank
from sim.experiment.answers.simultaneous import band
from sim.experiment.conduct import Conducted
from sim.experiment.designs.variances import variance_parts
from sim.experiment.findings.doubt import boxes, doubt
from sim.experiment.findings.paired import Paired, by_draw, paired, policies
from sim.experiment.intervals import Interval, difference_interval
from sim.experiment.tasks.outcomes import Outcomes

if TYPE_CHECKING:
    import pandas as pd

    from sim.measure import Definition

#: columns of a frame of differences
DIFFERENCES = (
    *("policy", "measure", "of", "unit", "baseline", "value", "difference"),
    *("low", "high", "interval", "pairs"),
)

#: columns of a frame of ranks
RANKING = (
    *("measure", "of", "unit", "rank", "policy", "value", "difference", "low", "high"),
    *("interval", "low_of_all", "high_of_all", "best", "best_share", "regret", "pairs"),
)

#: columns of a frame of variances
VARIANCES = (
    *("measure", "of", "unit", "policy", "what", "mean", "sd_inputs", "sd_luck", "share_inputs"),
    *("draws", "replications"),
)


def tables(conducted: Conducted, headline: Sequence[str]) -> dict[str, pd.DataFrame]:
    """All tables by the name of their file; those there is nothing in are left out."""
    outcomes = conducted.runs.outcomes
    found = {
        "variants": variants(conducted),
        "outcomes": numbers(outcomes, conducted.experiment.measures or headline),
        "differences": differences(outcomes),
        "ranking": ranking(outcomes, headline),
        "shares": shares(conducted, outcomes, headline),
        "variances": variances(outcomes, headline),
        "doubt": doubt(conducted, outcomes, headline),
        "boxes": boxes(conducted, outcomes, headline),
        "settling": settling(conducted),
        "failures": failures(outcomes),
    }
    return {name: frame for name, frame in found.items() if len(frame)}


def variants(conducted: Conducted) -> pd.DataFrame:
    """Every variant, with its level of every factor (empty where it has none)."""
    import pandas as pd

    rows = [
        {
            "variant": variant.name,
            "policy": variant.policy,
            "draw": variant.draw,
            **{
                factor.name: str(variant.levels.get(factor.name, ""))
                for factor in conducted.design.factors
            },
            "world": world.key,
        }
        for variant, world in zip(conducted.design.variants, conducted.runs.worlds, strict=True)
    ]
    return pd.DataFrame(rows)


def numbers(outcomes: Outcomes, measures: Sequence[str]) -> pd.DataFrame:
    """Measures of every replication of every variant, in rows."""
    import pandas as pd

    there = [name for name in measures if name in outcomes.measures]
    frames = []
    for name in there:
        measure, of = _parts(name)
        table = outcomes.of(name)
        frames.append(
            pd.DataFrame(
                {
                    "variant": np.repeat(outcomes.names, table.shape[1]),
                    "replication": np.tile(outcomes.replications, table.shape[0]),
                    "measure": measure,
                    "of": of,
                    "value": table.reshape(-1),
                    "unit": outcomes.units[name],
                }
            )
        )
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def differences(outcomes: Outcomes) -> pd.DataFrame:
    """Every policy less the baseline in every measure, paired, with 95 % intervals."""
    import pandas as pd

    known, rows = _definitions(), []
    for name in outcomes.measures:
        measure, of = _parts(name)
        table = paired(outcomes, name)
        means = table.values.mean(axis=1) if table.values.shape[1] else None
        for place, policy in enumerate(table.policies[1:], start=1):
            interval = difference_interval(table.changes[place], known[measure].most)
            baseline, value = (math.nan,) * 2 if means is None else (means[0], means[place])
            bounds = interval.low, interval.high, interval.kind, interval.number
            unit = outcomes.units[name]
            rows.append([policy, measure, of, unit, baseline, value, interval.mean, *bounds])
    return pd.DataFrame(rows, columns=list(DIFFERENCES))


def ranking(outcomes: Outcomes, headline: Sequence[str]) -> pd.DataFrame:
    """Policies from the best to the worst in each headline measure that has a better side.

    `low` and `high` hold for each difference by itself, `low_of_all` and `high_of_all` for all
    policies at once; `best` is the probability of being the best, `best_share` in what share of
    the pairs it was, `regret` what is lost on average by choosing it.
    """
    import pandas as pd

    known, rows = _definitions(), []
    for table in _headline(outcomes, headline):
        measure, of = _parts(table.measure)
        direction = known[measure].direction
        pairs = table.values.shape[1]
        if direction == 0 or pairs < 2:
            continue
        found = rank(table.values, direction)
        bounds = band(table.changes[1:]) if len(table.policies) > 1 else None
        for place, at in enumerate(found.order.tolist(), start=1):
            each = difference_interval(table.changes[at], known[measure].most)
            all_low = all_high = 0.0 if at == 0 else math.nan
            if bounds is not None and at > 0:
                all_low, all_high = float(bounds.low[at - 1]), float(bounds.high[at - 1])
            rows.append(
                [
                    *(measure, of, outcomes.units[table.measure], place, table.policies[at]),
                    *(float(table.values[at].mean()), each.mean, each.low, each.high),
                    *(each.kind, all_low, all_high, float(found.best[at]), float(found.years[at])),
                    *(float(found.regret[at]), pairs),
                ]
            )
    return pd.DataFrame(rows, columns=list(RANKING))


def shares(conducted: Conducted, outcomes: Outcomes, headline: Sequence[str]) -> pd.DataFrame:
    """What each option does, where every combination of them was run and nothing was swept.

    `alone` against the baseline, `last` added to all others, `share` Shapley's part of what all do
    together, which is in a row of its own.
    """
    import pandas as pd

    names = tuple(factor.name for factor in conducted.design.options)
    swept = any(factor.kind == "path" for factor in conducted.design.factors)
    coalitions = {
        variant.policy or variant.name: variant.applied for variant in conducted.design.variants
    }
    if len(names) < 2 or swept or len(set(coalitions.values())) < 2 ** len(names):
        return pd.DataFrame()
    rows = []
    for table in _headline(outcomes, headline):
        if not table.values.shape[1]:
            continue
        worlds = {coalitions[policy]: table.values[at] for at, policy in enumerate(table.policies)}
        found = attribute(names, worlds)
        head = [*_parts(table.measure), outcomes.units[table.measure]]
        for name in names:
            for what in ("alone", "last", "share"):
                rows.append([*head, name, what, *_bounds(getattr(found, what)[name])])
        for (one, other), interval in found.pairs.items():
            rows.append([*head, f"{one} and {other}", "interaction", *_bounds(interval)])
        rows.append([*head, "all", "together", *_bounds(found.together)])
    columns = ["measure", "of", "unit", "option", "effect", "mean", "low", "high", "interval"]
    return pd.DataFrame(rows, columns=columns)


def variances(outcomes: Outcomes, headline: Sequence[str]) -> pd.DataFrame:
    """Where inputs were drawn, how much of each difference from the baseline varies with them."""
    import pandas as pd

    rows: list[list[object]] = []
    for name in headline:
        if name not in outcomes.measures or len({each.draw for each in outcomes.variants}) < 2:
            continue
        cube = by_draw(outcomes, name)
        for place, policy in enumerate(policies(outcomes)):
            if np.isnan(cube[place]).any() or np.isnan(cube[0]).any():
                continue
            for what, values in (("value", cube[place]), ("difference", cube[place] - cube[0])):
                if place == 0 and what == "difference":
                    continue
                parts = variance_parts(values)
                sds = math.sqrt(parts.inputs), math.sqrt(parts.luck)
                numbers = float(values.mean()), *sds, parts.share
                rows.append(
                    [*_parts(name), outcomes.units[name], policy, what, *numbers, *values.shape]
                )
    return pd.DataFrame(rows, columns=list(VARIANCES))


def settling(conducted: Conducted) -> pd.DataFrame:
    """Every queue of a variant that had not settled, the worst first."""
    import pandas as pd

    rows = []
    for place, variant in enumerate(conducted.design.variants):
        found = conducted.runs.settling(place)
        for verdict in found.verdicts if found is not None else ():
            if verdict.state != "settled":
                waiting = verdict.waiting_first, verdict.waiting_last
                rows.append([variant.name, verdict.resource, str(verdict.state), *waiting])
    columns = ["variant", "resource", "state", "waiting_first", "waiting_last"]
    return pd.DataFrame(rows, columns=columns)


def failures(outcomes: Outcomes) -> pd.DataFrame:
    """Every task that failed, and why."""
    import pandas as pd

    rows = [[each.name, each.replication, each.seed, each.error] for each in outcomes.failures]
    return pd.DataFrame(rows, columns=["variant", "replication", "seed", "error"])


def _headline(outcomes: Outcomes, headline: Sequence[str]) -> Iterator[Paired]:
    for name in headline:
        if name in outcomes.measures:
            yield paired(outcomes, name)


def _parts(reference: str) -> tuple[str, str]:
    measure, _, of = reference.partition("/")
    return measure, of


def _bounds(interval: Interval) -> list[object]:
    return [interval.mean, interval.low, interval.high, interval.kind]


def _definitions() -> dict[str, Definition]:
    from sim.measure import definitions

    return dict(definitions())
