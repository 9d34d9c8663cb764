"""What stands on a page, as plain data: sections of texts, cards, tables, figures and folds.

Building a page ends in this; writing it (`render`) begins with it. Nothing here knows HTML, save
that the drawing of a figure is SVG.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sim.report.tables.grids import Grid

#: where a person has to write what no file says
SUPPLY = "not stated: supply"


@dataclass(frozen=True, slots=True)
class Text:
    """Paragraphs; `tone` is `notice` for what must be read before any number, else empty."""

    paragraphs: tuple[str, ...]
    heading: str = ""
    tone: str = ""
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; of each item what it is called and what is said of it."""

    items: tuple[tuple[str, str], ...]
    heading: str = ""
    kind: str = "bullets"


@dataclass(frozen=True, slots=True)
class Card:
    """One number that is read first; `tone` is a verdict and is written out too."""

    title: str
    value: str
    note: str
    verdict: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """Cards side by side."""

    cards: tuple[Card, ...]
    heading: str = ""
    kind: str = "cards"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `name` is that of its file if it can be downloaded. `filtered`: by a search box."""

    grid: Grid
    name: str = ""
    filtered: bool = False
    kind: str = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its finding as caption, and the table behind it.

    `wide` asks for a page in landscape when printed.
    """

    title: str
    finding: str
    svg: str
    grid: Grid
    name: str
    wide: bool = False
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class Fold:
    """Parts that are opened by a reader who wants to know more."""

    summary: str
    parts: tuple[Part, ...]
    kind: str = "fold"


Part = Text | Bullets | Cards | Table | Figure | Fold


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page with a heading; `id` is its anchor."""

    id: str
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A whole page: its title, what must be read first, the sections, what made it."""

    title: str
    subtitle: str
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    footer: str

    def figures(self) -> Iterator[Figure]:
        """Every figure in order."""
        for section in self.sections:
            yield from _figures(section.parts)


def _figures(parts: tuple[Part, ...]) -> Iterator[Figure]:
    for part in parts:
        if isinstance(part, Figure):
            yield part
        elif isinstance(part, Fold):
            yield from _figures(part.parts)
