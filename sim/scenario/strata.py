"""People counted by strata: a CSV file with one column per attribute and a count in `people`."""

from __future__ import annotations

import csv
import os
from typing import Any

from sim.scenario.lists import LONGEST_NAME, MOST_LEVELS
from sim.scenario.lists import name as read_name
from sim.scenario.problems import Problem, clipped, listed, nearest_name, shown_file
from sim.scenario.reading import Node
from sim.scenario.scalars import BROKEN
from sim.scenario.spots import RefusedError, Spot
from sim.scenario.values import Strata

#: Column that counts people.
COUNT = "people"

#: Largest file, in bytes.
LARGEST_FILE = 8 * 1024 * 1024

#: Most rows.
MOST_ROWS = 100_000

#: Most people altogether.
MOST_PEOPLE = 20_000_000

#: Most problems reported of one file.
MOST_PROBLEMS = 20


def strata_of(node: Node, problems: list[Problem]) -> Any:
    """The strata in the file that `node` names; `BROKEN`, with problems, if there are none."""
    file = os.path.normpath(os.path.join(os.path.dirname(node.file), node.value))
    known = len(problems)
    text = _text(file, node, problems)
    if text is None:
        return BROKEN
    rows = list(csv.reader(text.splitlines(), strict=False))
    found = _strata(rows, file, problems)
    return found if len(problems) == known else BROKEN


def _text(file: str, node: Node, problems: list[Problem]) -> str | None:
    def refuse(what: str, allowed: str = "a CSV file") -> None:
        problems.append(
            Problem(node.file, node.line, "people.strata", what, shown_file(file), allowed)
        )

    if not os.path.isfile(file):
        refuse("there is no such file")
        return None
    try:
        with open(file, "rb") as stream:
            content = stream.read(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            refuse("the file is too large", f"at most {LARGEST_FILE // 1024**2} MB")
            return None
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        refuse("the file is not UTF-8 text")
    except OSError as error:
        refuse(f"the file cannot be read: {error.strerror}")
    return None


def _strata(rows: list[list[str]], file: str, problems: list[Problem]) -> Strata | None:
    """The strata of a file's rows; the first row names the columns."""

    def say(line: int, path: str, what: str, found: str, allowed: str, nearest: str = "") -> None:
        if len(problems) - known < MOST_PROBLEMS:
            problems.append(
                Problem(shown_file(file), line, path, what, clipped(found), allowed, nearest)
            )

    known = len(problems)
    header = [cell.strip() for cell in rows[0]] if rows else []
    if COUNT not in header:
        say(
            1, "", f"there is no column `{COUNT}`", ", ".join(header), listed([COUNT]),
            nearest_name(COUNT, header),
        )  # fmt: skip
        return None
    _check_header(header, say)
    if len(rows) - 1 > MOST_ROWS:
        say(1, "", "too many rows", str(len(rows) - 1), f"at most {MOST_ROWS:,}")
        return None
    counted = header.index(COUNT)
    levels: list[tuple[str, ...]] = []
    counts: list[int] = []
    first_line: dict[tuple[str, ...], int] = {}
    for line, row in enumerate(rows[1:], 2):
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if len(cells) != len(header):
            say(line, "", "wrong number of columns", str(len(cells)), str(len(header)))
            continue
        stratum = tuple(cell for column, cell in enumerate(cells) if column != counted)
        for column, cell in zip((h for h in header if h != COUNT), stratum, strict=True):
            if not cell or cell == "by" or len(cell) > LONGEST_NAME:
                say(line, column, "not a level", cell or "nothing", "the name of a level")
        if stratum in first_line:
            what = f"the stratum of line {first_line[stratum]} again"
            say(line, "", what, ", ".join(stratum), "each stratum once")
        first_line.setdefault(stratum, line)
        count = _count(cells[counted])
        if count is None:
            say(line, COUNT, "not a number of people", cells[counted], "a whole number, 0 or more")
            continue
        levels.append(stratum)
        counts.append(count)
    _check_totals(header, levels, counts, say)
    return Strata(tuple(h for h in header if h != COUNT), tuple(levels), tuple(counts))


def _check_header(header: list[str], say: Any) -> None:
    for column, name in enumerate(header):
        spot = Spot()
        try:
            read_name(name, spot)
        except RefusedError as refused:
            spot.note(refused)
        for complaint in spot.complaints:
            say(1, "", f"column {column + 1} is {complaint.what}", name, complaint.allowed,
                complaint.nearest)  # fmt: skip
        if name in header[:column]:
            say(1, "", f"two columns are called `{name}`", name, "each name once")


def _check_totals(
    header: list[str], levels: list[tuple[str, ...]], counts: list[int], say: Any
) -> None:
    total = sum(counts)
    if not 1 <= total <= MOST_PEOPLE:
        say(1, COUNT, "not a possible number of people", f"{total:,}", f"1 to {MOST_PEOPLE:,}")
    for column, name in enumerate(h for h in header if h != COUNT):
        found = len({row[column] for row in levels})
        if found > MOST_LEVELS:
            say(1, name, "too many levels", str(found), f"at most {MOST_LEVELS}")


def _count(cell: str) -> int | None:
    """A count, also written `120.0` as spreadsheets do."""
    text = cell.removesuffix(".0")
    return int(text) if text.isdecimal() and text.isascii() and len(text) <= 9 else None
