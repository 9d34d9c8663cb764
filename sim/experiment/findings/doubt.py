"""Where inputs were drawn: which of them move a result, what knowing each is worth, and boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.boxes import find_box, sentence
from sim.experiment.answers.information import value_of_knowing
from sim.experiment.answers.response import FEWEST, response
from sim.experiment.conduct import Conducted
from sim.experiment.findings.paired import by_draw, policies
from sim.experiment.tasks.outcomes import Outcomes
from sim.experiment.tasks.world import scenario_in

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float64]

#: columns of the frame of inputs
DOUBT = (
    *("measure", "of", "unit", "policy", "input", "source", "low", "high"),
    *("at_low", "at_high", "share", "worth_knowing"),
)


@dataclass(frozen=True)
class Drawn:
    """The inputs drawn: one row per draw, one column per name."""

    names: tuple[str, ...]
    values: Floats
    places: tuple[int, ...]  #: of the draws in which every policy has every replication


def doubt(conducted: Conducted, outcomes: Outcomes, headline: Sequence[str]) -> pd.DataFrame:
    """How each drawn input moves each policy's difference from the baseline.

    `at_low` and `at_high` are the difference where the input is at its 10th centile (`low`) and
    its 90th (`high`), all else as it was drawn; `share` the part of its variance, luck included,
    that the input explains by itself; `worth_knowing` what it would be worth, in the measure's
    unit over the time simulated, to know the input before choosing among all policies by this
    measure. Empty where fewer than ten draws were made.
    """
    import pandas as pd

    sources = sources_of(conducted)
    rows = []
    for head, table, drawn, sign in _tables(conducted, outcomes, headline):
        for place, policy in enumerate(policies(outcomes)[1:], start=1):
            for name, found in _inputs(table, place, drawn, sign):
                rows.append([*head, policy, name, sources.get(name, ""), *found])
    return pd.DataFrame(rows, columns=list(DOUBT))


def boxes(conducted: Conducted, outcomes: Outcomes, headline: Sequence[str]) -> pd.DataFrame:
    """In which box of inputs each policy is better than the baseline, in words."""
    import pandas as pd

    rows = []
    for head, table, drawn, sign in _tables(conducted, outcomes, headline):
        for place, policy in enumerate(policies(outcomes)[1:], start=1):
            box = find_box(drawn.names, drawn.values, sign * (table[place] - table[0]) > 0)
            words = sentence(box, policy, f"is better in {'/'.join(filter(None, head[:2]))}")
            rows.append([*head, policy, box.overall, box.inside, box.size, box.held, words])
    columns = ["measure", "of", "unit", "policy", "overall", "inside", "size", "held", "box"]
    return pd.DataFrame(rows, columns=columns)


def sources_of(conducted: Conducted) -> Mapping[str, str]:
    """What each drawn input's source is, by its path or the path it is part of."""
    said: dict[str, str] = {}
    for variant, world in zip(conducted.runs.variants, conducted.runs.worlds, strict=True):
        if variant.draw == conducted.runs.variants[0].draw:
            said |= scenario_in(world.model).sources
    found = {}
    for factor in conducted.design.factors:
        parts = factor.name.split(".")
        paths = (".".join(parts[:number]) for number in range(len(parts), 0, -1))
        found[factor.name] = next((said[path] for path in paths if path in said), "")
    return found


def _tables(
    conducted: Conducted, outcomes: Outcomes, headline: Sequence[str]
) -> Iterator[tuple[tuple[str, str, str], Floats, Drawn, int]]:
    """Each headline measure that has a better side, shape (policies, draws), and the inputs."""
    from sim.measure import definitions

    drawn = _drawn(conducted, outcomes, headline)
    if drawn is None:
        return
    for name in headline:
        measure, _, of = name.partition("/")
        sign = definitions()[measure].direction
        if sign and name in outcomes.measures:
            table = by_draw(outcomes, name)[:, list(drawn.places)].mean(axis=2)
            yield (measure, of, outcomes.units[name]), table, drawn, sign


def _drawn(conducted: Conducted, outcomes: Outcomes, headline: Sequence[str]) -> Drawn | None:
    """The inputs of the draws that are complete; None where they are too few."""
    names = tuple(factor.name for factor in conducted.design.factors if factor.kind == "draw")
    levels = {variant.draw: variant.levels for variant in outcomes.variants}
    present = [name for name in headline if name in outcomes.measures]
    whole = np.ones(len(levels), dtype=np.bool_)
    for name in present:
        whole &= ~np.isnan(by_draw(outcomes, name)).any(axis=(0, 2))
    places = tuple(np.flatnonzero(whole).tolist())
    if not names or not present or len(places) < FEWEST:
        return None
    every = list(levels.values())
    values = [[float(every[place][name]) for name in names] for place in places]
    return Drawn(names, np.array(values), places)


def _inputs(
    table: Floats, place: int, drawn: Drawn, sign: int
) -> Iterator[tuple[str, tuple[float, ...]]]:
    """What each input does to a policy's difference, the one that moves it most first."""
    found = []
    for column, name in enumerate(drawn.names):
        curve = response(drawn.values[:, column], table[place] - table[0])
        worth = value_of_knowing(drawn.values[:, column], sign * table)
        swing = (curve.low, curve.high, curve.at_low, curve.at_high)
        found.append((name, (*swing, curve.share, worth)))
    yield from sorted(found, key=lambda each: -abs(each[1][3] - each[1][2]))
