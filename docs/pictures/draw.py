"""Draw the pictures of the docs, and the table in the README, from a run of the Sussex case.

    python docs/pictures/draw.py

Takes less than a minute. The pictures are those that `urgentflow compare` writes, with fewer
colours so that they are small; the table is its headline measures. The README keeps the hashes of
the scenarios they were drawn from, so that a test can say when they are out of date.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from PIL import Image

import sim
from sim.experiment.results import Comparison
from sim.experiment.store import manifest, replacing, scenario_hash, write_text
from sim.report.page.arms import labels, worlds
from sim.report.page.folder import write_comparison
from sim.report.tables import measures, rows
from sim.report.tables.grids import to_markdown
from sim.report.tables.selection import HEADLINES
from sim.scenario import Loaded

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
README = ROOT / "README.md"
SCENARIOS = ("scenarios/sussex/before.yaml", "scenarios/sussex/after.yaml")

#: pictures of a comparison, and what they are called here
PICTURES = {
    "differences.png": "differences.png",
    "flows.png": "flows.png",
    "occupancy.png": "occupancy.png",
    "case-mrs_b.png": "case.png",
}
#: measures shown for the people the strategy is meant for; less of each is better
SEVERELY_FRAIL = {
    "emergency_admissions": "Emergency admissions of the severely frail",
    "acute_bed_days": "Acute bed days of the severely frail",
}
COLOURS = 256
WIDTH = 1100  #: pixels; a page shows about 900

BEGIN, END = "<!-- drawn: ", "<!-- end of what is drawn -->"


def hashes(scenarios: Iterable[Loaded]) -> str:
    """What the pictures depend on, in short."""
    return " ".join(scenario_hash(scenario)[:16] for scenario in scenarios)


def hashes_now() -> str:
    """The same of the scenarios as they are in their files."""
    return hashes(sim.load(ROOT / name) for name in SCENARIOS)


def drawn_from(readme: str) -> str:
    """The hashes of the scenarios that the README's table was made of."""
    return readme.partition(BEGIN)[2].partition(" -->")[0]


def table(comparison: Comparison) -> str:
    """The headline measures of the comparison, and how many replications stand behind them."""
    meanings, names = worlds(comparison.arms), labels(comparison.arms)
    arm = comparison.alternatives[0]
    groups = rows.differences(comparison.table("year"), arm.name, meanings, (HEADLINES,))
    written = to_markdown(measures.comparison(groups, *names)).partition("\n\n")[2]
    lines = "\n".join([written.partition("\n\n")[0], *target_group(comparison)])
    run = comparison.baseline.scenario.model.run
    about = (
        f"{len(comparison.baseline.replications)} replications of {run.duration / 1440:.0f} days, "
        f"urgentflow {sim.__version__}, seed {comparison.baseline.seed}. `~`: the interval "
        "includes no change. `changed`: it does not, and neither side is called better."
    )
    return f"{lines}\n\n{about}\n"


def target_group(comparison: Comparison) -> list[str]:
    """Rows of the table for the people the strategy is meant for."""
    found = comparison.differences
    mine = found[(found.by == "frailty") & (found.level == "severe") & (found.of == "")]
    written = []
    for measure, title in SEVERELY_FRAIL.items():
        row = mine[mine.measure == measure].iloc[0]
        sure = "better" if row.high < 0 else "worse" if row.low > 0 else "~"
        written.append(
            f"| {title} | {row.baseline:,.0f} | {row.value:,.0f} | {row.difference:+,.0f} "
            f"({row.low:+,.0f} to {row.high:+,.0f}) | "
            f"{100 * row.difference / row.baseline:+.2g} % | {sure} |"
        )
    return written


def with_table(readme: str, mark: str, text: str) -> str:
    """The README with another table between its marks, of which the first says what it is of."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(readme)) != 1:
        raise SystemExit(f"README.md should have one part from `{BEGIN}` to `{END}`")
    return pattern.sub(lambda _: f"{BEGIN}{mark} -->\n{text}{END}", readme)


def keep(picture: Path, place: Path) -> None:
    """Keep a picture with as many pixels and colours as a page needs."""
    with Image.open(picture) as whole:
        height = round(whole.height * WIDTH / whole.width)
        small = whole.convert("RGB").resize((WIDTH, height), Image.Resampling.LANCZOS)
    # other methods merge rare colours, and with them the places of the flow picture
    few = small.quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=3, dither=Image.Dither.NONE)
    with replacing(place) as temporary:
        few.save(temporary, format="PNG", optimize=True)


def main() -> None:
    """Run the comparison, draw, and write the README's table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--replications", type=int, help="default: what the scenarios say")
    given = parser.parse_args()
    comparison = sim.compare(
        *(ROOT / name for name in SCENARIOS), by=["frailty"], replications=given.replications
    )
    with tempfile.TemporaryDirectory() as folder:
        write_comparison(comparison, Path(folder), manifest(comparison.arms, sys.argv, 0.0))
        for name, own in PICTURES.items():
            keep(Path(folder) / name, HERE / own)
            print(f"wrote docs/pictures/{own}, {(HERE / own).stat().st_size / 1000:.0f} kB")
    mark = hashes(arm.scenario for arm in comparison.arms)
    readme = with_table(README.read_text(encoding="utf-8"), mark, table(comparison))
    write_text(readme, README)
    print("wrote the table in README.md")


if __name__ == "__main__":
    main()
