"""People counted by strata: a CSV file with one column per attribute and a count in `people`."""

from __future__ import annotations

import csv
import io
import os
from dataclasses import dataclass, field
from typing import Any

from sim.scenario.files.csv_text import BadSheetError, Hashes, text_of_sheet
from sim.scenario.files.reading import Node
from sim.scenario.problems import Problem, clipped, nearest_name, shown_file
from sim.scenario.written.lists import LONGEST_NAME, MOST_LEVELS
from sim.scenario.written.lists import name as read_name
from sim.scenario.written.numbers import MOST_PEOPLE
from sim.scenario.written.positions import Spot
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import Strata

#: Column that counts people.
COUNT = "people"

#: Most rows.
MOST_ROWS = 100_000

#: Most problems reported of one file.
MOST_PROBLEMS = 20


def strata_of(node: Node, problems: list[Problem], hashes: Hashes | None = None) -> Any:
    """The strata in the file that `node` names; `BROKEN`, with problems, if there are none.

    The hash of the file goes to `hashes`.
    """
    file = os.path.normpath(os.path.join(os.path.dirname(node.file), node.value))
    sheet = _Sheet(shown_file(file))
    try:
        found = sheet.strata(text_of_sheet(file, hashes))
    except BadSheetError as error:
        where = (node.file, node.line, "people.strata")
        problems.append(Problem(*where, str(error), shown_file(file), error.allowed))
        return BROKEN
    except csv.Error as error:
        sheet.say(1, "", "the file is not CSV", str(error), "a CSV file")
    problems += sheet.problems
    return BROKEN if sheet.problems else found


@dataclass
class _Sheet:
    """A file of strata being read, with the problems found so far."""

    file: str
    problems: list[Problem] = field(default_factory=list)

    def strata(self, text: str) -> Strata | None:
        """The strata of the file's rows, the first of which names the columns."""
        rows = csv.reader(io.StringIO(text, newline=""))
        header = [cell.strip() for cell in next(rows, [])]
        if COUNT not in header:
            near = nearest_name(COUNT, header)
            self.say(1, "", f"there is no column `{COUNT}`", ", ".join(header), COUNT, near)
            return None
        self._check_header(header)
        names = tuple(name for name in header if name != COUNT)
        people: dict[tuple[str, ...], int] = {}
        lines: dict[tuple[str, ...], int] = {}
        for row in rows:
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            if len(people) == MOST_ROWS:
                self.say(rows.line_num, "", "too many rows", "", f"at most {MOST_ROWS:,}")
                return None
            if len(cells) != len(header):
                found, allowed = str(len(cells)), str(len(header))
                self.say(rows.line_num, "", "wrong number of columns", found, allowed)
                continue
            count = cells.pop(header.index(COUNT))
            stratum = tuple(cells)
            self._check_stratum(rows.line_num, names, stratum, lines)
            people[stratum] = self._people(rows.line_num, count)
        found_strata = Strata(names, tuple(people), tuple(people.values()))
        if not self.problems:
            self._check_totals(found_strata)
        return found_strata

    def say(
        self, line: int, path: str, what: str, found: str, allowed: str, nearest: str = ""
    ) -> None:
        """Keep a problem, unless there are too many already."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(
                Problem(self.file, line, path, what, clipped(found), allowed, nearest)
            )

    def _check_header(self, header: list[str]) -> None:
        for number, name in enumerate(header):
            spot = Spot()
            spot.each(0, read_name, name)
            for complaint in spot.complaints:
                what = f"column {number + 1} is {complaint.what}"
                self.say(1, "", what, name, complaint.allowed, complaint.nearest)
            if name in header[:number]:
                self.say(1, "", f"two columns are called `{name}`", name, "each name once")

    def _check_stratum(
        self,
        line: int,
        names: tuple[str, ...],
        stratum: tuple[str, ...],
        lines: dict[tuple[str, ...], int],
    ) -> None:
        for name, level in zip(names, stratum, strict=False):
            if not level or level == "by" or len(level) > LONGEST_NAME:
                self.say(line, name, "not a level", level or "nothing", "the name of a level")
        if stratum in lines:
            what = f"the stratum of line {lines[stratum]} again"
            self.say(line, "", what, ", ".join(stratum), "each stratum once")
        lines.setdefault(stratum, line)

    def _people(self, line: int, cell: str) -> int:
        """A count, also written `120.0` as spreadsheets do."""
        text = cell.removesuffix(".0")
        if text.isdecimal() and text.isascii() and len(text) <= 9:
            return int(text)
        self.say(line, COUNT, "not a number of people", cell, "a whole number, 0 or more")
        return 0

    def _check_totals(self, strata: Strata) -> None:
        total = sum(strata.counts)
        if not 1 <= total <= MOST_PEOPLE:
            what = "not a possible number of people"
            self.say(1, COUNT, what, f"{total:,}", f"1 to {MOST_PEOPLE:,}")
        for column, name in enumerate(strata.attributes):
            found = len({row[column] for row in strata.rows})
            if found > MOST_LEVELS:
                self.say(1, name, "too many levels", str(found), f"at most {MOST_LEVELS}")
