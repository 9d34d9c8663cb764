"""Writing the content of a page as one self-contained HTML file.

Templates, stylesheet and script are package data; all text is escaped on the way in. The page
asks for nothing from anywhere: a policy in its head forbids it.
"""

from __future__ import annotations

import base64
import csv
import io
import re
from importlib import resources
from typing import TYPE_CHECKING

from sim.report.page.content import Page
from sim.report.tables.grids import Grid

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup


def html(page: Page) -> str:
    """The page as HTML."""
    environment = _environment()
    figures = {id(figure): number for number, figure in enumerate(page.figures(), start=1)}
    text: str = environment.get_template("page.html").render(
        page=page, number_of=lambda figure: figures[id(figure)]
    )
    return re.sub(r"\n\s*\n+", "\n", text)


def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("sim.report.page"),
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["drawing"] = Markup  # pictures are SVG that escaped its own words
    environment.filters["csv"] = download
    environment.filters["slug"] = slug
    environment.globals["own"] = _own
    return environment


def _own(name: str) -> Markup:
    """The package's stylesheet or script, which is no text from outside."""
    from markupsafe import Markup

    file = resources.files("sim.report.page") / "templates" / name
    return Markup(file.read_text(encoding="utf-8"))


def slug(text: str) -> str:
    """A text as an anchor or the name of a file."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def download(grid: Grid) -> str:
    """A table as the address of a CSV file that is within the page itself."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    headed = any(section.heading for section in grid.sections)
    writer.writerow([*(["group"] if headed else []), *grid.columns])
    for section in grid.sections:
        for row in section.rows:
            writer.writerow([*([section.heading] if headed else []), *row.cells])
    text = base64.b64encode(written.getvalue().encode("utf-8-sig")).decode("ascii")
    return f"data:text/csv;base64,{text}"
