"""Fields that need each other or exclude each other, and numbers that must fit together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from sim.scenario.language.demand import Crisis
from sim.scenario.language.model import (
    Calendar,
    Cost,
    Measure,
    People,
    Resource,
    Signal,
    Step,
)
from sim.scenario.language.word import Word
from sim.scenario.problems import Path, listed
from sim.scenario.rules.booking import wrong_booking, wrong_slots
from sim.scenario.rules.defined_names import Known, cells, given, present
from sim.scenario.rules.hours import far_holidays, unknown_holidays, wrong_hours
from sim.scenario.rules.initial import wrong_initial
from sim.scenario.rules.reacting import wrong_reaction, wrong_signal
from sim.scenario.written.lists import MOST_LEVELS
from sim.scenario.written.positions import Complaint
from sim.scenario.written.quantities import A_DURATION
from sim.scenario.written.scalars import BROKEN
from sim.scenario.written.values import NEVER, Lasting, Rate, Request

Complaints = Iterator[Complaint]

#: Most crises a run may surely come to.
MOST_CRISES = 100_000_000

#: Most that the relative rates of a crisis may come to together: every whole unit of theirs is a
#: process of its own for every person.
MOST_RELATIVE = 1_000

#: Most things of each section. Logs number steps, resources, crises and outcomes by 16 bits;
#: what grows with the square of a number has a lower bound.
MOST_THINGS = {
    "pathway": 2_000,
    "resources": 10_000,
    "crises": 10_000,
    "arrivals": 10_000,
    "outcomes": 10_000,
    "programmes": 1_000,
    "calendars": 1_000,
    "signals": 1_000,
    "attributes": 1_000,
    "costs": 10_000,
    "measures": 10_000,
    "cases": 100_000,
    "initial": 10_000,
}

#: What the things of a section are called, where it is not the name of the section.
SECTION_NOUNS = {
    **{"pathway": "steps", "arrivals": "streams of arrivals", "initial": "rows of `initial`"}
}


def wrong_together(known: Known) -> Complaints:
    """Everything that is wrong with fields taken together."""
    model = known.model
    yield from _empty(known)
    yield from _too_many(known)
    yield from far_holidays(known)
    if not known.in_doubt("people"):
        yield from _people(model.people, model.crises)
    for name, crisis in model.crises.items():
        yield from _flood(known, crisis, ("crises", name, "rate"))
        yield from _high_relative_rates(crisis, ("crises", name, "relative_rates"))
    for name, calendar in model.calendars.items():
        yield from _calendar(calendar, ("calendars", name))
        yield from unknown_holidays(known, calendar, ("calendars", name, "holidays"))
    for name, signal in model.signals.items():
        yield from _signal(known, signal, ("signals", name))
        yield from wrong_signal(signal, ("signals", name))
    for name, step in model.pathway.items():
        yield from _step(known, step, ("pathway", name))
        yield from wrong_booking(known, step, ("pathway", name))
    for name, resource in model.resources.items():
        yield from _queue_limit(known, name, resource, ("resources", name, "queue_limit"))
        yield from wrong_reaction(known, name, resource, ("resources", name))
        yield from wrong_hours(known, name, resource, ("resources", name))
        yield from wrong_slots(known, name, resource, ("resources", name))
    yield from wrong_initial(known)
    for name, cost in model.costs.items():
        yield from _cost(known, cost, ("costs", name))
    for name, measure in model.measures.items():
        yield from _measure(measure, ("measures", name))
    for name, attribute in known.attributes.items():
        if len(attribute.levels) > MOST_LEVELS + 1:  # `none` may be one more
            yield Complaint(
                ("people", "attributes", name), f"`{name}` has {len(attribute.levels)} levels",
                allowed=f"at most {MOST_LEVELS}",
            )  # fmt: skip


def _empty(known: Known) -> Complaints:
    """Sections that need something in them."""
    if not known.model.demand and not known.in_doubt("crises", "arrivals"):
        yield Complaint(
            ("crises",), "there is no crisis, and nobody arrives",
            allowed="at least one of `crises`, or of `arrivals`",
        )  # fmt: skip
    for section, kind in (("pathway", "step"), ("outcomes", "outcome")):
        if not getattr(known.model, section) and not known.in_doubt(section):
            yield Complaint((section,), f"there is no {kind}", allowed=f"at least one {kind}")


def _too_many(known: Known) -> Complaints:
    """More things than their numbers in the logs have room for, or than anybody can mean."""
    for section, most in MOST_THINGS.items():
        number = len(getattr(known.model, section))
        if number > most:
            yield Complaint(
                (section,),
                f"more {SECTION_NOUNS.get(section, section)} than can be numbered",
                found=f"{number:,}",
                allowed=f"at most {most:,}",
            )
    copies = sum(case.copies for case in known.model.cases.values() if case.copies is not BROKEN)
    if copies > MOST_THINGS["cases"]:
        yield Complaint(
            ("cases",),
            "more copies of cases, all together, than can be numbered",
            found=f"{copies:,}",
            allowed=f"at most {MOST_THINGS['cases']:,}",
        )


def _people(people: People, crises: Mapping[str, Crisis]) -> Complaints:
    if given(people.number) and given(people.strata):
        yield Complaint(
            ("people",), "`number` and `strata` both say how many people", allowed="one of them"
        )
    if crises and not given(people.number) and not given(people.strata):
        yield Complaint(
            ("people",),
            "nothing says how many people",
            allowed="`number`, or `strata` (a CSV file); none are needed for `arrivals`",
        )


def _flood(known: Known, crisis: Crisis, path: Path) -> Complaints:
    """More crises than can be simulated, even at the lowest rate of the table."""
    run = known.model.run
    if BROKEN in (run.duration, run.warm_up):
        return
    rates = [leaf for _, leaf in cells(crisis.rate, path) if isinstance(leaf, Rate)]
    if not rates:
        return
    people = _number_of_people(known.model.people)
    lowest = min(r.per_minute * (people if r.of == "person" else 1) for r in rates)
    for table in crisis.relative_rates.values():
        lowest *= min((x for _, x in cells(table, ()) if isinstance(x, float)), default=0.0)
    crises = lowest * (run.duration + run.warm_up)
    if crises > MOST_CRISES:
        yield Complaint(
            path,
            "more crises than can be simulated",
            found=f"at least {crises:.2g} in the run",
            allowed=f"at most {MOST_CRISES:,}",
        )


def _high_relative_rates(crisis: Crisis, path: Path) -> Complaints:
    """Relative rates whose product, with the highest cell of each, is beyond any meaning."""
    most = {
        name: max((x for _, x in cells(table, ()) if isinstance(x, float)), default=1.0)
        for name, table in crisis.relative_rates.items()
    }
    product = math.prod(most.values())
    if product > MOST_RELATIVE:
        highest = max(most, key=lambda name: most[name])
        yield Complaint(
            (*path, highest),
            "the relative rates multiply to too much",
            found=" x ".join(f"{value:g}" for value in most.values())
            + (f" = {product:,.0f}" if len(most) > 1 else ""),
            allowed=f"at most {MOST_RELATIVE:,} together; a higher `rate`, with 1 as the usual",
        )


def _number_of_people(people: People) -> int:
    if present(people.strata) and people.strata is not None:
        return sum(people.strata.counts)
    return people.number if people.number is not None and people.number is not BROKEN else 0


def _calendar(calendar: Calendar, path: Path) -> Complaints:
    since, until = calendar.since, calendar.until
    if since is None or until is None or BROKEN in (since, until):
        return
    if until <= since:
        yield Complaint(
            (*path, "until"), "`until` is not after `since`", found=f"{since} to {until}"
        )


def _signal(known: Known, signal: Signal, path: Path) -> Complaints:
    if signal.inside is not BROKEN:
        yield from _exactly_one(signal, ("queue", "occupancy", "inside", "since"), path)
    yield from _limit(signal, (*path, "at_least"))
    if not isinstance(signal.occupancy, str):
        return
    for field, limit in (("at_least", signal.at_least), ("until", signal.until)):
        if limit is not BROKEN and limit is not None and limit > 1:
            yield Complaint(
                (*path, field),
                "an occupancy above 100 %",
                found=f"{limit:g}",
                allowed="0 to 1, or 0 % to 100 %",
                nearest=f"{limit:g} %" if limit <= 100 else "",
            )
    name = signal.occupancy.split("[")[0]
    resource = known.model.resources.get(name)
    capacity: Path = ("resources", name, "capacity")
    # an option may well lift the limit, and the signal is then never on
    lifted = not known.same_file((*path, "occupancy"), capacity)
    if resource is not None and resource.capacity == "unlimited" and not lifted:
        yield Complaint(
            (*path, "occupancy"),
            f"`{signal.occupancy}` is unlimited, so it has no occupancy",
            allowed="a resource with a capacity",
        )


def _limit(signal: Signal, path: Path) -> Complaints:
    """A time for a number, or a number for a time."""
    if signal.at_least is BROKEN or signal.since is BROKEN:
        return
    timed = isinstance(signal.at_least, Lasting)
    if signal.since is None and timed:
        yield Complaint(
            path,
            "a time, for something that is counted",
            found=f"{signal.at_least:g} min",
            allowed="a number, or with `since` instead of `queue` or `occupancy` a time",
        )
    elif signal.since is not None and not timed:
        yield Complaint(
            path,
            "not a time",
            found=f"{signal.at_least:g}",
            allowed=f"with `since`, {A_DURATION}",
        )


def _exactly_one(thing: Word, names: tuple[str, ...], path: Path) -> Complaints:
    written = [name for name in names if getattr(thing, name) not in (None, ())]
    if len(written) != 1:
        yield Complaint(
            path,
            f"needs exactly one of {listed(f'`{n}`' for n in names)}",
            found=" and ".join(f"`{n}`" for n in written) or "none of them",
            allowed="one of them",
        )


def _step(known: Known, step: Step, path: Path) -> Complaints:
    if step.seize is None:
        waits = ("patience", "renege_to") if not step.join else ()
        for field in ("priority", *waits, "balk_to", "preempts"):
            if given(getattr(step, field)):
                yield _needs(path, field, "seize", "nobody waits at a step that seizes nothing")
        if step.join:
            yield from _patience(known, step, path)
        if step.hold not in ("no", BROKEN):
            yield _needs(path, "hold", "seize", "there is nothing to keep")
        for field, word in (("interruptible", "interruptible"), ("as_", "as")):
            if given(getattr(step, field)):
                yield _needs(path, word, "seize", "the step has no unit of its own")
    else:
        yield from _patience(known, step, path)
        yield from _waiting(known, step, path)
        yield from _asking(known, step, path)
    if step.release_on_leaving is True and not step.release:
        yield _needs(path, "release_on_leaving", "release", "there is nothing to give back")
    if step.balk_when is BROKEN or "balk_when" not in step.model_fields_set:
        return
    if not given(step.balk_to):
        yield _needs(path, "balk_when", "balk_to", "nobody knows where to go")
    elif not step.balk_when:
        yield Complaint(
            (*path, "balk_when"), "nothing turns anyone away", allowed="`full`, `closed` or both"
        )


def _asking(known: Known, step: Step, path: Path) -> Complaints:
    """Fields of a step about what it asks for."""
    if not isinstance(step.seize, Request):
        return
    if present(step.as_) and step.seize.ask == "all":
        yield Complaint(
            (*path, "as"),
            "`as` tells which of several was got, but the step asks for all of them",
            allowed="`any_of` or `shortest`",
        )
    for name, need in step.seize.needs.items():
        if max((u for _, u in cells(need.units, ()) if isinstance(u, float)), default=1.0) == 0.0:
            yield Complaint(
                (*path, "seize", name), "no unit is ever asked for", allowed="1 or more"
            )
    kinds = {
        known.model.resources[name].discipline
        for name in step.asked
        if name in known.model.resources
    }
    if len(kinds) > 1 and given(step.priority):
        yield Complaint(
            (*path, "priority"),
            "some of what the step asks for serves in order of arrival (`discipline: fifo`)",
            found=listed(step.asked),
            allowed="one discipline for all that a step with a priority asks for",
        )


def _patience(known: Known, step: Step, path: Path) -> Complaints:
    """Where those go whose patience runs out."""
    if given(step.patience) and not given(step.renege_to) and _may_give_up(step):
        yield _needs(path, "patience", "renege_to", "those who give up must go somewhere")
    sent = any(
        known.model.resources[name].at_closing == "renege"
        for name in step.asked
        if name in known.model.resources
    )
    # an option may well let a resource serve those on whom it closes
    meant = all(
        known.same_file((*path, "renege_to"), ("resources", name, "at_closing"))
        for name in step.asked
    )
    absent = "attend" in step.model_fields_set
    if given(step.renege_to) and not given(step.patience) and not sent and meant and not absent:
        yield _needs(path, "renege_to", "patience", "nobody ever gives up")


def _waiting(known: Known, step: Step, path: Path) -> Complaints:
    """Fields of a step about waiting for its resource."""
    one = step.seize.one if isinstance(step.seize, Request) else None
    resource = known.model.resources.get(one) if one is not None else None
    if resource is None:
        return
    discipline: Path = ("resources", str(one), "discipline")
    # an option may well make a resource with priorities serve in order of arrival
    fifo = resource.discipline == "fifo" and known.same_file((*path, "priority"), discipline)
    if fifo and given(step.priority):
        yield Complaint(
            (*path, "priority"),
            f"`{one}` serves in order of arrival (`discipline: fifo`)",
            allowed="`discipline: priority` at the resource, or no `priority`",
        )


def _may_give_up(step: Step) -> bool:
    """Whether some cell of a patience is anything but `never`."""
    return any(leaf != NEVER for _, leaf in cells(step.patience, ()))


def _needs(path: Path, field: str, other: str, why: str) -> Complaint:
    return Complaint(
        (*path, field), f"`{field}` without `{other}`: {why}", allowed=f"add `{other}`"
    )


def _queue_limit(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """A queue with a limit at which some step does not say where to go."""
    if not given(resource.queue_limit):
        return
    for step_name, step in known.model.pathway.items():
        if name not in step.asked:
            continue
        full = step.balk_when is BROKEN or "full" in step.balk_when
        if not given(step.balk_to) or not full:
            what = "`balk_to`" if not given(step.balk_to) else "`full` in `balk_when`"
            yield Complaint(
                ("pathway", step_name, "seize" if not given(step.balk_to) else "balk_when"),
                f"the queue of `{name}` has a limit, but this step has no {what}",
                found=f"queue_limit: {resource.queue_limit}",
                allowed="where to go when the queue is full",
            )


def _cost(known: Known, cost: Cost, path: Path) -> Complaints:
    kinds = ("tag", "resource", "programme")
    written = [kind for kind in kinds if given(getattr(cost, kind))]
    if len(written) != 1:
        yield from _exactly_one(cost, kinds, path)
        return
    prices: dict[str, tuple[str, ...]] = {
        "tag": ("each",),
        "resource": ("per_hour", "per_day", "per_year"),
        "programme": ("per_year",),
    }
    fitting = prices[written[0]]
    for price in ("each", "per_hour", "per_day", "per_year"):
        if given(getattr(cost, price)) and price not in fitting:
            yield Complaint(
                (*path, price),
                f"`{price}` does not price a {written[0]}",
                allowed=" or ".join(f"`{name}`" for name in fitting),
            )
    priced = [price for price in fitting if given(getattr(cost, price))]
    if len(priced) != 1:
        yield from _exactly_one(cost, fitting, path)
    yield from _charged_by(known, cost, path)


def _charged_by(known: Known, cost: Cost, path: Path) -> Complaints:
    if "of" not in cost.model_fields_set or cost.of is BROKEN:
        return
    if not given(cost.resource):
        yield Complaint((*path, "of"), "`of` is for the cost of a resource", allowed="no `of`")
        return
    resource: Any = known.model.resources.get(cost.resource or "")
    if cost.of == "capacity" and resource is not None and resource.capacity == "unlimited":
        yield Complaint(
            (*path, "of"),
            f"`{cost.resource}` is unlimited, so its capacity has no cost",
            allowed="`use`",
        )


def _measure(measure: Measure, path: Path) -> Complaints:
    counted, interval = given(measure.count), given(measure.from_) or given(measure.to)
    if counted == interval:
        yield Complaint(
            path,
            "needs either `count` or `from` and `to`",
            found="both" if counted else "neither",
            allowed="one of them",
        )
        return
    for field, other in (("from_", "to"), ("to", "from_")):
        if given(getattr(measure, field)) and not given(getattr(measure, other)):
            name, missing = field.rstrip("_"), other.rstrip("_")
            yield _needs(path, name, missing, "an interval has two ends")
    if counted and given(measure.target):
        yield _needs(path, "target", "from", "a count has no target")
