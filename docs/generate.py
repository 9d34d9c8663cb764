"""Write the pages, pictures and messages that are written by a command.

    python docs/generate.py                # language.md and measures.md, at once
    python docs/generate.py pictures       # others by name; --help lists them
    python docs/generate.py all            # everything, in some minutes

A test fails when one of them is out of date, except for the calibration, the intervals, the
settling, the lessons, the numbers of the places, and the sceptic's matrix and sizing, which take
minutes and more. Read the diff of what was written before committing it.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def language() -> None:
    """Write docs/language.md from the classes of the language."""
    from sim.scenario.explain.reference import markdown

    write("docs/language.md", markdown())


def measures() -> None:
    """Write docs/measures.md from the definitions of the measures."""
    from sim.measure.document import markdown

    write("docs/measures.md", markdown())


def messages() -> None:
    """Write the messages of the broken scenarios in tests/gallery."""
    run("-m", "tests.gallery.accept")


def pictures() -> None:
    """Draw the pictures of the docs and write the README's table, from the Sussex case."""
    run("docs/pictures/draw.py")


def calibration() -> None:
    """Write docs/calibration.md: what the scenarios simulate beside the evidence."""
    run("experiments/calibration/table.py")


def sceptic() -> None:
    """Write docs/sceptic.md: can one gain by closing services, or buy effects without staff?"""
    run("experiments/sceptic/matrix.py")


def sizing() -> None:
    """Write docs/sizing.md: how many staff each option needs."""
    run("experiments/sceptic/sizing.py")


def lessons() -> None:
    """Write docs/lessons.md: an experiment on Sussex and what it teaches, in half an hour."""
    run("experiments/lessons/page.py")


def intervals() -> None:
    """Write docs/intervals.md: how often intervals hold what they say."""
    run("experiments/intervals/table.py", "docs/intervals.md")


def answers() -> None:
    """Write docs/answers.md: how often bounds of many arms, searches and stopped runs are right."""
    run("experiments/answers/table.py", "docs/answers.md")


def places() -> None:
    """Write docs/places: what each place of a strategy document was asked, and what came out."""
    for template in sorted((ROOT / "experiments" / "places").glob("*.md")):
        run("experiments/places/page.py", template.stem)


def settling() -> None:
    """Write the table in docs/settling.md: how often what is said of settling is right."""
    run("experiments/settling/coverage.py")


#: what is written by default, for it takes no time
QUICK = (language, measures)

WRITERS: Mapping[str, Callable[[], None]] = {
    writer.__name__: writer
    for writer in (
        *QUICK,
        messages,
        pictures,
        calibration,
        sceptic,
        sizing,
        lessons,
        intervals,
        answers,
        places,
        settling,
    )
}


def write(page: str, text: str) -> None:
    """Write a page, with the same line ends everywhere."""
    (ROOT / page).write_text(text, encoding="utf-8", newline="\n")


def run(*command: str) -> None:
    """Run a script of the repository, or stop with its exit code."""
    if (code := subprocess.run([sys.executable, *command], cwd=ROOT, check=False).returncode) != 0:
        raise SystemExit(code)


def main(arguments: list[str]) -> None:
    """Write what is named."""
    purposes = [f"  {name:13}{writer.__doc__}" for name, writer in WRITERS.items()]
    parser = argparse.ArgumentParser(
        description="Write what is written by a command:\n\n" + "\n".join(purposes),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="or `all`; language, measures")
    chosen = parser.parse_args(arguments).names or [writer.__name__ for writer in QUICK]
    if unknown := set(chosen) - {*WRITERS, "all"}:
        parser.error(f"nothing is called {', '.join(sorted(unknown))}")
    for name, writer in WRITERS.items():
        if name in chosen or "all" in chosen:
            writer()


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))  # the checkout it lies in, before any installed copy
    main(sys.argv[1:])
