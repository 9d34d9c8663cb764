"""Find the least (or most) of something that surely meets a target.

The search runs few values, on the same people with the same luck at each, and more replications
only where a value is close to the target. The measure is taken to rise or fall all the way.
"""

from __future__ import annotations

import argparse
import sys
import time
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.assignments import add_assignments
from sim.cli.errors import UsageError
from sim.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sim.experiment.answers.means import Floats
    from sim.experiment.designs.design import Variant
    from sim.experiment.seeking.search import Sought
    from sim.experiment.seeking.target import Target
    from sim.experiment.tasks.lab import Lab
    from sim.scenario import Loaded

HELP = "find the least of something that surely meets a target"

EXAMPLES = """\
examples:
  urgentflow seek before.yaml --find resources.ward_beds.capacity --until "ae_over_12_hours < 5 %"
  urgentflow seek before.yaml --find resources.crews.capacity --between 40:80:2 \\
      --until "handover_mean < 20 min" --confidence 0.9 --out results/crews

Exit code 0 if some value meets the target, 1 if none does.
"""

#: most values between which it is sought
MOST_VALUES = 100_000

#: most replications of a value, unless said otherwise
MOST_REPLICATIONS = 40


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", metavar="SCENARIO", help="a scenario (with `+option.yaml`)")
    parser.add_argument("--find", required=True, metavar="PATH", help="what to change, by its path")
    parser.add_argument(
        "--until", required=True, metavar="TARGET", help='a target: "ae_over_12_hours < 5 %%"'
    )
    parser.add_argument(
        "--between",
        metavar="LOW:HIGH[:STEP]",
        help="values to look among (default: whole numbers from half to double what it is)",
    )
    parser.add_argument(
        "--confidence",
        type=_confidence,
        default=0.95,
        metavar="P",
        help="probability with which what is found meets the target (default: %(default)s)",
    )
    shared.add_run_arguments(parser)
    add_assignments(parser)
    group = parser.add_argument_group("what is kept")
    group.add_argument(
        "--out", type=shared.named_folder, metavar="FOLDER", help="write the curve there"
    )
    group.add_argument(
        "--store",
        type=shared.named_folder,
        metavar="FOLDER",
        help="keep what is done there, and take from there what is",
    )


def run(arguments: argparse.Namespace) -> int:
    """Read everything, search, and say what was found."""
    from sim.experiment.arm_loading import parts
    from sim.experiment.seeking.search import seek
    from sim.experiment.seeking.target import BadTargetError, read_target
    from sim.experiment.tasks.lab import Lab

    began = time.perf_counter()
    shared.claim_folder(arguments)
    try:
        target = read_target(arguments.until)
    except BadTargetError as error:
        raise UsageError(f"--until: {error}") from None
    lab = Lab(
        parts(arguments.scenario),
        seed=arguments.seed,
        measures=(target.measure,),
        engine=arguments.engine,
        overrides=shared.overrides(arguments),
    )
    values = _values(arguments, _baseline(arguments, lab, target))
    lab.worlds([_variant(arguments.find, values[0]), _variant(arguments.find, values[-1])])
    most = arguments.replications or MOST_REPLICATIONS
    if most < 2:
        raise UsageError("--replications: a mean is known from 2 or more; this is the most of each")
    _prepare(arguments, lab)
    found = seek(
        lambda value, number: _measured(arguments.find, lab, target, value, number),
        values,
        target,
        arguments.confidence,
        most,
    )
    _say(arguments, found, lab, values)
    if arguments.out is not None:
        _write(arguments, found, lab, time.perf_counter() - began)
    return 0 if found.answer is not None else 1


def _confidence(text: str) -> float:
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        number = 0.0
    if not 0.5 < number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a probability above 0.5 and below 1")
    return number


def _baseline(arguments: argparse.Namespace, lab: Lab, target: Target) -> Loaded:
    """The scenario as it is, which has the measure."""
    from sim.experiment.designs.design import Variant
    from sim.scenario.rules.measure_names import wrong_measure

    loaded = lab.loaded(Variant("baseline"))
    for wrong in wrong_measure(loaded.model, target.measure, ()):
        near = f"; did you mean `{wrong.nearest}`?" if wrong.nearest else f" ({wrong.allowed})"
        raise UsageError(f"--until: {wrong.what}{near}")
    return loaded


def _values(arguments: argparse.Namespace, loaded: Loaded) -> list[float]:
    """The values to look among, in increasing order."""
    if arguments.between is None:
        now = _present(arguments.find, loaded)
        return [float(value) for value in range(int(now // 2), 2 * int(now) + 1)]
    try:
        low, high, step = (*map(Decimal, arguments.between.split(":")), Decimal(1))[:3]
        number = int((high - low) / step) + 1 if step > 0 and high > low else 0
    except (InvalidOperation, ValueError):
        number = 0
    if not 2 <= number <= MOST_VALUES:
        raise UsageError(
            f"--between {arguments.between}: it is LOW:HIGH or LOW:HIGH:STEP, as 300:400:10, "
            f"with 2 to {MOST_VALUES:,} values"
        )
    return [float(low + place * step) for place in range(number)]


def _present(path: str, loaded: Loaded) -> float:
    """What the scenario says there, if that is one number to start from."""
    value: object = loaded.tree
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    if isinstance(value, int | float) and not isinstance(value, bool) and value >= 1:
        return float(value)
    raise UsageError(
        f"--between LOW:HIGH is needed: `{path}` is not one number of 1 or more in this scenario"
    )


def _variant(path: str, value: float) -> Variant:
    from sim.experiment.designs.design import Variant

    said = int(value) if value.is_integer() else value
    return Variant(f"{path.split('.')[-2]} {said}" if "." in path else path, overrides={path: said})


def _measured(path: str, lab: Lab, target: Target, value: float, number: int) -> Floats:
    """The measure in the first replications of a value."""
    print(f"looking at {value:g} in {number} replications", file=sys.stderr, flush=True)
    outcomes = lab([_variant(path, value)], range(1, number + 1))
    if outcomes.failures:
        raise UsageError(f"it cannot be run: {outcomes.failures[0]}")
    values: Floats = outcomes.of(target.measure)[0]
    return values


def _prepare(arguments: argparse.Namespace, lab: Lab) -> None:
    """Where tasks are run and kept."""
    from sim.experiment.designs.design import Variant
    from sim.experiment.executor import Local
    from sim.experiment.experiment import with_room
    from sim.experiment.tasks.store import opened

    loaded = lab.loaded(Variant("baseline"))
    lab.executor = Local(with_room([loaded], arguments.workers, arguments.engine))
    if arguments.store is not None:
        shared.check_folder(arguments.store)
        lab.store = arguments.at_end.enter_context(opened(arguments.store))


def _say(arguments: argparse.Namespace, found: Sought, lab: Lab, values: Sequence[float]) -> None:
    from sim.cli.printing import paragraph, records, show
    from sim.report.tables.seeking import curve, grid, sentence

    frame = curve(found)
    arguments.answer = {
        "find": arguments.find,
        "until": arguments.until,
        "confidence": arguments.confidence,
        "answer": found.answer,
        "surely_not": found.fails,
        "curve": records(frame),
    }
    show(grid(found, arguments.find, arguments.until))
    paragraph(sentence(found, arguments.find, arguments.until, arguments.confidence, values))
    for text in _unsettled(arguments, found, lab):
        paragraph(text)


def _unsettled(arguments: argparse.Namespace, found: Sought, lab: Lab) -> tuple[str, ...]:
    """What had not settled at the value found, which makes it no answer."""
    from sim.experiment.settling.words import sentences

    if found.answer is None:
        return ()
    number = found.at(found.answer).replications
    runs = lab.run([_variant(arguments.find, found.answer)], range(1, number + 1))
    settling = runs.settling(0)
    return () if settling is None else sentences(settling)


def _write(arguments: argparse.Namespace, found: Sought, lab: Lab, seconds: float) -> None:
    from sim.cli.printing import list_written
    from sim.experiment.store import complete_set, write_frame
    from sim.report.pictures import seeking
    from sim.report.tables.seeking import curve

    said = {
        "urgentflow": __version__,
        "what": "seek",
        "command": arguments.command_line,
        "run_time_seconds": round(seconds, 3),
        **{name: arguments.answer[name] for name in ("find", "until", "confidence", "answer")},
    }
    with complete_set(arguments.out, said) as (new, written):
        frame: pd.DataFrame = curve(found)
        written += write_frame(frame, new, "curve")
        for kind in ("png", "svg"):
            path: Path = new / f"curve.{kind}"
            written.append(seeking.draw(found, arguments.find, arguments.until, path))
    list_written(written, arguments.out)
