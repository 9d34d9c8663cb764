"""Slots and booking: what needs what, and what cannot be together."""

from __future__ import annotations

from collections.abc import Iterator

from sim.scenario.files.paths import at as node_at
from sim.scenario.language.model import Resource, Step
from sim.scenario.problems import Path
from sim.scenario.rules.defined_names import Known, cells, given
from sim.scenario.written.positions import Complaint
from sim.scenario.written.scalars import BROKEN

Complaints = Iterator[Complaint]

#: what a step says of its booking
_OF_A_BOOKING = ("lead", "within", "attend", "length")

#: what has no meaning for who has an appointment
_OF_A_QUEUE = ("priority", "preempts", "interruptible", "patience", "balk_when", "join", "as_")


def wrong_slots(known: Known, name: str, resource: Resource, path: Path) -> Complaints:
    """Everything that is wrong with the slots of a resource."""
    if not given(resource.slots):
        if resource.walk_in is True:
            yield Complaint(
                (*path, "walk_in"),
                "`walk_in` without `slots`: everybody walks in where nobody books",
                allowed="add `slots`",
            )
        return
    for field, why in (("capacity", "`slots` say how many there are"), ("changes", "of slots")):
        if node_at(known.root, (*path, field)) is not None:
            yield Complaint(
                (*path, field),
                f"`{field}` beside `slots`" if field == "capacity" else "dated changes of slots",
                allowed="one of them: " + why
                if field == "capacity"
                else "`slots` that repeat weekly; an option may replace them",
            )
    if resource.walk_in is not False:
        return
    for step_name, step in known.model.pathway.items():
        if name in step.asked and not given(step.book):
            yield Complaint(
                ("pathway", step_name, "seize"),
                f"`{name}` is for those who have booked",
                found=f"seize: {name}",
                allowed=f"`book: {name}`, or `walk_in: true` at the resource",
            )


def wrong_booking(known: Known, step: Step, path: Path) -> Complaints:
    """Everything that is wrong with the booking of a step."""
    if not given(step.book):
        for field in _OF_A_BOOKING:
            if field in step.model_fields_set:
                yield Complaint(
                    (*path, field),
                    f"`{field}` without `book`: there is no slot",
                    allowed="add `book`",
                )
        return
    if node_at(known.root, (*path, "seize")) is not None:
        yield Complaint(
            (*path, "seize"),
            "a step books or seizes",
            allowed="`book` alone, which seizes one unit when the slot begins",
        )
    resource = known.model.resources.get(step.book or "")
    if resource is not None and not given(resource.slots):
        yield Complaint(
            (*path, "book"),
            f"`{step.book}` has no slots",
            allowed="a resource with `slots`, or `seize`",
        )
    for field, why in (
        ("within", "nobody looks ahead for ever"),
        ("balk_to", "those who find no slot must go somewhere"),
    ):
        if not given(getattr(step, field)):
            yield Complaint(
                (*path, "book"), f"`book` without `{field}`: {why}", allowed=f"add `{field}`"
            )
    for field in _OF_A_QUEUE:
        if field in step.model_fields_set:
            word = field.rstrip("_")
            yield Complaint(
                (*path, word),
                f"`{word}` at a step that books: who has a slot comes at its time and is next",
                allowed=f"no `{word}`; a step that seizes, for those who walk in",
            )
    if "attend" in step.model_fields_set and not given(step.renege_to):
        yield Complaint(
            (*path, "attend"),
            "`attend` without `renege_to`: those who do not come must go somewhere",
            allowed="add `renege_to`",
        )
    if step.length is not BROKEN:
        for here, slots in cells(step.length, (*path, "length")):
            if slots == 0.0:
                yield Complaint(here, "no slot at all is booked", allowed="1 or more")
