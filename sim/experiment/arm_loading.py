"""From what a user names (files, with options) to the arms of an experiment.

An arm is named by its files: ``after.yaml`` is `after`, an option file on its own is the baseline
with that option, ``a.yaml+b.yaml`` applies several. Nothing is run here.
"""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import partial
from pathlib import Path
from typing import Any, Union

from sim.experiment.settings import unknown_word
from sim.scenario import Loaded, ScenarioError, changed, load
from sim.scenario.check import errors
from sim.scenario.explain.difference import shown
from sim.scenario.files.overriding import OVERRIDES
from sim.scenario.language.cases import Case
from sim.scenario.language.model import Run
from sim.scenario.language.onsets import days_for_copies, end_of
from sim.scenario.problems import Path as ValuePath
from sim.scenario.problems import Problem

Overrides = Mapping[str, object]

#: overrides that change which time is run
RUN_TIME = frozenset({"run.start", "run.warm_up", "run.duration"})

#: ``scenario.yaml``, ``scenario.yaml+option.yaml+...``, or a scenario loaded before
Source = Union[str, "os.PathLike[str]", Loaded]


def parts(text: str | os.PathLike[str]) -> tuple[str, ...]:
    """The files named by ``scenario.yaml+option.yaml+...``, in order."""
    whole = os.fspath(text)
    # a file may have a plus sign in its name
    return (whole,) if os.path.exists(whole) else tuple(whole.split("+"))


def load_each(sources: Sequence[Source], overrides: Overrides | None = None) -> list[Loaded]:
    """Read and check scenarios; problems of all their files come in one `ScenarioError`."""
    return _load_all([(_given(source), overrides or {}) for source in sources])


def load_variants(given: Sequence[tuple[tuple[str, ...], Overrides]]) -> list[Loaded]:
    """Read and check scenarios, each given by its files in order and the values laid over them.

    Raises
    ------
    ScenarioError
        With the problems of all of them together, each once.
    """
    return _load_all(given)


def load_arms(
    baseline: Source | tuple[str, ...],
    alternatives: Sequence[Source],
    overrides: Overrides | None = None,
) -> list[tuple[str, Loaded]]:
    """Read and check a baseline and its alternatives.

    Parameters
    ----------
    baseline
        A scenario, with or without options; or its files in order.
    alternatives
        Scenarios, or options that are applied on the baseline.
    overrides
        Values by dotted path, laid over every arm.

    Returns
    -------
    list of tuple
        Name and scenario of each arm, the baseline first. No two names are the same.

    Raises
    ------
    ScenarioError
        With the problems of all files together.
    TypeError
        If an option is to be applied on a baseline that was loaded before.
    """
    given = [_given(source) for source in (baseline, *alternatives)]
    wanted = files_of_arms(baseline, alternatives)
    loaded = _load_all([(item, overrides or {}) for item in wanted])
    names = _names([_files(item) for item in given], loaded)
    return list(zip(names, loaded, strict=True))


def files_of_arms(
    baseline: Source | tuple[str, ...], alternatives: Sequence[Source]
) -> list[tuple[str, ...] | Loaded]:
    """What each arm is read from, the baseline first: files in order, or what was loaded before."""
    given = [_given(source) for source in (baseline, *alternatives)]
    return [given[0], *(_on_baseline(given[0], item) for item in given[1:])]


def _given(source: Source | tuple[str, ...]) -> tuple[str, ...] | Loaded:
    if isinstance(source, Loaded | tuple):
        return source
    if not isinstance(source, str | os.PathLike):
        raise TypeError(
            f"a scenario is the path of a file or what `load` gave, not {type(source).__name__}"
        )
    return parts(source)


def given_as(source: Source, options: object = ()) -> tuple[str, ...] | Loaded:
    """What a user names, with further options, as files in order or a scenario loaded before.

    Raises
    ------
    TypeError
        If it is neither, or options are to be applied on a scenario loaded before.
    """
    if isinstance(options, Mapping) or not isinstance(options, str | os.PathLike | Iterable):
        raise TypeError(f"options are paths of files, not {type(options).__name__}")
    more = (options,) if isinstance(options, str | os.PathLike) else tuple(options)
    for option in more:
        if not isinstance(option, str | os.PathLike):
            raise TypeError(f"an option is the path of a file, not {type(option).__name__}")
    item = _given(source)
    if isinstance(item, tuple):
        return (*item, *(os.fspath(option) for option in more))
    if more:
        raise TypeError("options go on a scenario's files: load(path, options=[...])")
    return item


def of_run(said: Mapping[str, object], only: bool = False) -> dict[str, object]:
    """Overrides from fields of a scenario's `run`; of the days run, unless `only` these are said.

    Raises
    ------
    TypeError
        If `run` has no such field.
    """
    known = [f.alias or name for name, f in Run.model_fields.items()]
    known = known if only else [name for name in known if f"run.{name}" in RUN_TIME]
    for name in said:
        if name not in known:
            raise unknown_word(name, known)
    return {f"run.{name}": value for name, value in said.items()}


def _on_baseline(
    baseline: tuple[str, ...] | Loaded, item: tuple[str, ...] | Loaded
) -> tuple[str, ...] | Loaded:
    """The item itself, or if it is made of options the baseline with them."""
    if isinstance(item, Loaded) or not is_option(item[0]):
        return item
    if isinstance(baseline, Loaded):
        raise TypeError(
            f"{item[0]} is an option: give the baseline as a path, or load the alternative "
            f"with sim.load(path, options=[{item[0]!r}])"
        )
    return (*baseline, *item)


def _load_all(items: Sequence[tuple[tuple[str, ...] | Loaded, Overrides]]) -> list[Loaded]:
    """Read and check scenarios given by their files; none is usable if one is not."""
    loaded: list[Loaded] = []
    problems: list[Problem] = []
    for item, overrides in items:
        try:
            one = _load(item, overrides)
        except ScenarioError as error:
            problems += error.problems
        else:
            loaded.append(one)
            problems += errors(one)
    if problems:
        raise ScenarioError(dict.fromkeys(problems))
    return loaded


def _load(item: tuple[str, ...] | Loaded, overrides: Overrides) -> Loaded:
    """Read one scenario; cases and copies that overrides leave no time for are left out."""
    if isinstance(item, Loaded):
        return _fitting(partial(changed, item), overrides) if overrides else item
    scenario, *options = item
    return _fitting(partial(load, scenario, options), overrides)


def _fitting(loader: Callable[[Overrides], Loaded], overrides: Overrides) -> Loaded:
    try:
        return loader(overrides)
    except ScenarioError as error:
        only_cases = all(problem.path.startswith("cases.") for problem in error.problems)
        if not only_cases or not RUN_TIME & set(overrides):
            raise
    cases = loader({}).model.cases
    run = loader({**overrides, **{f"cases.{name}": None for name in cases}})
    fitted = {name: _fitted(name, case, run.model.run) for name, case in cases.items()}
    changes = {path: value for case in fitted.values() for path, value in case.items()}
    return loader({**overrides, **changes})


def _fitted(name: str, case: Case, run: Run) -> dict[str, object]:
    """What to change about a case that the days run have no room for, said in a warning."""
    if not datetime.combine(run.start, time()) <= case.at < end_of(run):
        warnings.warn(f"case {name} falls outside the days run and is left out", stacklevel=3)
        return {f"cases.{name}": None}
    changes: dict[str, object] = {}
    if case.until is not None and datetime.combine(case.until, time()) > end_of(run):
        changes[f"cases.{name}.until"] = None
        case = case.model_copy(update={"until": None})
    copies = min(case.copies, days_for_copies(case, run))
    if copies < case.copies:
        changes[f"cases.{name}.copies"] = copies
    if changes:
        text = f"case {name} comes {_times(copies)} within the days run, spread until their end"
        warnings.warn(text, stacklevel=3)
    return changes


def _times(number: int) -> str:
    return "once" if number == 1 else f"{number} times"


def is_option(file: str) -> bool:
    """Whether a file holds changes to a scenario and not a scenario itself.

    An option has a rationale, which a scenario cannot have, and does not say what is run. A file
    that cannot be read is left to `load`, which says why.
    """
    from sim.scenario.files.reading import read_file
    from sim.scenario.files.yaml_text import UnreadableError

    try:
        root = read_file(file, [])
    except UnreadableError:
        return False
    if root.child("rationale") is not None:
        return True
    return root.child("extends") is None and root.child("run") is None


def _files(item: tuple[str, ...] | Loaded) -> tuple[str, ...]:
    return (item.files[0].as_posix(),) if isinstance(item, Loaded) else item


def _names(arms: Sequence[Sequence[str]], loaded: Sequence[Loaded]) -> list[str]:
    """Name each arm by the stems of its files, by more of the path where that is not enough.

    Arms of the same files are told apart by the values that were laid over them.
    """
    for depth in (1, 2, 3, 4):
        names = ["+".join(_stem(file, depth) for file in files) for files in arms]
        if len(set(names)) == len(names):
            return names
    names = ["+".join(_stem(file, 1) for file in files) for files in arms]
    values = [_laid_over(arm) for arm in loaded]
    told = []
    for name, mine in zip(names, values, strict=True):
        others = [each for other, each in zip(names, values, strict=True) if other == name]
        differing = [path for path in mine if any(each.get(path) != mine[path] for each in others)]
        words = ", ".join(f"{_short(path)} {mine[path]}" for path in differing)
        told.append(f"{name} ({words})" if words else name)
    return _each_once(told)


def _laid_over(arm: Loaded) -> dict[ValuePath, str]:
    """The values laid over an arm's files, by path, as text."""
    found: dict[ValuePath, str] = {}
    for path, (file, _) in arm.origins.items():
        if file == OVERRIDES:
            value: Any = arm.tree
            for part in path:
                value = value[part]
            if not isinstance(value, dict):
                found[path] = shown(value)
    return found


def _short(path: ValuePath) -> str:
    """The last two parts of a path, in words: `ward_beds capacity`."""
    return " ".join(str(part) for part in path[-2:])


def _each_once(names: Sequence[str]) -> list[str]:
    """The names, those of arms that are the same in everything told apart."""
    given: list[str] = []
    for name in names:
        again, number = name, 1
        while again in given:
            number += 1
            again = f"{name}, the same again" + (f" {number}" if number > 2 else "")
        given.append(again)
    return given


def _stem(file: str, depth: int) -> str:
    path = Path(file)
    return "/".join((*path.parent.parts, path.stem)[-depth:])


def title_of(arm: Loaded, baseline: Loaded) -> str:
    """What a reader calls an arm: its scenario's title, or the options it adds to the baseline."""
    added = [option.title for option in arm.applied if option not in baseline.applied]
    same_scenario = arm.files[:1] == baseline.files[:1]
    return " + ".join(added) if same_scenario and added else arm.model.title


def check_pairable(arms: Sequence[tuple[str, Loaded]]) -> None:
    """Refuse arms that do not cover the same time, for their replications are no pairs.

    Raises
    ------
    ScenarioError
        With everything in which the time of an arm differs from that of the first.
    """
    ours = arms[0][1].model.run
    problems = [
        Problem(
            arm.files[0].as_posix(),
            0,
            f"run.{field}",
            "not the same as in the baseline, so that replications cannot be paired",
            found=_shown(getattr(arm.model.run, field)),
            allowed=_shown(getattr(ours, field)),
        )
        for _, arm in arms[1:]
        for field in ("start", "warm_up", "duration")
        if getattr(arm.model.run, field) != getattr(ours, field)
    ]
    if problems:
        raise ScenarioError(problems)


def _shown(value: object) -> str:
    return f"{value / 1440:.10g} days" if isinstance(value, float) else str(value)
