"""Answer the question of a place: run its worlds, write `docs/places/NAME.md` from `NAME.md` here.

    python experiments/places/page.py southwark
    python experiments/places/page.py southwark --replications 1 --days 28 --out -

`NAME.md` begins with which worlds to run and what is claimed of them; then come words, and in
double brackets the numbers to be put in (`numbers_of.py`). No result is typed by hand, and where a
claim does not hold nothing is written: the words would be wrong.
"""

from __future__ import annotations

import argparse
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from digests import kept
from numbers_of import Numbers, filled, holds
from picture import bars, draw, template

from sim.experiment.experiment import run_all
from sim.experiment.intervals import FEWEST
from sim.experiment.settings import Settings
from sim.scenario import Loaded, load

__all__ = ["Asked", "bars", "loaded", "page", "read"]

ROOT = Path(__file__).resolve().parents[2]

WIDTH = 98

NOTE = """\
<!-- written by `python docs/generate.py places`; edit `experiments/places/{name}.md` instead -->

*Numbers are means of {replications} replications of {days} days with the same people and the same
luck in every world; in brackets, where a difference is given, its {spread}.*
"""


@dataclass(frozen=True)
class Asked:
    """A page before its numbers.

    Parameters
    ----------
    worlds
        Scenario, options and values of each world, as files of the place and paths; the first is
        what the others are set against.
    by
        Attributes to break measures down by.
    replications
        How many.
    picture
        Column of the page's first table that is drawn, and the title.
    claims
        What the words say, each as `world measure < world measure` or with a number.
    text
        The words.
    """

    worlds: dict[str, dict[str, Any]]
    by: tuple[str, ...]
    replications: int
    picture: dict[str, str]
    claims: tuple[str, ...]
    text: str


def read(name: str) -> Asked:
    """The page of a place before its numbers."""
    said, text = template(name)
    return Asked(
        said["worlds"],
        tuple(said["by"]),
        said["replications"],
        said["picture"],
        tuple(said["claims"]),
        text,
    )


def loaded(name: str, world: dict[str, Any], days: int | None) -> Loaded:
    """A world of a place."""
    folder = ROOT / "scenarios" / name
    options = [folder / f"{option}.yaml" for option in world.get("options", [])]
    values = dict(world.get("set", {}))
    if days is not None:
        values["run.duration"] = f"{days} days"
    return load(folder / "before.yaml", options, values)


def page(name: str, asked: Asked, replications: int | None, days: int | None) -> str:
    """The whole page.

    Raises
    ------
    SystemExit
        If a claim does not hold.
    """
    arms = [(world, loaded(name, said, days)) for world, said in asked.worlds.items()]
    settings = Settings(replications or asked.replications, by=asked.by, digest=kept)
    results = run_all(arms, settings)
    numbers = Numbers({found.name: found for found in results})
    if wrong := [claim for claim in asked.claims if not holds(claim, numbers)]:
        raise SystemExit("claims that do not hold:\n  " + "\n  ".join(wrong))
    run = results[0].scenario.model.run
    count = len(results[0].replications)
    spread = "95 % interval" if count >= FEWEST else "lowest and highest value"
    note = NOTE.format(
        name=name, replications=count, days=round(run.duration / 1440), spread=spread
    )
    heading, rest = asked.text.lstrip().split("\n", 1)
    return f"{heading}\n\n{note}\n{wrapped(filled(rest, numbers).strip())}\n"


def wrapped(text: str) -> str:
    """Prose with lines that an editor shows whole; tables and headings as they are."""
    return "\n\n".join("\n".join(_lines(block)) for block in text.split("\n\n"))


def _lines(block: str) -> Iterator[str]:
    """The lines of a paragraph, a list, a table or a heading."""
    if block.lstrip().startswith(("|", "#")) or not block.strip():
        yield block
        return
    items = re.split(r"\n(?=- )", block)
    for item in items:
        indent = "  " if item.startswith("- ") else ""
        end = "\n" if item.endswith("\n") else ""
        yield textwrap.fill(" ".join(item.split()), WIDTH, subsequent_indent=indent) + end


def main() -> int:
    """Run and write."""
    parser = argparse.ArgumentParser(description="Answer the question of a place.")
    parser.add_argument("name", help="a place with a page here")
    parser.add_argument("--replications", type=int)
    parser.add_argument("--days", type=int, help="measured days; default: what the scenario says")
    parser.add_argument("--out", help="- for none; default: docs/places/NAME.md")
    given = parser.parse_args()
    text = page(given.name, read(given.name), given.replications, given.days)
    if given.out == "-":
        sys.stdout.write(text)
    else:
        out = Path(given.out) if given.out else ROOT / "docs" / "places" / f"{given.name}.md"
        out.write_text(text, encoding="utf-8", newline="\n")
        if not given.out:
            draw(given.name)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
