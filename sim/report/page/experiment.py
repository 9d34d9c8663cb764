"""The page of an experiment, from its tables: ranking, who did what, what is doubtful."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sim.experiment.intervals import Interval
from sim.experiment.periods import Period
from sim.report.page import basis, findings, overview
from sim.report.page.content import Figure, Page, Text
from sim.report.pictures.tornado import Swing
from sim.report.tables.doubt import doubt_grids, measure_next, variance_grids
from sim.report.tables.experiment import ranking_grids, sentences, shares_grid
from sim.report.tables.rows import Difference, Meaning

if TYPE_CHECKING:
    import pandas as pd

#: alternatives drawn in one picture; all are in the tables
DRAWN = 40

#: ways of asking what an option does, in the order of their columns
WAYS = {"share": "Share of all together", "alone": "By itself", "last": "Added last"}

Measure = tuple[str, str]


def page(
    title: str,
    question: str,
    frames: Mapping[str, pd.DataFrame],
    headline: Sequence[str],
    measured: Period,
    record: Mapping[str, Any],
    *,
    baseline: str,
    replications: int,
    not_for: Sequence[str] = (),
) -> Page:
    """The page of an experiment.

    Parameters
    ----------
    title, question
        Of the experiment; a question may be empty.
    frames
        Its tables by name (`sim.experiment.findings.tables`), ranking and all the others that it
        has.
    headline
        References to the measures it is judged by, ``measure/of``.
    measured
        The time over which counts are, which must be that of the tables.
    record
        The manifest.
    baseline
        What the baseline is called.
    replications
        How many stand behind every interval.
    not_for
        What the result must not be used for.
    """
    measures = [_parts(reference) for reference in headline]
    meanings = {measure: _meaning(measure, measured) for measure in measures}
    ranked = overview.ranking(baseline, _alternatives(frames, meanings))
    shown: dict[str, Sequence[Figure | Text]] = {"All alternatives": ranked}
    if "shares" in frames:
        shown["Who did what"] = list(_shares(frames["shares"], meanings))
    if "doubt" in frames:
        shown["What is doubtful"] = [*_words(frames), *_doubts(frames, meanings)]
    answer = [*sentences(frames["ranking"])] if "ranking" in frames else ["Nothing was measured."]
    return findings.page(
        title,
        [question or "What differs between these alternatives?"],
        answer,
        {heading: parts for heading, parts in shown.items() if parts},
        [*_grids(frames)],
        record,
        replications=replications,
        over=basis.OVER_DRAWS if "doubt" in frames or "variances" in frames else basis.OVER_LUCK,
        not_for=not_for,
        notices=[*_notices(frames)],
    )


def _parts(reference: str) -> Measure:
    measure, _, of = reference.partition("/")
    return measure, of


def _meaning(measure: Measure, measured: Period) -> Meaning:
    from sim.measure import definitions

    known = definitions()[measure[0]]
    title = f"{known.title}: {measure[1]}" if measure[1] else known.title
    period = measured.words if known.accumulates else ""
    return Meaning(title, known.unit, known.direction, period)


def _notices(frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """What must be read before any number."""
    if "settling" in frames:
        names = _unsettled(frames)
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        yield f"Did not settle: {', '.join(names[:3])}{more}. Their numbers depend on the time run."
    if "failures" in frames:
        yield f"{len(frames['failures'])} runs failed and are left out."


def _unsettled(frames: Mapping[str, pd.DataFrame]) -> list[str]:
    """Alternatives of which some variant did not settle."""
    if "settling" not in frames:
        return []
    every = frames["variants"]
    chosen = every[every["variant"].isin(frames["settling"]["variant"])]
    return chosen["policy"].astype(str).drop_duplicates().tolist()


def _alternatives(
    frames: Mapping[str, pd.DataFrame], meanings: Mapping[Measure, Meaning]
) -> list[overview.Named]:
    """The alternatives with their headline measures, as far as they fit into a picture."""
    if "differences" not in frames:
        return []
    frame = frames["differences"]
    unsettled = set(_unsettled(frames))
    found: dict[str, list[Difference]] = {}
    for row in frame.to_dict("records"):
        measure = str(row["measure"]), str(row["of"])
        if measure in meanings and not math.isnan(row["difference"]):
            change = _interval(row, "difference", int(row["pairs"]))
            made = findings.line(
                measure[0], meanings[measure], float(row["baseline"]), change, measure[1]
            )
            found.setdefault(str(row["policy"]), []).append(made)
    names = [*found]
    if "ranking" in frames and len(names) > DRAWN:
        # the picture orders its own: this says which are in it where there are too many
        order = dict.fromkeys(frames["ranking"]["policy"].astype(str))
        names = [name for name in dict.fromkeys((*order, *names)) if name in found]
    return [
        overview.Named(name, found[name], "did not settle" if name in unsettled else "")
        for name in names[:DRAWN]
    ]


def _interval(row: Mapping[Any, Any], of: str, number: int) -> Interval:
    return Interval(float(row[of]), float(row["low"]), float(row["high"]), number, row["interval"])


def _shares(frame: pd.DataFrame, meanings: Mapping[Measure, Meaning]) -> Iterator[Figure]:
    """What each option does of all that they do together, by itself, and added last."""
    for (measure, of), rows in frame.groupby(["measure", "of"], sort=False):
        if (measure, of) not in meanings:
            continue
        columns = {
            title: {
                str(row["option"]): _interval(row, "mean", 0)
                for row in rows[rows["effect"] == way].to_dict("records")
            }
            for way, title in WAYS.items()
        }
        meaning = meanings[str(measure), str(of)]
        name = f"shares-{measure}{f'-{of}' if of else ''}"
        yield findings.attribution(f"Who did what: {meaning.title}", meaning, columns, name)


def _doubts(
    frames: Mapping[str, pd.DataFrame], meanings: Mapping[Measure, Meaning]
) -> Iterator[Figure]:
    """A tornado for the best alternative by each headline measure."""
    best = frames["ranking"].groupby(["measure", "of"], sort=False)["policy"].first()
    for (measure, of), rows in frames["doubt"].groupby(["measure", "of"], sort=False):
        key = str(measure), str(of)
        if key not in meanings:
            continue
        there = rows["policy"].drop_duplicates().tolist()
        policy = best.get(key) if best.get(key) in there else there[0]
        chosen = rows[rows["policy"] == policy]
        swings = [
            Swing(
                str(row["input"]),
                float(row["at_low"]),
                float(row["at_high"]),
                f"{row['low']:.4g}",
                f"{row['high']:.4g}",
            )
            for row in chosen.to_dict("records")
        ]
        centre = float(chosen[["at_low", "at_high"]].to_numpy().mean())
        meaning = meanings[key]
        title = f"{meaning.title}: {policy} against the baseline"
        name = f"doubt-{measure}{f'-{of}' if of else ''}"
        yield findings.doubt(title, meaning, swings, centre, name)


def _words(frames: Mapping[str, pd.DataFrame]) -> Iterator[Text]:
    """In which inputs an alternative pays, and what to measure next."""
    boxes = [*frames["boxes"]["box"].astype(str)] if "boxes" in frames else []
    said = (*boxes, *map(str, measure_next(frames["doubt"])))
    if said:
        yield Text(said, "What must be true, and what to find out next")


def _grids(frames: Mapping[str, pd.DataFrame]) -> Iterator[Any]:
    """Tables to be looked up."""
    if "ranking" in frames:
        yield from ranking_grids(frames["ranking"])
    if "shares" in frames:
        yield from shares_grid(frames["shares"])
    if "variances" in frames:
        yield from variance_grids(frames["variances"])
    if "doubt" in frames:
        yield from doubt_grids(frames["doubt"])
