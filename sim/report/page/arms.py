"""The arms of a page: what each is called, what its codes mean, what was kept of its logs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sim.experiment.periods import Per, Period, period
from sim.report.digest import Digest
from sim.report.story import draws
from sim.report.story.timeline import timeline
from sim.report.world import DAY, World, view

if TYPE_CHECKING:
    from sim.experiment.results import Results


#: more alternatives than these are set side by side instead of drawn one by one
FEW_ALTERNATIVES = 3

#: of which alternatives pictures are drawn: each, none, or each while they are few
Drawn = Literal["few", "all", "none"]


def each_drawn(alternatives: int, drawn: Drawn) -> bool:
    """Whether every alternative has pictures of its own."""
    return drawn == "all" or (drawn == "few" and alternatives <= FEW_ALTERNATIVES)


@dataclass(frozen=True)
class Arm:
    """One arm as a reader sees it; counts and sums are shown in `period`."""

    title: str
    results: Results
    world: World
    digests: tuple[Digest, ...]
    period: Period


def arms_of(results: Sequence[Results], per: Per) -> tuple[Arm, ...]:
    """The arms with their titles, baseline first."""
    return tuple(
        Arm(title, one, world, digests(one), period(per, world.duration / DAY))
        for title, one, world in zip(labels(results), results, worlds(results), strict=True)
    )


def labels(arms: Sequence[Results]) -> tuple[str, ...]:
    """What each arm is called in tables and pictures.

    The title of its scenario; where an earlier arm has the same title, the titles of its
    options; its name where these are too long or the same again.
    """
    given: list[str] = []
    for arm in arms:
        options = " + ".join(option.title for option in arm.scenario.applied)
        wanted = (arm.scenario.model.title, options, arm.name)
        short = [text for text in wanted if text and len(text) <= _LABEL and text not in given]
        given.append(short[0] if short else arm.name)
    return tuple(given)


_LABEL = 60  # characters


def worlds(arms: Sequence[Results]) -> tuple[World, ...]:
    """What the codes in each arm's logs mean."""
    return tuple(view(arm.scenario.model, arm.plan) for arm in arms)


def digests(arm: Results) -> tuple[Digest, ...]:
    """What was kept of each replication's logs.

    Raises
    ------
    ValueError
        If the run was not asked to keep it (`sim.report.digest.digest`).
    """
    kept = tuple(item for item in arm.digests if isinstance(item, Digest))
    if len(kept) != len(arm.replications):
        raise ValueError(f"{arm.name} was run without sim.report.digest.digest: no pictures")
    return kept


def stories(arms: Sequence[Results]) -> tuple[draws.Story, ...]:
    """The story of every case that all the arms have."""
    names, meanings = labels(arms), worlds(arms)
    told = []
    for case in meanings[-1].cases:
        if all(case.name in [known.name for known in world.cases] for world in meanings):
            sides = zip(names, meanings, arms, strict=True)
            told.append(draws.Story(case, tuple(_side(case.name, *side) for side in sides)))
    return tuple(told)


def _side(case: str, title: str, world: World, arm: Results) -> draws.Arm:
    """A case in one world: every copy in every replication, and how many are like it."""
    kept = digests(arm)
    copies = world.cases[world.case(case)].copies
    a_year = period("year", arm.days).factor
    return draws.Arm(
        title,
        world,
        {
            draws.Draw(number, copy): timeline(world, item.traced, case, copy)
            for number, item in zip(arm.replications, kept, strict=True)
            for copy in range(copies)
        },
        tuple(a_year * item.alike[case] for item in kept if case in item.alike),
    )
