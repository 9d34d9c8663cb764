"""Say what a word means: of the language, a measure, a term, or a name in a scenario."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.scenario.explain.lookup import Explanation

HELP = "say what a word means: of the language, a measure, a step"

EXAMPLES = """\
examples:
  urgentflow explain patience
  urgentflow explain wait_mean
  urgentflow explain ward_stay --in scenarios/sussex/before.yaml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("word", metavar="WORD", help="what is to be explained")
    parser.add_argument(
        "--in", dest="scenario", metavar="SCENARIO", help="also look among the names in it"
    )


def run(arguments: argparse.Namespace) -> int:
    """Print every meaning the word has."""
    from sim.cli.errors import unknown_name

    known = list(_known(arguments.scenario))
    wanted = arguments.word.strip()
    found = [item for item in known if wanted in (item.word, item.name)]
    if not found:
        folded = wanted.casefold()
        found = [item for item in known if folded in (item.word.casefold(), item.name.casefold())]
    if not found:
        raise unknown_name("word", wanted, dict.fromkeys(item.word for item in known))
    arguments.answer = [dataclasses.asdict(item) for item in found]
    for position, item in enumerate(found):
        if position:
            print()
        _print(item)
    return 0


def _known(scenario: str | None) -> list[Explanation]:
    """Everything that can be explained, names of the scenario first."""
    from sim.experiment.arm_loading import load_each
    from sim.measure import definitions
    from sim.scenario.explain.lookup import Explanation, words_of, words_of_the_language

    known: list[Explanation] = []
    if scenario is not None:
        (loaded,) = load_each([scenario])
        known += words_of(loaded)
    known += words_of_the_language()
    for item in definitions().values():
        of = f", of each {item.of}" if item.of else ""
        known.append(
            Explanation(
                item.name, item.name, "measure", f"{item.title} [{item.unit}{of}]. {item.formula}"
            )
        )
    return known


def _print(item: Explanation) -> None:
    from sim.cli.printing import paragraph

    print(f"{item.name}: {item.kind}")
    if item.about:
        paragraph(item.about, "  ")
    if item.written:
        paragraph(f"Written as: {item.written}.", "  ")
    if item.example:
        print("".join(f"    {line}\n" for line in item.example.splitlines()), end="")
