"""The sections of an experiment file from what is said on a command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.experiment.designs.points import RANGE, BadRangeError, values_in
from sim.scenario.files.change import ADD, TIMES
from sim.scenario.problems import Problem, ScenarioError
from sim.scenario.written.scalars import resolve


def sections(
    baseline: str,
    options: Sequence[str],
    sweeps: Sequence[str],
    combine: str | None,
    draws: int | None,
) -> dict[str, Any]:
    """What an experiment file would say.

    Raises
    ------
    ScenarioError
        If a sweep is not written as one.
    """
    said: dict[str, Any] = {"title": f"Sweep of {baseline}", "baseline": baseline}
    if options:
        said["options"] = list(options)
    if sweeps:
        said["sweep"] = dict(_sweep(text) for text in sweeps)
    if combine is not None:
        said["combine"] = combine
    if draws is not None:
        said["draws"] = draws
    return said


def _sweep(text: str) -> tuple[str, object]:
    path, sign, values = text.rpartition("=")
    if not sign or not path.strip() or not values.strip():
        raise _refused(text, "not a path with values", "`PATH=300:380:10` or `PATH=300,320`")
    change, _, rest = values.strip().partition(" ")
    if change not in (ADD, TIMES):
        return path.strip(), _values(values)
    listed = _values(rest)
    if isinstance(listed, dict):
        try:
            listed = values_in(*(listed[name] for name in RANGE))
        except BadRangeError as error:
            raise _refused(text, str(error), "`times 0.8:1.2:0.1`") from None
    return path.strip(), [{change: value} for value in listed]


def _values(text: str) -> Any:
    """A range as a mapping, or values as a list."""
    ends = [resolve(part.strip()) for part in text.split(":")]
    if len(ends) == len(RANGE):
        return dict(zip(RANGE, ends, strict=True))
    return [resolve(part.strip()) for part in text.split(",")]


def _refused(found: str, what: str, allowed: str) -> ScenarioError:
    return ScenarioError([Problem("the command line", 0, "--set", what, found, allowed)])
