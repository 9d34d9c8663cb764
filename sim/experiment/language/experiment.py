"""What an experiment file says, and the words it may say it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from sim.experiment.designs.build import Asked

#: every section of a file, and what it is for
SECTIONS: Final = {
    "title": "What the experiment is called.",
    "question": "What somebody wants to know, in some sentences.",
    "baseline": "The scenario everything is set against: a file, or `file+option+...`.",
    "options": "Option files; as a list they are named by their files, or `name: file`.",
    "combine": (
        "How options are combined: `one_by_one` (by default), `all`, `in_order`, `taken_out`; or a "
        "list of these and of lists of options that are to be in together."
    ),
    "sweep": (
        "Values of numbers by their path: a list, or `{from: 300, to: 380, by: 10}`. Several paths "
        "make a grid. A path that an option brings is swept where that option is in."
    ),
    "draws": (
        "Draws of uncertain inputs: a number, or `{number: 30, of: [paths], seed: 1}`. Every "
        "variant has the same draws."
    ),
    "run": "Days, replications and seed; by default those of the baseline.",
    "measures": "Measures to compute; by default all. Fewer take less time.",
    "headline": "Measures to judge by, up to five; by default those of the baseline.",
}

#: fields of `draws` and of `run`
DRAWS: Final = {
    "number": "How many, from 2 on.",
    "of": "Paths of the inputs drawn; by default all in `uncertainty`.",
    "seed": "Seed of the draws; 1 by default.",
}
RUN: Final = {
    "replications": "How many of each variant.",
    "seed": "Seed of every random number.",
    "start": "First day.",
    "warm_up": "Time before measuring begins.",
    "duration": "Time measured.",
}

#: most measures of a headline, as in scenarios
MOST_HEADLINES = 5


@dataclass(frozen=True)
class Experiment:
    """An experiment file, read.

    Parameters
    ----------
    file
        Where it is.
    title, question
        For readers.
    baseline
        The baseline's files in order.
    asked
        What is combined.
    overrides
        Values laid over every variant: the days run.
    replications, seed
        None takes what the baseline says.
    measures, headline
        References to measures; empty for all, and for those of the baseline.
    places
        File and line of what it says, by path.
    """

    file: str
    title: str
    question: str
    baseline: tuple[str, ...]
    asked: Asked
    overrides: Mapping[str, object] = field(default_factory=dict)
    replications: int | None = None
    seed: int | None = None
    measures: tuple[str, ...] = ()
    headline: tuple[str, ...] = ()
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
