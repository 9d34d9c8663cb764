"""Figures of an experiment, each with its finding in words and its numbers in a table.

An experiment has arms of which only numbers are kept, no logs: what it shows is made here of
intervals and names. Alternatives are ranked by `overview.ranking`, whose lines are made by
`line`; `page` puts figures and tables together, and `render.html` writes it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from sim.experiment.intervals import Interval, statement
from sim.report.page import basis, words
from sim.report.page.content import Figure, Fold, Page, Part, Section, Table, Text
from sim.report.pictures import estimates, tornado
from sim.report.pictures.estimates import Column, Estimate
from sim.report.pictures.tornado import Swing
from sim.report.tables import numbers
from sim.report.tables.grids import Grid, Row
from sim.report.tables.grids import Section as Rows
from sim.report.tables.rows import Difference, Meaning


def line(
    measure: str, meaning: Meaning, baseline: float, change: Interval, of: str = ""
) -> Difference:
    """A measure of one arm against the baseline, from the interval of its paired difference."""
    return Difference(
        measure=measure,
        of=of,
        meaning=meaning,
        baseline=baseline,
        alternative=baseline + change.mean,
        difference=change.mean,
        low=change.low,
        high=change.high,
        better=math.nan,
        same=math.nan,
        worse=math.nan,
        replications=change.number,
        interval=change.kind,
    )


def attribution(
    title: str, meaning: Meaning, columns: Mapping[str, Mapping[str, Interval]], name: str
) -> Figure:
    """What each option does, in several ways of asking: bars with intervals.

    Parameters
    ----------
    title
        What is attributed.
    meaning
        The measure.
    columns
        Under the title of each way of asking (``Share of all together``, ``By itself``), the
        effect of every option, all options in the same order. The first is what the figure is
        sorted by.
    name
        Of the file with the table.
    """
    first = next(iter(columns.values()))
    sign = meaning.direction or 1
    options = sorted(first, key=lambda option: -sign * first[option].mean)
    factor, unit = words.scale(meaning.unit, [part.mean for part in first.values()])
    lines = {
        way: [line("", meaning, math.nan, parts[option]) for option in options]
        for way, parts in columns.items()
    }
    drawn = [
        Column(way, f"{unit} {meaning.period}".strip(), tuple(estimate(x, factor) for x in found))
        for way, found in lines.items()
    ]
    rows = tuple(
        Row((option, *(found[index].written() for found in lines.values())))
        for index, option in enumerate(options)
    )
    largest = lines[next(iter(lines))][0]
    finding = (
        f"{options[0]} does most for {words.lower(meaning.title)}: "
        f"{f'{largest.written()} {meaning.period}'.strip()} ({words.verdict(largest)})."
    )
    grid = Grid(title, ("", *columns), (Rows("", rows),))
    return Figure(title, finding, estimates.draw(title, options, drawn, bars=True), grid, name)


def doubt(
    title: str, meaning: Meaning, swings: Sequence[Swing], centre: float, name: str
) -> Figure:
    """A tornado of doubtful inputs, the one that moves the result most on top.

    Parameters
    ----------
    title
        Which result is doubted.
    meaning
        The measure; the result is a difference from the baseline.
    swings
        One for each input.
    centre
        The result on average over the inputs as they were drawn.
    name
        Of the file with the table.
    """
    ordered = sorted(swings, key=lambda swing: -swing.width)
    factor, unit = words.scale(meaning.unit, [centre, *(swing.at_low for swing in swings)])
    scaled = [Swing(s.title, factor * s.at_low, factor * s.at_high, s.low, s.high) for s in ordered]
    turns = [s.title for s in ordered if min(s.at_low, s.at_high) < 0 < max(s.at_low, s.at_high)]
    sign = (
        f"Its sign turns on {', '.join(turns[:3])}."
        if turns
        else "None of them by itself turns its sign."
    )
    finding = f"{ordered[0].title} moves it most. {sign}" if ordered else "No input was varied."
    scale = numbers.scale_for(meaning.unit, centre, *(s.at_low for s in swings))
    rows = tuple(
        Row((s.title, s.low, s.high, *(scale.write(v, signed=True) for v in (s.at_low, s.at_high))))
        for s in ordered
    )
    columns = ("input", "low value", "high value", "result at low", "result at high")
    grid = Grid(title, columns, (Rows("", rows),), words=frozenset(columns[1:3]))
    label = f"{unit} {meaning.period}".strip()
    picture = tornado.draw(title, scaled, factor * centre, label)
    return Figure(title, finding, picture, grid, name)


def estimate(one: Difference, factor: float) -> Estimate:
    """A difference as it is drawn on a scale."""
    value, low, high = (factor * number for number in (one.difference, one.low, one.high))
    return Estimate(value, low, high, words.bounds(one)[0], one.verdict)


def page(
    title: str,
    question: Sequence[str],
    answer: Sequence[str],
    figures: Mapping[str, Sequence[Part]],
    tables: Sequence[Grid],
    record: Mapping[str, Any],
    *,
    replications: int,
    over: str = basis.OVER_LUCK,
    not_for: Sequence[str] = (),
    notices: Sequence[str] = (),
) -> Page:
    """The page of an experiment, in the order of every page.

    Parameters
    ----------
    title
        Of the experiment.
    question, answer
        Paragraphs: what was asked, and what came out in plain words with intervals.
    figures
        Under the heading of each section its figures, and whatever else belongs there.
    tables
        Everything, to be looked up; the first open, the others folded.
    record
        The manifest (`sim.experiment.store.manifest`).
    replications
        How many stand behind every interval.
    over
        What intervals are over.
    not_for
        What the result must not be used for.
    notices
        What must be read before any number.
    """
    sure = Text((statement(replications), basis.SAME_LUCK, over), "How sure")
    caution = Text(tuple(not_for) or (basis.UNSAID,), "What not to use it for", "caution")
    parts = (Text(tuple(question), "What was asked"), Text(tuple(answer), "What came out"))
    sections = [Section("answer", "The question and the answer", (*parts, sure, caution))]
    for number, (heading, shown) in enumerate(figures.items(), start=1):
        sections.append(Section(f"part-{number}", heading, tuple(shown)))
    manifest = Fold(basis.MANIFEST, (basis.manifest(record),))
    sections.append(Section("basis", "What it rests on", (manifest,)))
    sections.append(Section("tables", "All tables", looked_up(tables)))
    return Page(
        title,
        f"Experiment, {numbers.plural(replications, 'replication')} of each arm",
        tuple(notices),
        tuple(sections),
        basis.footer(),
    )


def looked_up(tables: Sequence[Grid]) -> tuple[Part, ...]:
    """Tables to be searched: the first open, for it is what was asked for, the others folded."""
    made: list[Part] = []
    for grid in (grid for grid in tables if grid.sections):
        table = Table(grid, filtered=True)
        count = numbers.plural(sum(len(section.rows) for section in grid.sections), "row")
        made.append(Fold(f"{grid.title} ({count})", (table,)) if made else table)
    return tuple(made)
