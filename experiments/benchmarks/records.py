"""Where results go: printed, written as markdown and CSV, and kept in the README when asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent
RESULTS = HERE.parents[1] / "results"


def write_results(
    name: str, heading: str, about: str, frame: pd.DataFrame, notes: Sequence[str], keep: bool
) -> None:
    """Print a table and write it as markdown and CSV.

    Parameters
    ----------
    name
        Of the files, and of the section of README.md and of results/reference/benchmarks.md.
    heading, about, frame, notes
        What is written, in this order.
    keep
        Whether these are the results to show: if so they go to results/reference and into
        README.md, else to results/ only, which is not kept.
    """
    section = "\n\n".join(
        [f"#### {heading}", about, markdown(frame), "\n".join(f"- {note}" for note in notes)]
    ).rstrip()
    print(f"\n{section}\n")
    folder = RESULTS / "reference" if keep else RESULTS
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_csv(folder / f"benchmark_{name}.csv", index=False, float_format="%.6g")
    if keep:
        replace_section(folder / "benchmarks.md", name, section)
        replace_section(HERE / "README.md", name, section)
    else:
        (folder / f"benchmark_{name}.md").write_text(section + "\n", encoding="utf-8")


def replace_section(path: Path, name: str, text: str) -> None:
    """Put text between the marks of a section of a file, or behind everything else in it."""
    begin, end = f"<!-- {name}: written by a script, do not edit -->", f"<!-- end of {name} -->"
    whole = path.read_text(encoding="utf-8") if path.exists() else "# Benchmark results\n"
    before, found, rest = whole.partition(begin)
    after = rest.partition(end)[2] if found else "\n"
    if not found:
        before = before.rstrip() + "\n\n"
    path.write_text(f"{before}{begin}\n\n{text}\n\n{end}{after}", encoding="utf-8")


def markdown(frame: pd.DataFrame) -> str:
    """Write a table, numbers with three significant digits."""
    rows = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    aligned = ["---:" if _is_number(frame[column]) else "---" for column in frame.columns]
    lines = [list(frame.columns), aligned, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _is_number(column: pd.Series) -> bool:
    return bool(pd.api.types.is_numeric_dtype(column))


def _cell(value: object) -> str:
    if isinstance(value, float):
        if pd.isna(value):
            return "–"
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    return str(value)
