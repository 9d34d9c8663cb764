"""A table as data: headings, sections of rows, notes; and the three ways it is written.

To a terminal with rich, into a page as markdown, or as plain text for logs and files. What is
in the cells is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table

#: rich styles of the tones a row may have
STYLES = {"better": "blue", "worse": "dark_orange3", "quiet": "bright_black", "": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one line; `tone` is a key of `STYLES`, never the only carrier of meaning."""

    cells: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """Rows under a heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the first column is text and the others are numbers unless named in `words`.

    `spare` names columns that may be left out of a narrow terminal, the first to go first.
    """

    title: str
    columns: tuple[str, ...]
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    words: frozenset[str] = field(default_factory=frozenset)
    spare: tuple[str, ...] = ()

    @property
    def rights(self) -> tuple[bool, ...]:
        """For each column, whether it is aligned to the right."""
        return tuple(
            index > 0 and column not in self.words for index, column in enumerate(self.columns)
        )


#: characters that the first column needs at least
_LEAST = 26


def fitted(grid: Grid, width: int) -> Grid:
    """Leave out spare columns until the others fit into a width in characters."""
    for column in grid.spare:
        if _width(grid) <= width:
            break
        keep = [index for index, name in enumerate(grid.columns) if name != column]
        grid = replace(
            grid,
            columns=tuple(grid.columns[index] for index in keep),
            sections=tuple(
                Section(
                    section.heading,
                    tuple(
                        Row(tuple(row.cells[index] for index in keep), row.tone)
                        for row in section.rows
                    ),
                )
                for section in grid.sections
            ),
        )
    return grid


def _width(grid: Grid) -> int:
    """Characters that a grid takes if its first column is as narrow as it may be."""
    rows = [row.cells for section in grid.sections for row in section.rows]
    numbers = range(1, len(grid.columns))
    return _LEAST + sum(
        2 + max(len(cells[index]) for cells in (grid.columns, *rows)) for index in numbers
    )


def to_rich(grid: Grid, width: int | None = None) -> Table:
    """Make a rich table; notes become its caption.

    Parameters
    ----------
    grid
        The table.
    width
        Characters there are; spare columns that do not fit are left out.
    """
    from rich import box
    from rich.markup import escape
    from rich.table import Table
    from rich.text import Text

    if width is not None:
        grid = fitted(grid, width)
    table = Table(
        title=escape(grid.title),
        caption=escape("\n".join(grid.notes)) or None,
        title_justify="left",
        caption_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column, right in zip(grid.columns, grid.rights, strict=True):
        first = column == grid.columns[0]
        table.add_column(column, justify="right" if right else "left", no_wrap=not first)
    for section in grid.sections:
        if section.heading:
            table.add_row(Text(section.heading, style="bold"))
        for row in section.rows:
            style = STYLES[row.tone]
            indent = "  " if section.heading else ""
            first_cell = Text(indent + row.cells[0])
            table.add_row(first_cell, *(Text(cell, style=style) for cell in row.cells[1:]))
    return table


def to_markdown(grid: Grid, level: int = 2) -> str:
    """Write a pipe table under a heading of a level, notes below."""
    marks = ["---:" if right else ":---" for right in grid.rights]
    lines = [f"{'#' * level} {grid.title}", "", _pipes(grid.columns), _pipes(marks)]
    for section in grid.sections:
        if section.heading:
            lines.append(_pipes([f"**{_plain(section.heading)}**", *[""] * len(grid.columns[1:])]))
        lines += [_pipes([_plain(cell) for cell in row.cells]) for row in section.rows]
    for note in grid.notes:
        lines += ["", _plain(note)]
    return "\n".join(lines) + "\n"


def _pipes(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _plain(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")


def to_text(grid: Grid) -> str:
    """Write aligned columns with nothing but spaces and line ends."""
    lines: list[tuple[str, ...]] = [grid.columns]
    for section in grid.sections:
        if section.heading:
            lines.append((section.heading,))
        indent = "  " if section.heading else ""
        lines += [(indent + row.cells[0], *row.cells[1:]) for row in section.rows]
    widths = [
        max(len(line[index]) for line in lines if index < len(line) > 1)
        for index in range(len(grid.columns))
    ]
    written = [
        "  ".join(
            cell.rjust(width) if right else cell.ljust(width)
            for cell, width, right in zip(line, widths, grid.rights, strict=False)
        ).rstrip()
        for line in lines
    ]
    return "\n".join([grid.title, "", *written, *(["", *grid.notes] if grid.notes else [])]) + "\n"
