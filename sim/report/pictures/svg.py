"""A drawing as SVG text: shapes and words, escaped, with a name for those who hear it.

For the pictures of a page, which are small, sharp at every size and print in grey. Coordinates
are in CSS pixels of the drawing's own width.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html import escape

# Okabe and Ito's palette; on white, ink and the first three have at least 4.5 : 1
INK, QUIET, RULE, PALE = "#1d2429", "#5a6268", "#c4cacf", "#eef1f3"
BLUE, VERMILION, GREEN = "#005f97", "#b34700", "#00725a"
BEFORE, AFTER = "#6b7278", BLUE

SIZE = 13.0  #: font size of most words
SMALL = 11.5
_WIDE = 0.56  # width of a mean character in font sizes


def width_of(text: str, size: float = SIZE) -> float:
    """About how wide a text is; rather too wide than too narrow."""
    return len(text) * size * _WIDE


def clipped(text: str, room: float, size: float = SIZE) -> str:
    """A text that fits into a width, its end replaced by an ellipsis if it has to be."""
    most = max(3, int(room / (size * _WIDE)))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def wrapped(text: str, room: float, lines: int, size: float = SIZE) -> list[str]:
    """A text in at most so many lines of a width."""
    import textwrap

    most = max(3, int(room / (size * _WIDE)))
    return textwrap.wrap(text, most, max_lines=lines, placeholder=" …") or [""]


@dataclass
class Drawing:
    """A picture that is being drawn; `parts` are the elements so far."""

    width: float
    height: float
    name: str
    parts: list[str] = field(default_factory=list)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str = RULE, **more: object
    ) -> None:
        """Draw a straight line."""
        self._add("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, **more)

    def rect(self, x: float, y: float, width: float, height: float, **more: object) -> None:
        """Draw a rectangle."""
        self._add("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), **more)

    def circle(self, x: float, y: float, radius: float, **more: object) -> None:
        """Draw a circle."""
        self._add("circle", cx=x, cy=y, r=radius, **more)

    def path(self, d: str, **more: object) -> None:
        """Draw a path; its title, if given, is shown when it is pointed at."""
        self._add("path", d=d, **more)

    def polyline(self, points: list[tuple[float, float]], colour: str, **more: object) -> None:
        """Draw a line through points."""
        text = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        more = {"stroke_width": 2, **more}
        self._add("polyline", points=text, fill="none", stroke=colour, **more)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        size: float = SIZE,
        colour: str = INK,
        anchor: str = "start",
        bold: bool = False,
    ) -> None:
        """Write words with their baseline at y."""
        weight = ' font-weight="600"' if bold else ""
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{colour}"{at}{weight}>'
            f"{escape(words)}</text>"
        )

    def markup(self) -> str:
        """The drawing as an SVG element."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(self.name)}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" '
            f'width="{self.width:g}" height="{self.height:g}">{"".join(self.parts)}</svg>'
        )

    def _add(self, tag: str, **attributes: object) -> None:
        title = attributes.pop("title", None)
        written = " ".join(
            f'{name.replace("_", "-")}="{_value(value)}"' for name, value in attributes.items()
        )
        inside = f"<title>{escape(str(title))}</title>" if title else ""
        self.parts.append(f"<{tag} {written}>{inside}</{tag}>" if inside else f"<{tag} {written}/>")


def _value(value: object) -> str:
    if isinstance(value, float):
        return f"{value:.1f}".removesuffix(".0")
    return escape(str(value))


def ticks(top: float, most: int = 4) -> list[float]:
    """Round numbers from 0 to just beyond `top`, at most `most` steps."""
    import math

    if not math.isfinite(top) or top <= 0:
        return [0.0, 1.0]
    rough = top / most
    scale = 10 ** math.floor(math.log10(rough))
    step = next(m * scale for m in (1, 2, 2.5, 5, 10) if m * scale >= rough * 0.999)
    return [step * i for i in range(math.ceil(top / step - 1e-9) + 1)]


def number(value: float) -> str:
    """A number of a scale, without needless digits."""
    return f"{value:,.10g}"
