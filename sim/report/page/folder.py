"""Everything a comparison or a run leaves in its folder besides the data: pictures, one page.

The page is `report.md`: the tables, the pictures and what they rest on, readable by itself in
any viewer of markdown. Returns the paths written; the data and the manifest are written by
`sim.experiment.store`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.intervals import statement
from sim.experiment.periods import Per, period
from sim.experiment.store import write_text
from sim.report.dates import long
from sim.report.digest import Digest
from sim.report.flows import Flows, flows
from sim.report.notices import notices
from sim.report.occupancy import Occupancy, occupancy
from sim.report.pictures import beds, differences, options, ribbons, timelines
from sim.report.story import ladder, telling
from sim.report.story.draws import Arm, Draw, Story
from sim.report.story.timeline import timeline
from sim.report.tables import headline, measures, rows
from sim.report.tables.bottlenecks import bottlenecks
from sim.report.tables.grids import Grid, to_markdown
from sim.report.tables.selection import BREAKDOWN, HEADINGS
from sim.report.world import BED_TITLES, DAY, World, view

if TYPE_CHECKING:
    from sim.experiment.results import Comparison, Results

Picture = tuple[str, Path]  #: what it shows (for the page), and where it is


def labels(arms: Sequence[Results]) -> tuple[str, ...]:
    """What each arm is called in tables and pictures.

    The title of its scenario; where an earlier arm has the same title, the titles of its
    options; its name where these are too long or the same again.
    """
    given: list[str] = []
    for arm in arms:
        options = " + ".join(option.title for option in arm.scenario.applied)
        wanted = (arm.scenario.model.title, options, arm.name)
        short = [text for text in wanted if text and len(text) <= _LABEL and text not in given]
        given.append(short[0] if short else arm.name)
    return tuple(given)


_LABEL = 60  # characters


def worlds(arms: Sequence[Results]) -> tuple[World, ...]:
    """What the codes in each arm's logs mean."""
    return tuple(view(arm.scenario.model, arm.plan) for arm in arms)


def digests(arm: Results) -> tuple[Digest, ...]:
    """What was kept of each replication's logs.

    Raises
    ------
    ValueError
        If the run was not asked to keep it (`sim.report.digest.digest`).
    """
    kept = tuple(item for item in arm.digests if isinstance(item, Digest))
    if len(kept) != len(arm.replications):
        raise ValueError(f"{arm.name} was run without sim.report.digest.digest: no pictures")
    return kept


def stories(arms: Sequence[Results]) -> tuple[Story, ...]:
    """The story of every case that all the arms have."""
    names, meanings = labels(arms), worlds(arms)
    told = []
    for case in meanings[-1].cases:
        if all(case.name in [known.name for known in world.cases] for world in meanings):
            sides = zip(names, meanings, arms, strict=True)
            told.append(Story(case, tuple(_side(case.name, *side) for side in sides)))
    return tuple(told)


def _side(case: str, title: str, world: World, arm: Results) -> Arm:
    """A case in one world: every copy in every replication, and how many are like it."""
    kept = digests(arm)
    copies = world.cases[world.case(case)].copies
    a_year = period("year", arm.days).factor
    return Arm(
        title,
        world,
        {
            Draw(number, copy): timeline(world, item.traced, case, copy)
            for number, item in zip(arm.replications, kept, strict=True)
            for copy in range(copies)
        },
        tuple(a_year * item.alike[case] for item in kept if case in item.alike),
    )


def comparison_tables(comparison: Comparison, per: Per = "run") -> tuple[Grid, ...]:
    """One table per alternative, then one per alternative and attribute broken down by."""
    frame = comparison.table(per)
    names, meanings = labels(comparison.arms), worlds(comparison.arms)
    made = []
    for number, arm in enumerate(comparison.alternatives, start=1):
        both = (meanings[0], meanings[number])
        intends = headline.intentions(arm, comparison.baseline)
        groups = rows.differences(frame, arm.name, both, intends=intends)
        made.append(measures.comparison(groups, names[0], names[number]))
        for by in comparison.baseline.by:
            parts = rows.differences(frame, arm.name, both, (BREAKDOWN,), by, intends)
            made.append(measures.breakdown_comparison(parts, by, names[number]))
    return tuple(made)


def run_tables(results: Results, per: Per = "run") -> tuple[Grid, ...]:
    """The main measures of one scenario, then one table per attribute broken down by."""
    frame, meanings = results.summary(per), worlds([results])
    made = [measures.summary(rows.summaries(frame, meanings), meanings[0].title)]
    for by in results.by:
        parts = rows.summaries(frame, meanings, (BREAKDOWN,), by)
        made.append(measures.breakdown_summary(parts, by))
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


def write_comparison(comparison: Comparison, folder: Path, per: Per = "run") -> list[Path]:
    """Write the pictures and `report.md` of a comparison.

    Parameters
    ----------
    comparison
        Its arms must have been run with `sim.report.digest.digest`.
    folder
        Where to write.
    per
        Period of counts and sums.
    """
    names = labels(comparison.arms)
    pictures = [
        *_difference_pictures(comparison, folder, per),
        *_occupancy_pictures(comparison.arms, folder),
        *_flow_pictures(comparison, folder),
        *_case_pictures(comparison, folder),
    ]
    several = f"{len(names) - 1} alternatives"
    title = f"{names[1] if len(names) == 2 else several} against {names[0]}"
    grids = (*comparison_tables(comparison, per), *bottleneck_tables(comparison.arms, per))
    findings = headline_sentences(comparison, per)
    text = _page(title, grids, pictures, comparison.arms, findings)
    return [*(path for _, path in pictures), write_text(text, folder / "report.md")]


def write_run(results: Results, folder: Path, per: Per = "run") -> list[Path]:
    """Write the picture of beds and `report.md` of one scenario's run."""
    pictures = _occupancy_pictures([results], folder)
    title = results.scenario.model.title
    grids = (*run_tables(results, per), *bottleneck_tables([results], per))
    text = _page(title, grids, pictures, [results])
    return [*(path for _, path in pictures), write_text(text, folder / "report.md")]


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


def _difference_pictures(comparison: Comparison, folder: Path, per: Per) -> list[Picture]:
    frame = comparison.table(per)
    names, meanings = labels(comparison.arms), worlds(comparison.arms)
    made: list[Picture] = []
    findings, headlines = headline_sentences(comparison, per), []
    alternatives = zip(comparison.alternatives, _which(comparison), strict=True)
    for number, (arm, mark) in enumerate(alternatives, start=1):
        both = (meanings[0], meanings[number])
        drawn = [heading.drawn for heading in HEADINGS]
        groups = rows.differences(frame, arm.name, both, drawn)
        headlines.append(headline.headlines(comparison, frame, number - 1, both))
        path = _file(folder, "differences", mark)
        if any(line.verdict != "no change" for group in groups for line in group.lines):
            differences.draw(groups, names[0], names[number], findings[number - 1], path)
            made.append((f"{names[number]}: all main measures", path))
    if len(headlines) > 1 and any(headlines):
        path = _file(folder, "options")
        options.draw(dict(zip(names[1:], headlines, strict=True)), names[0], path)
        made.insert(0, ("All options side by side", path))
    return made


def _occupancy_pictures(arms: Sequence[Results], folder: Path) -> list[Picture]:
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
        if panel:
            panels.append(panel)
    if not panels:
        return []
    return [(words, beds.draw(panels, meanings[0].start, path))]


def _flow_pictures(comparison: Comparison, folder: Path) -> list[Picture]:
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


def _case_pictures(comparison: Comparison, folder: Path) -> list[Picture]:
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


def _page(
    title: str,
    grids: Sequence[Grid],
    pictures: Sequence[Picture],
    arms: Sequence[Results],
    findings: Sequence[str] = (),
) -> str:
    before = [f"> **{text}**\n" for text in notices(arms, labels(arms))]
    parts = [f"# {title}\n", *before, *(f"{finding}\n" for finding in findings), _about(arms)]
    parts += [f"## {words}\n\n![{words}]({path.name})\n" for words, path in pictures]
    for told in _told(arms):
        parts.append(to_markdown(ladder.distribution(told)))
        parts.append(f"```text\n{ladder.chains(told)}\n{telling.tell(told)}```\n")
    parts += [to_markdown(grid) for grid in grids]
    return "\n".join(parts)


def _told(arms: Sequence[Results]) -> list[Story]:
    """Every case, in the one arm there is or in the baseline beside each alternative."""
    sides = [[arms[0], arm] for arm in arms[1:]] or [[arms[0]]]
    return [told for pair in sides if all(arm.plan.cases for arm in pair) for told in stories(pair)]


def _about(arms: Sequence[Results]) -> str:
    first = arms[0]
    run = first.scenario.model.run
    lines = [
        f"Seed {first.seed}. From {long(run.start)}: {run.warm_up / DAY:,.0f} days "
        f"of warm-up, then {run.duration / DAY:,.0f} days measured. "
        f"{statement(len(first.replications))}",
        "",
    ]
    for name, arm in zip(labels(arms), arms, strict=True):
        lines.append(f"- **{name}**: {_description(arm, first)}")
    return "\n".join(lines) + "\n"


def _description(arm: Results, first: Results) -> str:
    """What an arm is: its own description, and the options it has beyond the first arm's."""
    model = arm.scenario.model
    same = arm is not first and model.description == first.scenario.model.description
    text = "" if same else (model.description or model.title).strip()
    known = {option.title for option in first.scenario.applied} if arm is not first else set()
    options = [option for option in arm.scenario.applied if option.title not in known]
    if not text and len(options) == 1:
        return options[0].rationale.strip()
    return "\n".join(
        [
            text or "The same, with:",
            *(f"  - {item.title}: {item.rationale.strip()}" for item in options),
        ]
    )
