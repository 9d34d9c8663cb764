"""What every picture shares: size, fonts, colours, heading, caption, and how it is written.

Pictures are drawn with matplotlib's object interface on an Agg canvas, so they need no display
and leave no global state. Each kind of picture has its own file, which first prepares plain
data (tested as claims) and then draws it.
"""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.store import replacing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 10.0  #: inches; with DPI below, 1500 pixels, which a page shows at 700 to 1500
DPI = 150

# Okabe and Ito's palette, told apart by readers with any kind of colour vision
BLUE, ORANGE, VERMILION, GREEN = "#0072B2", "#E69F00", "#D55E00", "#009E73"
SKY, PURPLE, GREY, INK, PALE = "#56B4E9", "#CC79A7", "#767676", "#222222", "#E9ECEF"
BASELINE = "#5B5B5B"
TINT = "#E3F0F8"  #: behind the side on which a measure is better
ARMS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)

BODY, SMALL, TITLE = 11.0, 9.5, 15.0  #: font sizes in points

_HEAD = 0.16  # inches above the title
_SIDE = 0.22  # inches left of the title
_LINE = 1.3  # line height in font sizes


def new_figure(height: float, width: float = WIDTH) -> Figure:
    """Return an empty figure of a size in inches, on an Agg canvas."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), dpi=DPI, facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def header_height(title: str, subtitle: str) -> float:
    """Inches that `heading` takes, so that a figure can be made high enough."""
    lines = len(_wrap(title, TITLE)), len(_wrap(subtitle, BODY))
    return _HEAD + (lines[0] * TITLE * _LINE + lines[1] * BODY * _LINE) / 72 + 0.12


def footer_height(caption: str) -> float:
    """Inches that `footer` takes."""
    return len(_wrap(caption, SMALL)) * SMALL * _LINE / 72 + 0.2


def heading(figure: Figure, title: str, subtitle: str) -> None:
    """Write what the picture shows, and below it how to read it, at the top left."""
    width, height = figure.get_size_inches()
    top = height - _HEAD
    for text, size, weight, colour in (
        (title, TITLE, "bold", INK),
        (subtitle, BODY, "normal", "#444444"),
    ):
        lines = _wrap(text, size)
        if not lines:
            continue
        figure.text(
            _SIDE / width,
            top / height,
            "\n".join(lines),
            fontsize=size,
            fontweight=weight,
            color=colour,
            va="top",
            linespacing=_LINE,
        )
        top -= len(lines) * size * _LINE / 72


def footer(figure: Figure, caption: str) -> None:
    """Write on what the picture rests (replications, seeds, period) at the bottom left."""
    width, height = figure.get_size_inches()
    figure.text(
        _SIDE / width,
        0.1 / height,
        "\n".join(_wrap(caption, SMALL)),
        fontsize=SMALL,
        color="#555555",
        va="bottom",
        linespacing=_LINE,
    )


def _wrap(text: str, size: float) -> list[str]:
    # 0.53 of the font size is the mean width of a DejaVu Sans character, bold a little more
    wide = 0.61 if size >= TITLE else 0.53
    return textwrap.wrap(text, int((WIDTH - 2 * _SIDE) * 72 / (size * wide)))


def place(
    figure: Figure, left: float, bottom: float, right: float, top: float, **options: object
) -> Axes:
    """Add axes whose four edges are in inches from the figure's left and bottom."""
    width, height = figure.get_size_inches()
    box = (left / width, bottom / height, (right - left) / width, (top - bottom) / height)
    axes: Axes = figure.add_axes(box, **options)  # type: ignore[call-overload]
    return axes


def plain(axes: Axes, *, keep: Sequence[str] = ("bottom",)) -> None:
    """Leave only the spines that carry a scale, and set legible ticks."""
    for side, spine in axes.spines.items():
        spine.set_visible(side in keep)
        spine.set_color("#999999")
    axes.tick_params(labelsize=SMALL, colors="#444444", length=3)


def save(figure: Figure, path: Path) -> Path:
    """Write a figure in the format of the path's suffix; never leave half a file.

    The file is written beside its place and renamed, so a reader sees the old picture or the
    new one. No date is stored: the same picture is the same bytes.
    """
    import matplotlib
    from matplotlib.text import Text

    kind = path.suffix.removeprefix(".")
    metadata: dict[str, str | None] = {"Date": None} if kind == "svg" else {}
    # words are words, also those between two dollars; labels of ticks are made while drawing
    for text in figure.findobj(Text):
        text.set_parse_math(False)
    with matplotlib.rc_context({"text.parse_math": False}), replacing(path) as temporary:
        figure.savefig(temporary, format=kind, metadata=metadata)
    return path
