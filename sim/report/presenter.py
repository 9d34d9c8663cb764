"""Results as a notebook shows them: pictures by kind, tables, the page.

`sim.run` and `sim.compare` give this module to their results, which know nothing of reports
(`sim.experiment.results.Presenter`).
"""

from __future__ import annotations

import tempfile
from base64 import b64encode
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from sim.experiment.periods import Per
from sim.experiment.store import manifest, replacing
from sim.report.page import folder
from sim.report.tables.grids import Grid

if TYPE_CHECKING:
    from sim.experiment.results import Comparison, Results

Kind = Literal["differences", "occupancy", "flows", "case"]
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, repr=False)
class Pictures:
    """Pictures drawn: a title, the name of a file and its content (PNG) each."""

    drawn: tuple[tuple[str, str, bytes], ...]

    def __repr__(self) -> str:
        """The titles."""
        return f"<Pictures: {'; '.join(title for title, _, _ in self.drawn)}>"

    def _repr_html_(self) -> str:
        """All of them, one below the other, as a notebook shows them."""
        return "\n".join(
            f'<figure><img alt="{escape(title)}" style="max-width: 100%" '
            f'src="data:image/png;base64,{b64encode(content).decode()}">'
            f"<figcaption>{escape(title)}</figcaption></figure>"
            for title, _, content in self.drawn
        )

    def save(self, to: str | Path) -> list[Path]:
        """Write the files to a folder; returns their paths."""
        written = []
        for _, name, content in self.drawn:
            path = Path(to) / name
            with replacing(path) as temporary:
                temporary.write_bytes(content)
            written.append(path)
        return written


def page(of: Results | Comparison, path: Path, per: Per) -> Path:
    """Write the page of results that were made in Python, where no command line was typed."""
    from sim.experiment.results import Comparison

    arms = of.arms if isinstance(of, Comparison) else (of,)
    return folder.write_page(of, path, manifest(arms, ["python"], 0.0), per)


def pictures(of: Results | Comparison, what: str, per: Per) -> Pictures:
    """Draw the pictures of one kind (see `KINDS`), or of the first there is something to show of.

    Raises
    ------
    ValueError
        If there is no such kind, or nothing to show of it.
    """
    if what and what not in KINDS:
        raise ValueError(f"there is no picture {what!r}; there is: {', '.join(KINDS)}")
    with tempfile.TemporaryDirectory() as aside:
        for kind in KINDS:
            if what in ("", kind) and (found := _drawn(of, kind, Path(aside), per)):
                return Pictures(
                    tuple((title, path.name, path.read_bytes()) for title, path in found)
                )
    raise ValueError(f"there is nothing to show{f' of {what!r}' if what else ''} in these results")


def _drawn(of: Results | Comparison, kind: Kind, to: Path, per: Per) -> list[folder.Picture]:
    from sim.experiment.results import Comparison

    if kind == "occupancy":
        return folder.occupancy_pictures(of.arms if isinstance(of, Comparison) else [of], to)
    if not isinstance(of, Comparison):
        return []
    if kind == "differences":
        together = folder.options_picture(of, to, per)
        return [*together, *folder.difference_pictures(of, to, per)]
    return folder.flow_pictures(of, to) if kind == "flows" else folder.case_pictures(of, to)


def html(of: Results | Comparison) -> str:
    """The main tables."""
    from sim.experiment.results import Comparison

    grids = folder.comparison_tables(of) if isinstance(of, Comparison) else folder.run_tables(of)
    return "\n".join(_table(grid) for grid in grids)


def _table(grid: Grid) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in grid.columns)
    body = []
    for section in grid.sections:
        if section.heading:
            body.append(
                f'<tr><th colspan="{len(grid.columns)}">{escape(section.heading)}</th></tr>'
            )
        for row in section.rows:
            body.append(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row.cells)}</tr>")
    notes = "".join(f"<p>{escape(note)}</p>" for note in grid.notes)
    return (
        f"<table><caption>{escape(grid.title)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(body)}</tbody></table>{notes}"
    )
