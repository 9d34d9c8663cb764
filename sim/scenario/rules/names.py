"""Names that refer to other things: resources, steps, outcomes, tags, crises, programmes.

Attributes and their levels within tables are checked in `levels`; which fields go together in
`field_rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, time

from sim.scenario.language.attributes import ONSET
from sim.scenario.language.cases import Case, Rung
from sim.scenario.language.model import Cost, Measure, Run, Step
from sim.scenario.language.onsets import days_for_copies, end_of
from sim.scenario.language.tags import STANDARD_TAGS
from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.rules.defined_names import (
    Known,
    begun,
    cells,
    names_in,
    present,
    present_names,
    unknown,
)
from sim.scenario.rules.measure_names import KINDS, wrong_measure
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import (
    By,
    Delay,
    Interruptible,
    Keeping,
    Request,
    Table,
    Until,
    leaves,
)

Complaints = Iterator[Complaint]


def wrong_names(known: Known) -> Complaints:
    """References to things that do not exist, and names used twice."""
    yield from _clashes(known)
    for name, step in known.model.pathway.items():
        yield from _step(known, step, ("pathway", name))
    for section, name, kind in begun(known):
        yield from _route(known, kind.first, (section, name, "first"))
    for name, signal in known.model.signals.items():
        for side in ("queue", "occupancy"):
            yield from _pool(known, getattr(signal, side), ("signals", name, side))
        if signal.since != ONSET:
            yield from _tag(known, signal.since, ("signals", name, "since"))
        for at, inside in enumerate(present_names(signal.inside)):
            if inside not in known.model.pathway and not known.in_doubt("pathway"):
                yield unknown(("signals", name, "inside", at), "step", inside, known.model.pathway)
    for name, cost in known.model.costs.items():
        yield from _cost(known, cost, ("costs", name))
    for name, measure in known.model.measures.items():
        yield from _measure(known, measure, ("measures", name))
    yield from _headline(known)
    for name, case in known.model.cases.items():
        yield from _case(known, case, ("cases", name))
    for name, row in known.model.initial.items():
        if not known.in_doubt("crises", "arrivals"):
            yield from _undefined(
                row.crisis, ("initial", name, "crisis"), "crisis", known.model.demand
            )
        if not known.in_doubt("pathway"):
            yield from _undefined(row.step, ("initial", name, "step"), "step", known.model.pathway)


def _clashes(known: Known) -> Complaints:
    """One name for two attributes, for a step and an outcome, for a crisis and arrivals."""
    model = known.model
    for name in model.arrivals:
        if name in model.crises:
            yield Complaint(
                ("arrivals", name),
                f"`{name}` is the name of a crisis as well",
                allowed="another name",
            )
    for name in model.outcomes:
        if name in model.pathway:
            yield Complaint(
                ("outcomes", name),
                f"`{name}` is the name of a step as well",
                allowed="another name",
            )
    sections: list[tuple[str, list[tuple[str, Path]]]] = [
        ("people attribute", [(n, ("people", "attributes", n)) for n in model.people.attributes]),
        (
            "crisis attribute",
            [
                (n, (section, name, "attributes", n))
                for section, name, kind in begun(known)
                for n in kind.attributes
            ],
        ),
        ("attribute set by steps", [(n, ("attributes", n)) for n in model.attributes]),
        ("programme", [(n, ("programmes", n)) for n in model.programmes]),
        ("calendar", [(n, ("calendars", n)) for n in model.calendars]),
        ("signal", [(n, ("signals", n)) for n in model.signals]),
    ]
    taken: dict[str, str] = {}
    if present(model.people.strata) and model.people.strata is not None:
        taken = dict.fromkeys(model.people.strata.attributes, "column of the strata")
    for kind, named in sections:
        for name, path in named:
            if taken.get(name, kind) != kind:
                yield Complaint(
                    path,
                    f"`{name}` is the name of a {taken[name]} as well",
                    allowed="one name for one attribute, whatever its origin",
                )
            taken.setdefault(name, kind)


def _gates(table: Table[Delay], path: Path) -> Iterator[tuple[Path, str]]:
    """The calendars that delays wait for, each once with the path of its wait."""
    if isinstance(table, By) and not table.under:
        for level, cell in table.cells.items():
            yield from _gates(cell, (*path, level))
        if table.other is not None:
            yield from _gates(table.other, (*path, "other"))
        return
    first = next((leaf for leaf in leaves(table) if isinstance(leaf, Until)), None)
    if first is not None and isinstance(first.opens, str):
        yield path, first.opens


def _step(known: Known, step: Step, path: Path) -> Complaints:
    if step.delay is not None and present(step.delay) and not known.in_doubt("calendars"):
        for at, name in _gates(step.delay, (*path, "delay")):
            yield from _undefined(name, (*at, "until"), "calendar", known.model.calendars)
    for name in step.asked:
        yield from _resource(known, name, _asked_at(step, name, (*path, "seize")))
    if not known.in_doubt("pathway"):
        for index, name in enumerate(present_names(step.join)):
            yield from _undefined(name, (*path, "join", index), "step", known.steps)
    for index, name in enumerate(present_names(step.release)):
        yield from _resource(known, name, (*path, "release", index))
    if isinstance(step.hold, Keeping):
        yield from _kept(known, step, (*path, "hold"))
    for field in ("balk_to", "renege_to"):
        if present(getattr(step, field)):
            yield from _away(known, getattr(step, field), (*path, field))
    if isinstance(step.interruptible, Interruptible):
        here: Path = (*path, "interruptible", "renege_to")
        yield from _target(known, step.interruptible.to, here)
    yield from _route(known, step.route, (*path, "route"))
    if step.spawn is not BROKEN:
        yield from _spawned(known, step, (*path, "spawn"))
    if present(step.draws_as) and step.draws_as in known.steps and step.draws_as != path[-1]:
        yield Complaint(
            (*path, "draws_as"),
            f"`{step.draws_as}` is a step itself, with random numbers of its own",
            allowed="the name of a step that is no more",
        )


def _asked_at(step: Step, name: str, path: Path) -> Path:
    """Where a request names a resource."""
    if step.book == name:
        return (*path[:-1], "book")
    if not isinstance(step.seize, Request) or step.seize.one == name:
        return path
    return (*path, name if step.seize.ask == "all" else step.seize.ask)


def _kept(known: Known, step: Step, path: Path) -> Complaints:
    """Targets and resources that `hold` names."""
    assert isinstance(step.hold, Keeping)
    targets = set(names_in(step.route))
    for target, kept in step.hold.rules.items():
        here: Path = path
        if set(step.hold.rules) != {""}:
            here = (*path, "by_route", target or "other")
        if target and target not in targets and not known.in_doubt("pathway", "outcomes"):
            yield unknown(here, "branch of the route to", target, sorted(targets))
        for name in kept:
            if name and name not in step.asked:
                yield Complaint(
                    (*here, name),
                    f"the step does not seize `{name}`, so it cannot keep it",
                    allowed=listed(step.asked),
                    nearest=nearest_name(name, step.asked),
                )


def _spawned(known: Known, step: Step, path: Path) -> Complaints:
    if not known.in_doubt("pathway"):
        for name in step.spawn:
            yield from _undefined(name, (*path, name), "step", known.steps)


def _route(known: Known, route: Table[object], path: Path) -> Complaints:
    for here, shares in cells(route, path):
        if isinstance(shares, dict):
            for name in shares:
                yield from _target(known, name, (*here, name))


def _away(known: Known, route: Table[object], path: Path) -> Complaints:
    """Targets of those who are not served, most often a single one."""
    for here, shares in cells(route, path):
        if isinstance(shares, dict):
            for name in shares:
                yield from _target(known, name, here if len(shares) == 1 else (*here, name))


def _target(known: Known, name: object, path: Path) -> Complaints:
    if not known.in_doubt("pathway", "outcomes"):
        yield from _undefined(name, path, "step or outcome", known.targets)


def _resource(known: Known, name: object, path: Path) -> Complaints:
    if not known.in_doubt("resources"):
        yield from _undefined(name, path, "resource", known.model.resources)


def _pool(known: Known, name: object, path: Path) -> Complaints:
    """A resource, or one of its pools: `gp[riverside]`."""
    if isinstance(name, str) and "[" in name:
        if known.in_doubt("resources") or not known.all_attributes_known:
            return
        names = [pool.name for pool in known.pools]
        yield from _undefined(name, path, "pool", names)
    else:
        yield from _resource(known, name, path)


def _undefined(name: object, path: Path, kind: str, names: Collection[str]) -> Complaints:
    """A complaint if a name that could be read is not one of those defined."""
    if isinstance(name, str) and name not in names:
        yield unknown(path, kind, name, names)


def _tag(known: Known, name: object, path: Path) -> Complaints:
    if not isinstance(name, str) or name in known.tags or name in STANDARD_TAGS:
        return
    if known.in_doubt("pathway") or any(s.tags is BROKEN for s in known.model.pathway.values()):
        return
    tags = sorted(known.tags)
    yield Complaint(
        path,
        f"no step has the tag `{name}`",
        allowed=listed(tags),
        nearest=nearest_name(name, {*tags, *STANDARD_TAGS}),
    )


def _cost(known: Known, cost: Cost, path: Path) -> Complaints:
    yield from _tag(known, cost.tag, (*path, "tag"))
    yield from _resource(known, cost.resource, (*path, "resource"))
    yield from _programme(known, cost.programme, (*path, "programme"))


def _programme(known: Known, name: object, path: Path) -> Complaints:
    if not known.in_doubt("programmes"):
        yield from _undefined(name, path, "programme", known.model.programmes)


def _measure(known: Known, measure: Measure, path: Path) -> Complaints:
    yield from _tag(known, measure.count, (*path, "count"))
    yield from _tag(known, measure.from_, (*path, "from"))
    yield from _tag(known, measure.to, (*path, "to"))


def _case(known: Known, case: Case, path: Path) -> Complaints:
    if not known.in_doubt("crises", "arrivals"):
        yield from _undefined(case.crisis, (*path, "crisis"), "crisis", known.model.demand)
    for name in case.programmes:
        yield from _programme(known, name, (*path, "programmes", name))
    if case.ladder is not BROKEN:
        for name, rung in case.ladder.items():
            if rung is not BROKEN:
                yield from _rung(known, rung, (*path, "ladder", name))
    yield from _onset(known, case, path)


def _headline(known: Known) -> Complaints:
    """Measures of the headline that there are not, or of things that there are not."""
    headline = known.model.headline
    if headline is BROKEN or known.in_doubt(*KINDS):
        return
    for index, reference in enumerate(headline):
        if isinstance(reference, str):
            yield from wrong_measure(known.model, reference, ("headline", index))


def _rung(known: Known, rung: Rung, path: Path) -> Complaints:
    """What a row of a ladder names, and that it names anything."""
    if all(field in ((), {}) for field in (rung.steps, rung.tags, rung.outcomes, rung.levels)):
        yield Complaint(
            path,
            "nothing says what a journey has to come to",
            allowed="`steps`, `tags`, `outcomes` or `levels`",
        )
    for field, kind, names in (
        ("steps", "step", known.model.pathway),
        ("outcomes", "outcome", known.model.outcomes),
    ):
        if not known.in_doubt("pathway", "outcomes"):
            for index, name in enumerate(present_names(getattr(rung, field))):
                yield from _undefined(name, (*path, field, index), kind, names)
    for index, tag in enumerate(present_names(rung.tags)):
        yield from _tag(known, tag, (*path, "tags", index))
    yield from _rung_levels(known, rung, (*path, "levels"))


def _rung_levels(known: Known, rung: Rung, path: Path) -> Complaints:
    if rung.levels is BROKEN or not known.all_attributes_known:
        return
    for name, levels in rung.levels.items():
        attribute = known.attributes.get(name)
        if attribute is None:
            yield unknown((*path, name), "attribute", name, known.attributes)
        elif name not in known.unsure_levels:
            for level in present_names(levels):
                yield from _undefined(level, (*path, name), f"level of `{name}`", attribute.levels)


def _onset(known: Known, case: Case, path: Path) -> Complaints:
    """A case, or a copy of it, that would fall outside the run."""
    run = known.model.run
    if any(part is BROKEN for part in (case.at, run.start, run.duration, run.warm_up)):
        return
    first, last = datetime.combine(run.start, time()), end_of(run)
    if not first <= case.at < last:
        yield Complaint(
            (*path, "at"),
            "the case falls outside the run",
            found=f"{case.at:%Y-%m-%d %H:%M}",
            allowed=f"{first:%Y-%m-%d %H:%M} until before {last:%Y-%m-%d %H:%M}",
        )
    elif BROKEN not in (case.until, case.copies):
        yield from _spread(case, run, path)


def _spread(case: Case, run: Run, path: Path) -> Complaints:
    """Copies that cannot come each on a day of their own."""
    if case.until is not None and case.copies == 1:
        yield Complaint(
            (*path, "until"),
            "`until` is for copies, and there is only one of this case",
            allowed="`copies`, or no `until`",
        )
    elif case.until is not None and datetime.combine(case.until, time()) > end_of(run):
        yield Complaint(
            (*path, "until"),
            "copies would come after the end of the run",
            found=str(case.until),
            allowed=f"at most {end_of(run):%Y-%m-%d}",
        )
    elif case.until is not None and days_for_copies(case, run) == 0:
        yield Complaint(
            (*path, "until"),
            "`until` is not after `at`",
            found=f"{case.at:%Y-%m-%d %H:%M} to {case.until}",
            allowed="a later date",
        )
    elif case.copies > days_for_copies(case, run):
        days = days_for_copies(case, run)
        yield Complaint(
            (*path, "copies"),
            "more copies than days on which they can come",
            found=f"{case.copies:,} on {days:,} days",
            allowed=f"at most {days:,}, one a day; more `replications` tell of more journeys",
        )
