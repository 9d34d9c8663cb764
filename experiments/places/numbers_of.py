"""Numbers in the words of a page: means, differences and tables, by what is said in brackets.

[[pool wait_mean/gp]]                     the mean in that world
[[pool ae_attendances change]]            the paired difference from the first world
[[pool ae_attendances percent]]           the same in per cent of it
[[pool wait_mean/gp deprivation=1]]       of one level of an attribute
[[table before pool | wait_mean/gp, ae_attendances]]          a row for each world
[[table before pool by deprivation | wait_mean/gp]]           a column for each level
[[gaps before pool | age=85+ age=0-4 | wait_mean/gp]]     two levels set against each other
"""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import difference_interval
from sim.experiment.results import Results
from sim.measure import definitions

Floats = npt.NDArray[np.float64]

#: what `digests` adds, as heads of columns say it
OWN = {
    "hours_a_week": "hours a week",
    "closed_share": "of those turned away, found it closed",
    "outside_hospital_share": "Contacts outside hospital",
}

_IN_BRACKETS = re.compile(r"\[\[(.+?)\]\]", re.DOTALL)

_SIGNS: Mapping[str, Callable[[float, float], bool]] = {"<": operator.lt, ">": operator.gt}


@dataclass(frozen=True)
class Numbers:
    """What all worlds of a page gave, the first one first."""

    worlds: Mapping[str, Results]

    @property
    def first(self) -> str:
        """The world that others are set against."""
        return next(iter(self.worlds))

    def of(self, world: str, measure: str, level: str = "") -> Floats:
        """A measure in every replication; of a level written `attribute=level`.

        Raises
        ------
        KeyError
            If there is no such number.
        """
        results = self.worlds[world]
        if measure in results.digests[0]:
            return np.array([digest[measure] for digest in results.digests])
        name, _, of = measure.partition("/")
        by, _, at = level.partition("=")
        f = results.measures
        rows = f[(f.measure == name) & (f.of == of) & (f.by == by) & (f.level == at)]
        if rows.empty:
            raise KeyError(f"{world} has no {measure} {level}")
        return rows.sort_values("replication").value.to_numpy(dtype=np.float64)

    def title(self, world: str) -> str:
        """What readers call a world: the options in it."""
        titles = [option.title for option in self.worlds[world].scenario.applied]
        return "; ".join(titles) or "before"


def shown(value: float, measure: str) -> str:
    """A number as readers like it: shares in per cent, others with three digits or whole."""
    if math.isnan(value):
        return "-"
    name = measure.partition("/")[0]
    if name.endswith("_share") or _unit(name) == "share":
        return f"{100 * value:.1f} %"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _unit(name: str) -> str:
    known = definitions()
    return known[name].unit if name in known else ""


def change(
    numbers: Numbers, world: str, measure: str, level: str = "", percent: bool = False
) -> str:
    """The paired difference from the first world, with its interval, or lowest and highest."""
    base = numbers.of(numbers.first, measure, level)
    values = numbers.of(world, measure, level) - base
    if percent:
        return f"{100 * values.mean() / base.mean():+.1f} %"
    found = difference_interval(values)
    middle = _signed(found.mean, measure)
    if found.kind not in ("95 %", "range"):
        return middle
    return f"{middle} ({_signed(found.low, measure)} to {_signed(found.high, measure)})"


def _signed(value: float, measure: str) -> str:
    text = shown(value, measure)
    return text if value <= 0 or text.startswith("-") else f"+{text}"


def filled(text: str, numbers: Numbers) -> str:
    """The words with their numbers."""
    return _IN_BRACKETS.sub(lambda found: _one(found[1].split(), numbers), text)


def _one(words: list[str], numbers: Numbers) -> str:
    if words[0] == "table":
        return _table(words[1:], numbers)
    if words[0] == "gaps":
        return _gaps(" ".join(words[1:]), numbers)
    world, measure, *rest = words
    level = next((word for word in rest if "=" in word), "")
    if "change" in rest or "percent" in rest:
        return change(numbers, world, measure, level, "percent" in rest)
    return shown(float(numbers.of(world, measure, level).mean()), measure)


def _table(words: list[str], numbers: Numbers) -> str:
    bar = words.index("|")
    left, measures = words[:bar], [word.rstrip(",") for word in words[bar + 1 :]]
    if "by" in left:
        return _by_level(left[: left.index("by")], left[-1], measures[0], numbers)
    lines = [f"| | {' | '.join(heading(name) for name in measures)} |"]
    lines.append("|---|" + "---:|" * len(measures))
    for world in left:
        cells = [shown(float(numbers.of(world, name).mean()), name) for name in measures]
        lines.append(f"| {numbers.title(world)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _by_level(worlds: list[str], by: str, measure: str, numbers: Numbers) -> str:
    frame = numbers.worlds[worlds[0]].measures
    levels = list(dict.fromkeys(frame[frame.by == by].level))
    levels = [level for level in levels if level != "unattributed"]
    lines = [f"| {heading(measure)} | {' | '.join(levels)} |", "|---|" + "---:|" * len(levels)]
    for world in worlds:
        values = [numbers.of(world, measure, f"{by}={level}").mean() for level in levels]
        cells = [shown(float(value), measure) for value in values]
        lines.append(f"| {numbers.title(world)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _gaps(said: str, numbers: Numbers) -> str:
    """Two levels in the first world; in each world how far apart they are and how many times."""
    worlds, levels, measures = (part.replace(",", " ").split() for part in said.split("|"))
    one, other = levels
    heads = [f"{world}: apart | {world}: times" for world in worlds]
    shown_levels = " | ".join(level.replace("=", " ") for level in levels)
    lines = [
        f"| | {shown_levels} | {' | '.join(heads)} |",
        "|---|" + "---:|" * (2 + 2 * len(worlds)),
    ]
    for measure in measures:
        cells = [
            shown(float(numbers.of(worlds[0], measure, level).mean()), measure) for level in levels
        ]
        for world in worlds:
            high, low = (float(numbers.of(world, measure, level).mean()) for level in (one, other))
            times = f"{high / low:.2f}" if low else "-"
            cells += [_signed(high - low, measure), times]
        lines.append(f"| {heading(measure)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def heading(measure: str) -> str:
    """What the head of a column says of a measure."""
    name, _, of = measure.partition("/")
    known = definitions()
    title = known[name].title if name in known else OWN.get(name, name)
    unit = ", minutes" if _unit(name) == "minutes" else ""
    return f"{title}{f' ({of})' if of else ''}{unit}"


def holds(claim: str, numbers: Numbers) -> bool:
    """Whether a claim is true of the means: `pool wait_mean/gp < 0.5 before wait_mean/gp`."""
    left, sign, right = re.split(r"\s([<>])\s", claim)
    return _SIGNS[sign](_side(left.split(), numbers), _side(right.split(), numbers))


def _side(words: list[str], numbers: Numbers) -> float:
    factor = 1.0
    if re.fullmatch(r"-?[\d.]+", words[0]):
        factor = float(words.pop(0))
    return factor * float(numbers.of(*words).mean()) if words else factor
