"""Draw the picture of a place from the first table of its page, for the gallery in `scenarios`.

    python experiments/places/picture.py southwark

What is drawn is what the page says, number for number: which column, and with which title, is in
the head of the template (`picture`). `page.py` draws it whenever it writes the page.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]

_NUMBER = r"([+-]?[\d,.]+)(?: %)?"
_CELL = re.compile(rf"{_NUMBER}(?: \({_NUMBER} to {_NUMBER}\))?")


@dataclass(frozen=True)
class Bar:
    """One row: its name, its number, and the ends of the interval if it has one."""

    name: str
    value: float
    low: float | None
    high: float | None


def template(name: str) -> tuple[dict[str, Any], str]:
    """What stands at the head of the template of a place's page, and its words."""
    _, head, text = (HERE / f"{name}.md").read_text(encoding="utf-8").split("---\n", 2)
    return YAML(typ="safe").load(head), text


def bars(name: str, column: str) -> list[Bar]:
    """The rows of a column of the page's first table.

    Raises
    ------
    ValueError
        If the table has no such column.
    """
    text = (ROOT / "docs" / "places" / f"{name}.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in _first_table(text)]
    at = rows[0].index(column)
    return [_bar(row[0], row[at]) for row in rows[2:]]


def _first_table(text: str) -> list[str]:
    lines = text.splitlines()
    first = next(k for k, line in enumerate(lines) if line.startswith("|"))
    last = next(k for k in range(first, len(lines)) if not lines[k].startswith("|"))
    return lines[first:last]


def _bar(name: str, cell: str) -> Bar:
    found = _CELL.match(cell)
    if found is None:
        raise ValueError(f"no number in {cell!r}")
    value, low, high = (None if g is None else float(g.replace(",", "")) for g in found.groups())
    assert value is not None
    return Bar(name, value, low, high)


def draw(name: str) -> Path:
    """Draw the picture of a place; of rows that are changes, without what they are changes of."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt
    from matplotlib.ticker import MaxNLocator

    said = template(name)[0]["picture"]
    rows = bars(name, said["column"])
    if any(row.low is not None for row in rows):
        rows = [row for row in rows if row.low is not None]
    rows = rows[::-1]
    figure, axes = plt.subplots(figsize=(8, 0.45 * len(rows) + 1.1), dpi=100)
    axes.barh([row.name for row in rows], [row.value for row in rows], color="#4c78a8")
    for k, row in enumerate(rows):
        if row.low is not None and row.high is not None:
            axes.plot([row.low, row.high], [k, k], color="black", linewidth=1.5)
    axes.axvline(0, color="black", linewidth=0.8)
    figure.suptitle(said["title"], x=0.01, ha="left", fontsize=11)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    out = ROOT / "docs" / "places" / f"{name}.png"
    figure.savefig(out, metadata={"Software": None})
    plt.close(figure)
    return out


if __name__ == "__main__":
    print(draw(sys.argv[1]))
