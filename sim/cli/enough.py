"""What `experiment` and `sweep` may be told about enough replications."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.errors import UsageError

if TYPE_CHECKING:
    from sim.experiment.answers.enough import Enough, Rule
    from sim.scenario import Loaded

#: most replications, unless said otherwise
MOST = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the rules and the budget."""
    group = parser.add_argument_group("enough replications, instead of a number of them")
    group.add_argument(
        "--precise",
        action="append",
        default=[],
        metavar="MEASURE=WIDTH",
        help="until the 95 %% interval of every difference in a measure is no wider either way: "
        "acute_bed_days=50, or 1%% of the baseline",
    )
    group.add_argument(
        "--clear",
        action="append",
        default=[],
        metavar="MEASURE=MARGIN",
        help="until the best in a measure is surely not worse than any other by more: "
        "cost_total=10000",
    )
    group.add_argument(
        "--most", type=shared.count, metavar="N", help=f"most replications (default: {MOST})"
    )


def asked(arguments: argparse.Namespace) -> bool:
    """Whether anything is asked for; refuses what does not go together."""
    if arguments.precise or arguments.clear:
        if arguments.replications is not None:
            raise UsageError("--replications is a number, --precise and --clear ask for enough")
        return True
    if arguments.most is not None:
        raise UsageError("--most is of --precise and --clear; --replications is a plain number")
    return False


def rules(arguments: argparse.Namespace, loaded: Loaded) -> dict[str, Rule]:
    """The rules by measure, read and checked."""
    from sim.experiment.answers.enough import clear, precise
    from sim.measure import definitions

    found: dict[str, Rule] = {}
    for option, texts in (("--precise", arguments.precise), ("--clear", arguments.clear)):
        for text in texts:
            measure, written = _parts(option, text, loaded)
            if measure in found:
                raise UsageError(f"{option} {text}: `{measure}` has a rule already")
            definition = definitions()[measure.split("/")[0]]
            if option == "--precise":
                part = written.endswith("%")
                number = _amount(option, text, written, "" if part else definition.unit)
                found[measure] = precise(number, relative=part)
            elif definition.direction == 0:
                raise UsageError(f"{option} {text}: of `{measure}` neither more nor less is better")
            else:
                number = _amount(option, text, written, definition.unit)
                found[measure] = clear(number, definition.direction)
    return found


def _parts(option: str, text: str, loaded: Loaded) -> tuple[str, str]:
    """The measure and what is asked of it."""
    from sim.scenario.rules.measure_names import wrong_measure

    measure, sign, written = (part.strip() for part in text.partition("="))
    if not (measure and sign and written):
        raise UsageError(f"{option} {text}: it is MEASURE=NUMBER, as acute_bed_days=50")
    for wrong in wrong_measure(loaded.model, measure, ()):
        near = f"; did you mean `{wrong.nearest}`?" if wrong.nearest else f" ({wrong.allowed})"
        raise UsageError(f"{option}: {wrong.what}{near}")
    return measure, written


def _amount(option: str, text: str, written: str, unit: str) -> float:
    """A number above 0, in a unit."""
    from sim.experiment.seeking.target import BadTargetError, in_unit

    try:
        number = in_unit(written, unit)
    except BadTargetError as error:
        raise UsageError(f"{option} {text}: {error}") from None
    if number <= 0:
        raise UsageError(f"{option} {text}: it must be above 0")
    return number


def sentence(enough: Enough) -> str:
    """How the run ended, in words."""
    number = enough.replications
    looked = f"after looks at {', '.join(map(str, enough.looks))}"
    if enough.content:
        return f"{number} replications are enough, {looked}."
    return (
        f"{number} replications, the most allowed, are not enough ({looked}): --most allows more."
    )
