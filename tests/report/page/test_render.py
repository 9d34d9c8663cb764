"""A page is escaped text, complete in itself, and says of what it knows nothing."""

import base64
import re
from pathlib import Path

from sim.report.page import basis, render
from sim.report.page.content import SUPPLY, Figure, Fold, Page, Section, Table, Text
from sim.report.tables.grids import Grid, Row
from sim.report.tables.grids import Section as Rows

ROOT = Path(__file__).resolve().parents[3]
EVIL = "<b>&\"'{{ 7 * 7 }}"
GRID = Grid(EVIL, ("", EVIL), (Rows(EVIL, (Row((EVIL, "1")),)),), (EVIL,))


def page() -> Page:
    figure = Figure(EVIL, EVIL, '<svg role="img" aria-label="x"></svg>', GRID, "a figure")
    parts = (Text((EVIL,), EVIL), Table(GRID, EVIL, filtered=True), Fold(EVIL, (figure,)))
    return Page(EVIL, EVIL, (EVIL,), (Section("s", EVIL, parts),), EVIL)


def test_all_text_is_escaped_wherever_it_stands() -> None:
    text = render.html(page())
    assert "<b>" not in text
    assert "49" not in re.sub(r"base64,[A-Za-z0-9+/=]*", "", text)
    assert text.count("&lt;b&gt;") >= 12


def test_nothing_is_loaded_from_elsewhere() -> None:
    text = render.html(page())
    assert "default-src 'none'" in text
    assert not re.findall(r'(?:src|href)="(?!#|data:)', text)
    assert "@import" not in text
    assert "url(" not in text


def test_what_did_not_settle_stands_above_everything() -> None:
    text = render.html(page())
    assert text.index("did not settle") < text.index("<main>")


def test_a_table_can_be_downloaded_as_it_stands() -> None:
    address = render.download(GRID)
    written = base64.b64decode(address.partition(",")[2]).decode("utf-8-sig")
    assert written.splitlines()[0].startswith("group,,")
    assert len(written.splitlines()) == 2


def test_what_a_page_says_is_not_modelled_is_what_the_readme_says() -> None:
    """One is for whoever decides whether to use the program, one for whoever reads a result."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = text[text.index("What is not modelled") :]
    named = re.findall(r"^- \*\*(.+?)\*\*", listed, re.MULTILINE)
    assert [name for name, _ in basis.NOT_MODELLED] == named


def test_a_value_is_written_on_one_line() -> None:
    assert basis.compact({"by": "age", "old": [1, 0.5], "other": "20 min"}) == (
        "{by: age, old: [1, 0.5], other: 20 min}"
    )
    assert SUPPLY.startswith("not stated")
