"""What the docs tell a reader to do works, and shows what they say it shows."""

from __future__ import annotations

import re
import shutil
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from tests.docs.following import blocks, follow

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])

#: larger pictures make a repository heavy
LARGEST_PICTURE = 300_000


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, made the current one, beside the shipped scenarios."""
    shutil.copytree(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_first_scenario_of_the_readme_has_ten_lines_and_runs(desk: Path) -> None:
    page = ROOT / "README.md"
    first = next(block for block in blocks(page.read_text("utf-8")) if block.language == "yaml")
    assert len(first.text.splitlines()) <= 10
    assert follow(page, desk) == []


@pytest.mark.slow
@pytest.mark.parametrize("page", ["tutorial.md", "results.md"])
def test_every_block_of_a_page_works_in_order(page: str, desk: Path) -> None:
    assert follow(ROOT / "docs" / page, desk) == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/howto/*.md")), ids=name)
def test_every_block_of_a_how_to_page_works(page: Path, desk: Path) -> None:
    assert follow(page, desk) == []


def test_every_block_on_experiments_works_in_order(desk: Path) -> None:
    assert follow(ROOT / "docs" / "experiments.md", desk) == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_to_files_and_headings_that_exist(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("http:", "https:")):
            continue
        path, _, anchor = target.partition("#")
        there = (page.parent / path).resolve() if path else page
        assert there.exists(), f"{name(page)} links to {target}"
        if anchor:
            assert anchor in anchors(there), f"{name(page)} links to {target}"


def anchors(page: Path) -> set[str]:
    """What can be linked to within a page, as its readers make it of headings."""
    text = page.read_text(encoding="utf-8")
    found = set(re.findall(r'<a id="([^"]+)"', text))
    for heading in re.findall(r"^#+ (.+)$", text, flags=re.MULTILINE):
        words = re.sub(r"[^\w\- ]", "", heading.lower())
        found.add(words.replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_lines_of_prose_can_be_read_in_an_editor(page: Path) -> None:
    written = page.read_text(encoding="utf-8")
    prose = re.sub(r"```.*?```", "", written, flags=re.DOTALL).splitlines()
    long = [line for line in prose if len(line) > 110 and not line.startswith("|")]
    assert [line for line in long if not re.search(r"\]\(|`", line)] == []


def test_the_docs_list_every_page() -> None:
    folder = ROOT / "docs"
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for page in folder.rglob("*.md"):
        if page.name != "README.md":
            assert f"({page.relative_to(folder).as_posix()})" in listed, page.name


def drawing() -> ModuleType:
    """The script that draws the pictures."""
    spec = spec_from_file_location("draw", ROOT / "docs" / "pictures" / "draw.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pictures_are_drawn_from_the_scenarios_as_they_are() -> None:
    """If not: python docs/pictures/draw.py."""
    draw = drawing()
    assert draw.drawn_from((ROOT / "README.md").read_text(encoding="utf-8")) == draw.hashes_now()


def test_asking_the_script_for_help_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = drawing()
    monkeypatch.setattr(sys, "argv", ["draw.py", "--help"])
    monkeypatch.setattr(draw.sim, "compare", lambda *_: pytest.fail("it draws"))
    with pytest.raises(SystemExit) as stop:
        draw.main()
    assert stop.value.code == 0


def test_pictures_are_small_and_used() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    pictures = list((ROOT / "docs" / "pictures").glob("*.png"))
    assert sorted(picture.name for picture in pictures) == sorted(drawing().PICTURES.values())
    for picture in pictures:
        assert picture.stat().st_size < LARGEST_PICTURE
        assert f"pictures/{picture.name})" in text


def test_every_page_that_is_written_by_a_command_can_be_written_by_name(tmp_path: Path) -> None:
    spec = spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None and spec.loader is not None
    generate = module_from_spec(spec)
    spec.loader.exec_module(generate)
    named = re.compile(r"<!-- written by `python docs/generate\.py (\w+)`")
    pages = [path.read_text(encoding="utf-8") for path in (ROOT / "docs").glob("*.md")]
    written = {found[1] for page in pages if (found := named.search(page))}
    assert written == {
        *("language", "measures", "calibration", "intervals", "answers", "sceptic", "sizing"),
        "lessons",
    }
    assert written <= set(generate.WRITERS)
