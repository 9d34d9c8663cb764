"""Everything a comparison or a run leaves in its folder besides the data: pictures, one page.

The page is `report.html`, complete in itself; the pictures beside it are for slides. Returns the
paths written; the data and the manifest are written by `sim.experiment.store`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.periods import Per, period
from sim.experiment.store import write_text
from sim.report.flows import Flows, flows
from sim.report.occupancy import Occupancy, occupancy
from sim.report.page import build, render
from sim.report.page.arms import Drawn, digests, each_drawn, labels, stories, worlds
from sim.report.pictures import beds, differences, options, ribbons, timelines
from sim.report.story import telling
from sim.report.story.draws import Draw, Story
from sim.report.tables import headline, measures, rows
from sim.report.tables.bottlenecks import bottlenecks
from sim.report.tables.grids import Grid
from sim.report.tables.selection import BREAKDOWN, HEADINGS
from sim.report.world import BED_TITLES, DAY

if TYPE_CHECKING:
    from sim.experiment.results import Comparison, Results

PAGE = "report.html"  #: what to open first

Picture = tuple[str, Path]  #: what it shows (for the page), and where it is


def comparison_tables(
    comparison: Comparison, per: Per = "run", by: Sequence[str] | None = None
) -> tuple[Grid, ...]:
    """One table per alternative, then one per alternative and attribute.

    `by` are the attributes; by default all that results are broken down by.
    """
    frame = comparison.table(per)
    names, meanings = labels(comparison.arms), worlds(comparison.arms)
    made = []
    for number, arm in enumerate(comparison.alternatives, start=1):
        both = (meanings[0], meanings[number])
        intends = headline.intentions(arm, comparison.baseline)
        grown = headline.both_unsettled(comparison.baseline, arm)
        groups = rows.differences(frame, arm.name, both, intends=intends, unsettled=grown)
        made.append(measures.comparison(groups, names[0], names[number]))
        for attribute in comparison.baseline.by if by is None else by:
            parts = rows.differences(frame, arm.name, both, (BREAKDOWN,), attribute, intends, grown)
            made.append(measures.breakdown_comparison(parts, attribute, names[number]))
    return tuple(made)


def run_tables(
    results: Results, per: Per = "run", by: Sequence[str] | None = None
) -> tuple[Grid, ...]:
    """The main measures of one scenario, then one table per attribute, as `comparison_tables`."""
    frame, meanings = results.summary(per), worlds([results])
    made = [measures.summary(rows.summaries(frame, meanings), meanings[0].title)]
    for attribute in results.by if by is None else by:
        parts = rows.summaries(frame, meanings, (BREAKDOWN,), attribute)
        made.append(measures.breakdown_summary(parts, attribute))
    return tuple(made)


def headline_sentences(comparison: Comparison, per: Per = "run") -> tuple[str, ...]:
    """The finding of each alternative, in a sentence."""
    frame, names = comparison.table(per), labels(comparison.arms)
    meanings = worlds(comparison.arms)
    return tuple(
        headline.sentence(
            headline.headlines(comparison, frame, number, (meanings[0], meanings[number + 1])),
            names[number + 1],
        )
        for number in range(len(comparison.alternatives))
    )


def bottleneck_tables(
    arms: Sequence[Results], per: Per = "run", *, every: bool = False
) -> tuple[Grid, ...]:
    """What binds in each arm; every pool if `every`."""
    made = []
    for name, arm, world in zip(labels(arms), arms, worlds(arms), strict=True):
        titled = replace(world, title=name)
        made.append(bottlenecks(arm.bottlenecks(), titled, period(per, arm.days), every=every))
    return tuple(made)


def write_comparison(
    comparison: Comparison,
    folder: Path,
    record: Mapping[str, Any],
    per: Per = "run",
    drawn: Drawn = "few",
) -> list[Path]:
    """Write the pictures and `report.html` of a comparison.

    Parameters
    ----------
    comparison
        Its arms must have been run with `sim.report.digest.digest`.
    folder
        Where to write.
    record
        The manifest of the run (`sim.experiment.store.manifest`).
    per
        Period of counts and sums.
    drawn
        Of which alternatives there are pictures, on the page and beside it: of ``all``, of
        ``none`` (the page has its own), or of all while there are ``few`` (otherwise all side by
        side in one).
    """
    page = write_page(comparison, folder / PAGE, record, per, drawn)
    if drawn == "none":
        return [page]
    if not each_drawn(len(comparison.alternatives), drawn):
        return [*(path for _, path in options_picture(comparison, folder, per)), page]
    pictures = [
        *options_picture(comparison, folder, per),
        *difference_pictures(comparison, folder, per),
        *occupancy_pictures(comparison.arms, folder),
        *flow_pictures(comparison, folder),
        *case_pictures(comparison, folder),
    ]
    return [*(path for _, path in pictures), page]


def write_run(
    results: Results, folder: Path, record: Mapping[str, Any], per: Per = "run"
) -> list[Path]:
    """Write the picture of beds and `report.html` of one scenario's run."""
    pictures = occupancy_pictures([results], folder)
    return [*(path for _, path in pictures), write_page(results, folder / PAGE, record, per)]


def write_page(
    of: Results | Comparison,
    path: Path,
    record: Mapping[str, Any],
    per: Per = "run",
    drawn: Drawn = "few",
) -> Path:
    """Write the page alone, wherever it is wanted; parameters as of `write_comparison`."""
    from sim.experiment.results import Comparison

    if isinstance(of, Comparison):
        pools = bottleneck_tables(of.arms, per, every=True)
        grids = (*comparison_tables(of, per), *pools)
        page = build.comparison_page(of, grids, record, per, drawn)
    else:
        grids = (*run_tables(of, per), *bottleneck_tables([of], per, every=True))
        page = build.run_page(of, grids, record, per)
    return write_text(render.html(page), path)


def _file(folder: Path, *parts: str) -> Path:
    """Name a picture after what it shows."""
    return folder / f"{'-'.join(part for part in parts if part)}.png"


def marks(names: Sequence[str]) -> tuple[str, ...]:
    """What tells arms apart in names of files: letters that any file system takes.

    Names that are the same in these letters, or but for capitals, are numbered.
    """
    given: list[str] = []
    taken: set[str] = set()
    for name in names:
        plain = re.sub(r"[^A-Za-z0-9_.]+", "-", name).strip("-")
        tries = (plain if number == 1 else f"{plain}-{number}" for number in count(1))
        mark = next(mark for mark in tries if mark.lower() not in taken)
        taken.add(mark.lower())
        given.append(mark)
    return tuple(given)


def _which(comparison: Comparison) -> tuple[str, ...]:
    """The part of a file's name for each alternative; empty if there is only one."""
    several = len(comparison.alternatives) > 1
    return marks([arm.name for arm in comparison.alternatives]) if several else ("",)


def options_picture(comparison: Comparison, folder: Path, per: Per) -> list[Picture]:
    """Several alternatives side by side, by the headline measures."""
    if len(comparison.alternatives) < 2:
        return []
    frame, names = comparison.table(per), labels(comparison.arms)
    meanings = worlds(comparison.arms)
    found = {
        names[number]: headline.headlines(
            comparison, frame, number - 1, (meanings[0], meanings[number])
        )
        for number in range(1, len(names))
    }
    if not any(found.values()):
        return []
    path = _file(folder, "options")
    options.draw(found, names[0], path)
    return [("All options side by side", path)]


def difference_pictures(comparison: Comparison, folder: Path, per: Per) -> list[Picture]:
    """Every alternative's differences, a picture each."""
    frame = comparison.table(per)
    names, meanings = labels(comparison.arms), worlds(comparison.arms)
    made: list[Picture] = []
    findings = headline_sentences(comparison, per)
    drawn = [heading.drawn for heading in HEADINGS]
    alternatives = zip(comparison.alternatives, _which(comparison), strict=True)
    for number, (arm, mark) in enumerate(alternatives, start=1):
        both = (meanings[0], meanings[number])
        grown = headline.both_unsettled(comparison.baseline, arm)
        groups = rows.differences(frame, arm.name, both, drawn, unsettled=grown)
        path = _file(folder, "differences", mark)
        if any(line.verdict != "no change" for group in groups for line in group.lines):
            differences.draw(groups, names[0], names[number], findings[number - 1], path)
            made.append((f"{names[number]}: all main measures", path))
    return made


def occupancy_pictures(arms: Sequence[Results], folder: Path) -> list[Picture]:
    """All arms in one picture while lines can be told apart, else each option in its own."""
    if len(arms) <= _LINES:
        return _occupancy_picture(arms, _file(folder, "occupancy"), "Beds in use over time")
    made: list[Picture] = []
    which = marks([arm.name for arm in arms[1:]])
    for name, arm, mark in zip(labels(arms)[1:], arms[1:], which, strict=True):
        path = _file(folder, "occupancy", mark)
        made += _occupancy_picture([arms[0], arm], path, f"Beds in use over time: {name}")
    return made


_LINES = 3


def _occupancy_picture(arms: Sequence[Results], path: Path, words: str) -> list[Picture]:
    names, meanings = labels(arms), worlds(arms)
    kept = [digests(arm) for arm in arms]
    panels: list[list[Occupancy]] = []
    for kind in BED_TITLES:
        found = [
            occupancy(name, world, kind, [item.used[kind] for item in one if kind in item.used])
            for name, world, one in zip(names, meanings, kept, strict=True)
        ]
        panel = [item for item in found if item is not None]
        if any(item.used.any() for item in panel):
            panels.append(panel)
    if not panels:
        return []
    return [(words, beds.draw(panels, meanings[0].start, path))]


def flow_pictures(comparison: Comparison, folder: Path) -> list[Picture]:
    """Where the routes of the same patients moved, by alternative."""
    names, meanings = labels(comparison.arms), worlds(comparison.arms)
    before = digests(comparison.baseline)
    made: list[Picture] = []
    alternatives = zip(comparison.alternatives, _which(comparison), strict=True)
    for number, (arm, mark) in enumerate(alternatives, start=1):
        total: Flows | None = None
        for one, other in zip(before, digests(arm), strict=True):
            paired = flows(one.reached, other.reached)
            total = paired if total is None else total + paired
        if total is not None and ribbons.worth_drawing(total):
            path = _file(folder, "flows", mark)
            days = meanings[0].duration / DAY
            ribbons.draw(total, names[0], names[number], days, path)
            made.append((f"Where patients' routes moved: {names[number]}", path))
    return made


def case_pictures(comparison: Comparison, folder: Path) -> list[Picture]:
    """The cases' journeys in both worlds, by alternative."""
    made: list[Picture] = []
    for arm, mark in zip(comparison.alternatives, _which(comparison), strict=True):
        for told in stories([comparison.baseline, arm]):
            path = _file(folder, "case", told.case.name, mark)
            if write_case(told, path):
                which = f": {told.arms[-1].title}" if mark else ""
                made.append((f"{told.case.title}{which}", path))
    return made


def write_case(told: Story, path: Path, draw: Draw | None = None) -> bool:
    """Draw a case side by side; False if there is no replication that can be shown."""
    number = told.told if draw is None else draw
    if number is None:
        return False
    sides = [(arm.title, item) for arm in told.arms if (item := arm.timelines.get(number))]
    if not sides:
        return False
    remark = telling.remark(told) if draw is None else f"Replication {draw.replication}."
    timelines.draw(told.case, sides, remark, path)
    return True
