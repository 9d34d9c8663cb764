"""Where the same episodes went in two arms: from each place reached before to each after.

An episode counts at the most hospital-like place it reached. Episodes are the same when person,
crisis, layer and ordinal are the same, or when they are of the same case; of arrivals, who are
numbered anew in each arm, when crisis, layer and ordinal are. One that happens in one arm only
moves from or to `NOT_HAPPENING`. Nothing is drawn here (see `pictures.ribbons`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.report.world import World
from sim.scenario.language.tags import (
    AE_ATTENDANCE,
    CALL_999,
    COMMUNITY_ADMISSION,
    CONTACT_111,
    CREW_ON_SCENE,
    EMERGENCY_ADMISSION,
    GP_CONTACT,
    OOH_CONTACT,
    RAPID_RESPONSE,
    SPA_CALL,
    UTC_ATTENDANCE,
)

if TYPE_CHECKING:
    from sim.engine.logs import Logs

NOT_HAPPENING = "No episode"
ELSEWHERE = "Somewhere else"
UNFINISHED = "Not finished"

#: places from the most to the least hospital-like, each with the tags whose visits lead there
PLACES: Mapping[str, tuple[str, ...]] = {
    "Admitted to hospital": (EMERGENCY_ADMISSION,),
    "Community bed": (COMMUNITY_ADMISSION,),
    "A&E, not admitted": (AE_ATTENDANCE,),
    "Urgent treatment centre": (UTC_ATTENDANCE,),
    "Rapid response at home": (RAPID_RESPONSE,),
    "Ambulance crew, not conveyed": (CREW_ON_SCENE,),
    "GP out of hours": (OOH_CONTACT,),
    "GP": (GP_CONTACT,),
    "Single point of access": (SPA_CALL,),
    "999 advice": (CALL_999,),
    "111 advice": (CONTACT_111,),
}

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Reached:
    """The measured episodes of one replication and the place each reached.

    `person`, `crisis`, `layer` and `ordinal` identify the episode in every arm, and `case` with
    `crisis` that of a case, whose person is numbered after all others and so differs between
    arms with other numbers of people. `person` is -1 for those who arrive. `crisis` indexes
    `crises`, `place` indexes `places`, and `case` indexes `cases` or is -1.
    """

    person: npt.NDArray[np.integer]
    crisis: npt.NDArray[np.integer]
    layer: npt.NDArray[np.integer]
    ordinal: npt.NDArray[np.integer]
    case: npt.NDArray[np.integer]
    place: npt.NDArray[np.integer]
    crises: tuple[str, ...]
    cases: tuple[str, ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flows:
    """Episodes by the place reached in the baseline (rows) and in the alternative (columns).

    `count` has shape (places, places), added up over `replications`. The last place is
    `NOT_HAPPENING`.
    """

    places: tuple[str, ...]
    count: Codes
    replications: int = 1

    @property
    def total(self) -> int:
        """Episodes that happen in at least one of the arms."""
        return int(self.count.sum())

    @property
    def moved(self) -> Codes:
        """The counts without those that stayed where they were."""
        moved: Codes = self.count - np.diag(np.diag(self.count))
        return moved

    def __add__(self, other: Flows) -> Flows:
        if self.places != other.places:
            raise ValueError(f"flows between other places: {self.places} and {other.places}")
        count = self.count + other.count
        return Flows(self.places, count, self.replications + other.replications)


def reached(world: World, logs: Logs) -> Reached:
    """Find the place that each measured episode of one replication reached.

    Measured are episodes, not side tasks, with their onset after the warm-up. A place is
    reached by a visit that started; who balked or reneged, or still waits, was not there.
    A pathway without any of the standard tags is described by its outcomes instead.
    """
    episodes = logs.episodes
    tagged = {tag for step in world.steps for tag in step.tags}
    if any(tagged.intersection(tags) for tags in PLACES.values()):
        places, place = _by_tags(world, logs)
    else:
        places = (*(title for _, title in world.outcomes), UNFINISHED)
        place = np.where(episodes.outcome < 0, len(places) - 1, episodes.outcome)
    measured = np.flatnonzero((episodes.parent < 0) & (episodes.onset >= world.warm_up))
    # in order of person they take a third of the room when packed
    measured = measured[np.argsort(episodes.person[measured], kind="stable")]
    arrived = np.isin(episodes.crisis[measured], np.array(world.arrivals, dtype=np.int64))
    return Reached(
        person=np.where(arrived, -1, episodes.person[measured]),
        crisis=episodes.crisis[measured],
        layer=episodes.layer[measured],
        ordinal=episodes.ordinal[measured],
        case=episodes.case[measured],
        place=place[measured].astype(np.int16),
        crises=world.crises,
        cases=tuple(case.name for case in world.cases),
        places=places,
    )


def _by_tags(world: World, logs: Logs) -> tuple[tuple[str, ...], Codes]:
    """Mark the least hospital-like places first, so that the highest one reached remains."""
    places = (*PLACES, ELSEWHERE)
    place = np.full(len(logs.episodes.person), len(places) - 1, dtype=np.int64)
    started = ~np.isnan(logs.visits.started)
    for code, tags in reversed(list(enumerate(PLACES.values()))):
        steps = {step for tag in tags for step in world.steps_tagged(tag)}
        if steps:
            there = started & np.isin(logs.visits.step, np.fromiter(steps, dtype=np.int64))
            place[logs.visits.episode[there]] = code
    return places, place


def flows(before: Reached, after: Reached) -> Flows:
    """Pair the episodes of the same replication of two arms and count where they went."""
    places = tuple(dict.fromkeys((*before.places, *after.places, NOT_HAPPENING)))
    one, other, number = _matched(before, after)
    source, target = np.full((2, number), places.index(NOT_HAPPENING))
    source[one] = _translate(before.place, before.places, places)
    target[other] = _translate(after.place, after.places, places)
    size = len(places)
    count = np.bincount(source * size + target, minlength=size * size).reshape(size, size)
    return Flows(places, count.astype(np.int64))


def _matched(before: Reached, after: Reached) -> tuple[Codes, Codes, int]:
    """Number the episodes of both sides so that the same one has the same number.

    Returns the number of each row of `before`, of each row of `after`, and how many there are.
    """
    sides = (before, after)
    crises = tuple(dict.fromkeys((*before.crises, *after.crises)))
    cases = tuple(dict.fromkeys((*before.cases, *after.cases)))
    columns = [
        np.concatenate([_translate(side.crisis, side.crises, crises) for side in sides]),
        np.concatenate([_translate(side.case, side.cases, cases) for side in sides]),
        np.concatenate([np.where(side.case < 0, side.person, -1) for side in sides]),
        np.concatenate([side.layer for side in sides]),
        np.concatenate([side.ordinal for side in sides]),
    ]
    order = np.lexsort(columns)
    is_new = np.zeros(len(order), dtype=np.bool_)
    for column in columns:
        ordered = column[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    number = np.empty(len(order), dtype=np.int64)
    number[order] = np.cumsum(is_new)
    split = len(before.person)
    return number[:split], number[split:], int(is_new.sum()) + bool(len(order))


def _translate(
    codes: npt.NDArray[np.integer], names: Sequence[str], common: Sequence[str]
) -> Codes:
    """Turn indices into one tuple of names into indices into another; -1 stays -1."""
    place = {name: number for number, name in reversed([*enumerate(common)])}
    table = np.array([*(place[name] for name in names), -1], dtype=np.int64)
    translated: Codes = table[codes]
    return translated
