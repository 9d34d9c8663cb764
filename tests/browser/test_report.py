"""The page in a real browser: whole, accessible, printable, and asking for nothing."""

import base64
import io
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sim.cli.main import main
from tests.report.page.small import OPTION, SCENARIO, files

#: titles that would be code, markup or a formula if they were not text
HOSTILE = """<script>alert(1)</script> & "$x^2$" {{ 7*7 }}"""
IMAGE = "<img src=x onerror=alert(2)>"

#: widths of a desk and of a telephone, in CSS pixels
WIDTHS = (1280, 390)


@dataclass(frozen=True)
class Written:
    """A folder with a page, and what the command printed."""

    folder: Path
    printed: str

    @property
    def address(self) -> str:
        """The page's own address."""
        return (self.folder / "report.html").as_uri()


def compared(folder: Path, hostile: bool = False) -> Written:
    """Run the command itself on the small place."""
    import contextlib

    before, option = files(folder)
    if hostile:
        quoted = "'" + HOSTILE.replace("'", "''") + "'"
        text = before.read_text().replace("title: Before", f"title: {quoted}")
        before.write_text(
            re.sub(r"title: (Ward|Ambulance crew|Mrs B)(?=[,\n])", f"title: {quoted}", text)
        )
        option.write_text(OPTION.replace("More beds in the community", f'"{IMAGE}"'))
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(io.StringIO()):
        out = folder / "out"
        arguments = [str(before), str(option), "--replications", "5", "--workers", "1"]
        assert main(["compare", *arguments, "--by", "age", "--out", str(out)]) == 0
    return Written(out, printed.getvalue())


@pytest.fixture(scope="module")
def written(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Written:
    return compared(tmp_path_factory.mktemp("plain"))


def opened(browser: Any, written: Written, width: int = 1280, **options: Any) -> Any:
    page = browser.new_page(viewport={"width": width, "height": 900}, **options)
    page.goto(written.address)
    return page


def plain(text: str) -> str:
    """A text without spaces and ligatures, which a printer sets as it likes."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_the_small_place_is_what_the_tests_think() -> None:
    assert "Mrs B" in SCENARIO


@pytest.mark.parametrize("width", WIDTHS)
def test_axe_finds_nothing(browser: Any, written: Written, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = opened(browser, written, width)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_the_screen(browser: Any, written: Written, width: int) -> None:
    page = opened(browser, written, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", WIDTHS)
def test_no_cell_is_squeezed_to_a_column_of_letters(
    browser: Any, written: Written, width: int
) -> None:
    page = opened(browser, written, width)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    narrowest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('tbody th')].map(c => c.offsetWidth))"
    )
    assert narrowest > 90


def test_no_request_leaves_the_page(browser: Any, written: Written) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(written.address)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    page.wait_for_timeout(300)
    assert [url for url in asked if not url.startswith("data:")] == [written.address]
    text = (written.folder / "report.html").read_text()
    assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', text)


def test_the_page_is_complete_without_javascript(browser: Any, written: Written) -> None:
    rows = "document.querySelectorAll('tbody tr').length"
    shown = []
    for enabled in (True, False):
        context = browser.new_context(java_script_enabled=enabled)
        page = context.new_page()
        page.goto(written.address)
        shown.append((page.locator("tbody tr").count(), page.locator("main").inner_text()))
        context.close()
    assert shown[0][0] == shown[1][0] > 100, rows
    without_boxes = shown[0][1].replace("Show rows with", "")
    assert without_boxes.split() == shown[1][1].split()


def test_a_search_box_leaves_the_rows_that_have_the_words(browser: Any, written: Written) -> None:
    page = opened(browser, written)
    page.evaluate("for (const d of document.querySelectorAll('details')) d.open = true")
    box = page.locator("#tables .filtered").last
    everything = box.locator("tbody tr:not(.heading):visible").count()
    box.locator("input").fill("bed_days")
    left = box.locator("tbody tr:not(.heading):visible")
    assert 0 < left.count() < everything
    # the name of a measure stands above its rows
    groups = left.evaluate_all("rows => rows.map(row => row.parentElement.textContent)")
    assert all("bed_days" in text for text in groups)


def test_a_hostile_title_stays_text(browser: Any, tmp_path: Path) -> None:
    page = browser.new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(compared(tmp_path, hostile=True).address)
    page.wait_for_timeout(200)
    assert not dialogs
    assert page.title() == page.locator("h1").inner_text() == f"{IMAGE} against {HOSTILE}"
    assert page.locator("img").count() == 0
    assert page.locator("script").count() == 1


def test_numbers_are_those_that_the_command_prints(browser: Any, written: Written) -> None:
    page = opened(browser, written)
    rows = page.evaluate(
        "[...document.querySelectorAll('#tables tr')].map("
        "r => [...r.cells].map(c => c.textContent.trim()).filter(t => t))"
    )
    known = {tuple(row) for row in rows}
    lines = [
        tuple(cell.strip() for cell in re.split(r"\s{2,}", line.strip()))
        for line in written.printed.splitlines()
    ]
    # a line of a table of differences: a label, two numbers, a difference
    printed = [cells for cells in lines if len(cells) >= 4 and re.match(r"[-£+\d]", cells[1])]
    assert len(printed) > 20
    assert [cells for cells in printed if cells not in known] == []


def test_every_figure_has_its_finding_its_table_and_a_file(browser: Any, written: Written) -> None:
    page = opened(browser, written)
    figures = page.locator("figure")
    assert figures.count() >= 6
    for figure in figures.all():
        assert len(figure.locator("figcaption").inner_text()) > 30
        assert figure.locator("svg[role=img]").get_attribute("aria-label")
        assert figure.locator("details tbody tr").count() > 0
        href = figure.locator("a[download]").get_attribute("href")
        text = base64.b64decode(href.partition(",")[2]).decode("utf-8-sig")
        assert len(text.splitlines()) == figure.locator("details tr:not(.heading)").count()


def test_what_is_opened_is_printed(browser: Any, written: Written, tmp_path: Path) -> None:
    """Tables behind figures are left out on paper, which the first page says, unless opened."""
    pypdf = pytest.importorskip("pypdf")
    page = opened(browser, written)
    behind = plain(page.locator("figure details caption").first.text_content())
    texts = []
    for script in ("1", "document.querySelector('figure details').open = true"):
        page.evaluate(script)
        page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
        sheets = pypdf.PdfReader(tmp_path / "page.pdf").pages
        texts.append([plain(sheet.extract_text()) for sheet in sheets])
    assert plain("report.html, has them") in texts[0][0]
    assert not any(behind in sheet for sheet in texts[0])
    assert any(behind in sheet for sheet in texts[1])


def test_no_figure_is_cut_in_print(browser: Any, written: Written, tmp_path: Path) -> None:
    """What stands first and what stands last in a figure are on one page of the PDF."""
    pypdf = pytest.importorskip("pypdf")
    page = opened(browser, written)
    ends = page.evaluate(
        "[...document.querySelectorAll('figure')].map(f => [f.querySelector('strong').textContent,"
        " ...[...f.querySelectorAll('svg text')].map(t => t.textContent).slice(-3)])"
    )
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    sheets = [plain(sheet.extract_text()) for sheet in pypdf.PdfReader(tmp_path / "page.pdf").pages]
    assert len(sheets) > 2
    for caption, *words in ends:
        wanted = [plain(text) for text in (caption, *words)]
        begun = [sheet for sheet in sheets if wanted[0] in sheet]
        missing = [[text for text in wanted if text not in sheet] for sheet in begun]
        assert [] in missing, (caption, missing)
