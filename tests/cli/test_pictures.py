"""How many pictures a comparison of many draws is for the one who asks to say."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.cli.main import main

SCENARIO = Path(__file__).parents[2] / "scenarios" / "template" / "scenario.yaml"


def options(folder: Path, number: int) -> list[str]:
    files = []
    for nurses in range(4, 4 + number):
        file = folder / f"nurses_{nurses}.yaml"
        change = f"resources: {{nurses: {{capacity: {nurses}}}}}"
        file.write_text(f"title: {nurses} nurses\nrationale: more\n{change}\n")
        files.append(str(file))
    return files


@pytest.mark.parametrize(
    ("alternatives", "asked", "drawn"),
    [
        (4, "few", {"options.png"}),
        (2, "few", {"options.png", "differences-nurses_4.png", "differences-nurses_5.png"}),
        (2, "none", set()),
    ],
)
def test_pictures_of_many_alternatives_are_drawn_on_request(
    alternatives: int, asked: str, drawn: set[str], tmp_path: Path
) -> None:
    out = tmp_path / "out"
    files = options(tmp_path, alternatives)
    words = ["--replications", "2", "--days", "7", "--pictures", asked, "--out", str(out)]
    assert main(["compare", str(SCENARIO), *files, *words]) == 0
    found = {file.name for file in out.glob("*.png")}
    assert {name for name in found if name.startswith(("options", "differences"))} == drawn
    assert (out / "report.html").is_file()
