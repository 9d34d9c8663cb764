"""The local figures of a place: which there are, and how a file of them is read."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from sim.experiment.shipped import scenarios
from sim.scenario.problems import Problem, ScenarioError, listed, nearest_name

#: shares that come together, and add up to 100 %
AGES = ("aged_0_4", "aged_5_17", "aged_18_39", "aged_40_64", "aged_65_74", "aged_75_84", "aged_85")

#: people of the base, for whom its totals are
BASE_PEOPLE = 250_000

#: figures that grow with the number of people
TOTALS = ("a year", "beds", "cubicles", "full-time equivalents", "people")

COLUMNS = ("figure", "value", "source")


@dataclass(frozen=True)
class Asked:
    """One figure that may be given: what it is, where it is found, and the base's own."""

    name: str
    unit: str
    what: str
    where: str
    base: float
    base_source: str


@dataclass(frozen=True)
class Given:
    """A local figure; `line` is that of its file, 0 if it was given otherwise."""

    value: float
    source: str
    line: int = 0


def form() -> Path:
    """The file of figures to fill in."""
    return scenarios() / "own_place" / "figures.csv"


def asked() -> dict[str, Asked]:
    """Every figure that may be given, by name, in the order of the form."""
    with form().open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {
        row["figure"]: Asked(
            row["figure"],
            row["unit"],
            row["what"],
            row["where"],
            float(row["base"]),
            row["base_source"],
        )
        for row in rows
    }


def read_figures(file: Path) -> dict[str, Given]:
    """The figures given in a file; those without a value are left to the base.

    Raises
    ------
    ScenarioError
        With everything that is wrong in the file.
    """
    name = str(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
        rows = csv.DictReader(io.StringIO(text, newline=""))
        heads = [head.strip() for head in rows.fieldnames or ()]
        rows.fieldnames = heads
        body = [(rows.line_num, row) for row in rows]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        how = "`urgentflow init --form > figures.csv` writes one"
        raise ScenarioError([Problem(name, 0, "", f"cannot be read: {error}; {how}")]) from None
    missing = [column for column in COLUMNS if column not in heads]
    if missing:
        what = f"there is no column {listed(missing)}"
        raise ScenarioError([Problem(name, 1, "", what, listed(heads), listed(COLUMNS))])
    found: dict[str, Given] = {}
    problems = [p for line, row in body for p in _read(name, line, row, found)]
    problems += _ages(name, found)
    if problems:
        raise ScenarioError(problems)
    return {figure: given for figure, given in found.items() if not math.isnan(given.value)}


def answer(figure: str, value: str, source: str) -> tuple[Given, list[Problem]]:
    """One figure as it was answered, and what is wrong with it."""
    found: dict[str, Given] = {}
    row = {"figure": figure, "value": value, "source": source}
    problems = list(_read("", 0, row, found))
    return found[figure], problems


def refuse_ages(found: Mapping[str, Given]) -> None:
    """Refuse answers on shares by age that do not belong together.

    Raises
    ------
    ScenarioError
        If only some of them are there, or they do not add up.
    """
    if problems := list(_ages("the answers", found)):
        raise ScenarioError(problems)


def _read(
    file: str, line: int, row: Mapping[str, str | None], found: dict[str, Given]
) -> Iterator[Problem]:
    """Put one row into `found`; yields what is wrong with it."""
    figure, text, source = ((row.get(column) or "").strip() for column in COLUMNS)
    known = asked()
    if figure not in known:
        near = nearest_name(figure, known)
        yield Problem(file, line, figure, "no such figure", figure, ", ".join(known), near)
        return
    if figure in found:
        yield Problem(file, line, figure, f"given twice (first in line {found[figure].line})")
        return
    found[figure] = Given(math.nan, source, line)
    if not text:
        if source:
            yield Problem(file, line, figure, "a source without a value")
        return
    unit = known[figure].unit
    try:
        value = float(text.replace(",", "").removesuffix("%"))
    except ValueError:
        yield Problem(file, line, figure, "not a number", text, f"a number ({unit})")
        return
    found[figure] = Given(value, source, line)
    most = 100.0 if unit == "%" else 10_000_000.0
    least = 1000.0 if figure == "people" else 0.0
    above = value >= least if figure.startswith(("aged", "most", "readm", "four")) else value > 0
    if not (math.isfinite(value) and above and least <= value <= most):
        allowed = f"above {least:,.0f}, at most {most:,.0f} ({unit})"
        yield Problem(file, line, figure, "out of range", text, allowed)
    if not source:
        yield Problem(file, line, figure, "no source", allowed="where the value is from")


def _ages(file: str, found: Mapping[str, Given]) -> Iterator[Problem]:
    """Shares by age: all of them, or none."""
    given = [age for age in AGES if age in found and not math.isnan(found[age].value)]
    if not given:
        return
    line = found[given[0]].line
    if len(given) < len(AGES):
        lacking = [age for age in AGES if age not in given]
        yield Problem(file, line, given[0], f"shares by age come together; missing: {lacking}")
        return
    total = sum(found[age].value for age in AGES)
    if not 99.5 <= total <= 100.5:
        yield Problem(file, line, given[0], "shares by age do not add up to 100 %", f"{total:g}")
