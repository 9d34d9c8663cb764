"""Run shipped Sussex experiments and write what they found, as ``docs/lessons.md``.

    python experiments/lessons/page.py                    # as the files say
    python experiments/lessons/page.py --replications 4   # fewer, which the page says

Every number of the page is read from the tables of the results. What is done is kept in
``results/store``: run again, only what is missing is done. What each experiment teaches is said in
words beside this file, in ``NAME.md``.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from sim.experiment.intervals import FEWEST
from sim.experiment.language import read_experiment
from sim.report.tables.doubt import variance_grids
from sim.report.tables.experiment import ranking_grids, sentences, shares_grid
from sim.report.tables.grids import Grid, to_markdown

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

#: the experiments, that have been run, in the order in which they are read
NAMES = ("sussex_which_options",)

INTRODUCTION = """\
# What an experiment on Sussex teaches

<!-- written by `python docs/generate.py lessons`; edit `experiments/lessons` instead -->

A question a commissioner would ask of the Sussex case. The place is invented and most of its inputs
are assumed ([model_card.md](model_card.md)): it is the shape of the answer that is worth reading.
[experiments.md](experiments.md) says how such a file is written, and what the columns mean.
Differences are paired, over a year; intervals are of luck, inputs taken as given. The other two
shipped experiments have not been run to the end on the world as it is.
"""

#: most letters in a line of prose
WIDTH = 100

#: said where there are too few replications for intervals
FEW = ", too few for intervals: in [brackets] are the lowest and the highest"


def run(name: str, replications: int | None) -> None:
    """Do what is not done yet of an experiment, or stop with its exit code."""
    file = ROOT / "experiments" / f"{name}.yaml"
    command = [sys.executable, "-m", "sim.cli.main", "experiment", str(file)]
    command += ["--out", str(ROOT / "results" / name)]
    command += [] if replications is None else ["--replications", str(replications)]
    if (code := subprocess.run(command, check=False).returncode) != 0:
        raise SystemExit(code)


def frames(name: str) -> dict[str, pd.DataFrame]:
    """The tables of an experiment that was run, by name."""
    folder = ROOT / "results" / name
    return {file.stem: pd.read_parquet(file) for file in sorted(folder.glob("*.parquet"))}


def grids(tables: dict[str, pd.DataFrame]) -> Iterator[Grid]:
    """The tables of the page: ranking, who did what, luck and inputs."""
    yield from ranking_grids(tables["ranking"])
    if "shares" in tables:
        yield from shares_grid(tables["shares"])
    if "variances" in tables:
        yield from variance_grids(tables["variances"])


def part(name: str) -> str:
    """One experiment: question, how it was run, what it teaches, answers, tables."""
    tables = frames(name)
    found = read_experiment(str(ROOT / "experiments" / f"{name}.yaml"))
    variants, runs = tables["variants"], tables["outcomes"]["replication"].nunique()
    few = FEW if runs < FEWEST else ""
    said = [f"- {sentence}" for sentence in sentences(tables["ranking"])]
    answers = "\n".join(_folded(line, "  ") for line in said)
    teaches = (HERE / f"{name}.md").read_text(encoding="utf-8").strip()
    shown = "\n".join(to_markdown(grid, 3) for grid in grids(tables))
    how = (
        f"`urgentflow experiment experiments/{name}.yaml`: {len(variants)} variants, {runs} "
        f"replications of each{few}."
    )
    return (
        f"\n## {found.title}\n\n{_folded(found.question.strip())}\n\n"
        f"{_folded(how)}\n\n{teaches}\n\n{answers}\n\n{shown.strip()}\n"
    )


def _folded(text: str, indent: str = "") -> str:
    """A paragraph in lines that can be read in an editor."""
    return textwrap.fill(
        text, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )


def main() -> int:
    """Run what is missing and write the page."""
    parser = argparse.ArgumentParser(description="Run the Sussex experiments; write what they say.")
    parser.add_argument("--replications", type=int, help="default: what the files say")
    given = parser.parse_args()
    for name in NAMES:
        run(name, given.replications)
    text = INTRODUCTION + "".join(part(name) for name in NAMES)
    (ROOT / "docs" / "lessons.md").write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
