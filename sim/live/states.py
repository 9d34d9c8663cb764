"""What the page is told, as plain data: the scenario, where controls stand, what is known."""

from __future__ import annotations

import math
import shlex
from collections.abc import Sequence
from typing import Any

from sim.live import answers
from sim.live.controls import Control, folded, position, value
from sim.live.desk import Question
from sim.live.patch import ADDRESS, Patch, in_address
from sim.live.worlds import Worlds
from sim.scenario.explain.difference import differences
from sim.scenario.files.overriding import OVERRIDES
from sim.scenario.problems import Problem, ScenarioError

#: name of the file that a patch is saved as
SAVED = "explored.yaml"


def scenario(worlds: Worlds, replications: int, margin: float) -> dict[str, Any]:
    """What the page is about, and what can be moved."""
    loaded = worlds.baseline
    run = loaded.model.run
    hidden = folded(worlds.controls)
    return {
        "title": loaded.model.title,
        "description": loaded.model.description,
        "not_for": loaded.model.not_for,
        "file": worlds.source.name,
        "people": loaded.model.people.number,
        "days": run.duration / 1440,
        "replications": replications,
        "margin": 100 * margin,
        "options": [{"name": name, "title": title} for name, title in worlds.titles.items()],
        "controls": [
            {
                "path": each.path,
                "title": each.title,
                "group": each.group,
                "moves": each.moves,
                "low": each.low,
                "high": each.high,
                "step": each.step,
                "unit": each.unit,
                "needs": [worlds.titles[name] for name in each.needs],
                "folded": each.path in hidden,
            }
            for each in worlds.controls
        ],
    }


def state(worlds: Worlds, patch: Patch, replications: int) -> dict[str, Any]:
    """Where controls stand under a patch, and what it changes, in words.

    Raises
    ------
    ScenarioError
        If it makes no world that can be run.
    """
    loaded = worlds.loaded(patch)
    bare = worlds.loaded(Patch(patch.options))
    positions = {}
    for control in worlds.controls:
        here = position(control, loaded, patch.values)
        start = position(control, bare, {})
        if here is not None and start is not None:
            known = math.isfinite(here)
            positions[control.path] = {
                "at": here if known else start,
                "start": start,
                "changed": control.path in patch.values,
                "odd": not known,
            }
    return {
        "address": in_address(patch),
        "options": list(patch.options),
        "positions": positions,
        "words": differences(worlds.baseline, loaded),
        "command": command(worlds, patch, replications),
    }


def moved(worlds: Worlds, patch: Patch, moves: Sequence[str]) -> Patch:
    """A patch with controls moved, each said as ``PATH=POSITION``.

    Raises
    ------
    ScenarioError
        If there is no such control, or it is not there with these options.
    """
    known = {control.path: control for control in worlds.controls}
    bare = worlds.loaded(Patch(patch.options))
    values = dict(patch.values)
    for text in moves:
        path, _, number = text.rpartition("=")
        control = known.get(path)
        at = _float(number)
        start = position(control, bare, {}) if control is not None else None
        if control is None or at is None or start is None:
            raise ScenarioError([Problem(ADDRESS, 0, "move", "nothing here can be moved so", text)])
        at = min(max(at, control.low), control.high)
        values.pop(path, None)
        change = None if _same(control, at, start) else value(control, at, bare)
        if change is not None:
            values[path] = change
    return Patch(patch.options, values)


def _same(control: Control, one: float, other: float) -> bool:
    return abs(one - other) < control.step / 1000


def _float(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def words(worlds: Worlds, patch: Patch, most: int) -> str:
    """What a patch changes, in a line."""
    lines = [line.strip() for line in differences(worlds.baseline, worlds.loaded(patch))]
    rest = f"; and {len(lines) - most} more" if len(lines) > most else ""
    return "; ".join(lines[:most]) + rest


def command(worlds: Worlds, patch: Patch, replications: int) -> str:
    """The command that gives the numbers of the page, with the patch saved as a file."""
    options = [worlds.source.options[name] for name in patch.options]
    saved = [SAVED] if patch.values else []
    alternative = "+".join([*options, *saved])
    words = ["urgentflow", "compare", worlds.source.name, alternative]
    laid = {path: str(value) for path, value in worlds.source.overrides.items()}
    if "run.start" in laid:
        words += ["--start", laid["run.start"]]
    if "run.duration" in laid:
        words += ["--days", laid["run.duration"].removesuffix(" days")]
    if replications != worlds.baseline.model.run.replications:
        words += ["--replications", str(replications)]
    if worlds.source.seed is not None:
        words += ["--seed", str(worlds.source.seed)]
    return shlex.join(words)


def problems(error: ScenarioError) -> list[str]:
    """What is wrong, for somebody who looks at the page: no file, no line that is not theirs."""
    found = []
    for each in error.problems:
        where = each.path if each.file in (OVERRIDES, ADDRESS) else f"{each.file}: {each.path}"
        if each.line and each.file not in (OVERRIDES, ADDRESS):
            where = f"{each.file}, line {each.line}: {each.path}"
        text = f"{where}: {each.what}" if each.path else each.what
        text += f" (found: {each.found})" if each.found else ""
        text += f"; allowed: {each.allowed}" if each.allowed else ""
        text += f"; did you mean `{each.nearest}`?" if each.nearest else ""
        found.append(text)
    return found


def known(question: Question, margin: float, ready: bool) -> dict[str, Any]:
    """What is known of a question so far."""
    told: dict[str, Any] = {
        "ready": ready,
        "done": question.done,
        "failures": list(dict.fromkeys(question.failures)),
        "wanted": question.replications,
        "pairs": 0,
        "look": None,
        "answer": None,
        "baseline": None,
    }
    before, after = question.before, question.after
    looked = question.looked
    if looked is not None and before is not None:
        told["look"] = answers.first_look(before, before if after is None else after, *looked)
    if before is None or after is None:
        return told
    one, other = question.of(before), question.of(after)
    if question.patch.empty:
        told["pairs"] = len(one)
        told["baseline"] = answers.baseline_numbers(before, one) if one else None
        return told
    told["pairs"] = len(set(one) & set(other))
    if told["pairs"]:
        told["answer"] = answers.answer(before, after, one, other, margin)
    return told
