"""The scenario that the page is about: every world that a patch makes of it, read and checked once.

Beside each world stands its *first look*: the same warm-up, and only the first weeks after it. It
takes a fraction of the time, so that something is seen at once, and is never mixed with the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from sim.experiment.tasks.world import World, packed, prepared, world_key, world_of
from sim.live.controls import Control, controls
from sim.live.patch import Patch
from sim.report.world import World as Meaning
from sim.report.world import view

if TYPE_CHECKING:
    from sim.measure.context import Context
    from sim.plan.plan import Plan
    from sim.scenario import Loaded

#: days of a first look, and how many times longer a run must be for one to be worth while
FIRST_DAYS, WORTH = 28.0, 3.0

#: worlds kept, of those that were looked at last
MOST_KEPT = 24

MINUTES = 1440.0


@dataclass(frozen=True)
class Told:
    """A world that can be run, and what its names mean."""

    loaded: Loaded
    world: World
    meaning: Meaning
    plan: Plan
    context: Context


@dataclass(frozen=True)
class Source:
    """The scenario, given by its files, with the options that can be switched on by name.

    `overrides` are laid over every world: the first day (`run.start`), the days (`run.duration`).
    """

    files: tuple[str, ...]
    options: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, object] = field(default_factory=dict)
    seed: int | None = None

    @property
    def name(self) -> str:
        """The scenario's files, as a command has them."""
        return "+".join(self.files)


class Worlds:
    """Every world of a source, as it is asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._read = lru_cache(maxsize=MOST_KEPT)(self._loaded)
        self._told = lru_cache(maxsize=MOST_KEPT)(self._made)
        self._first = lru_cache(maxsize=MOST_KEPT)(self._first_made)
        self._patches: dict[str, Patch] = {}
        self._at_hand: dict[str, None] = {}

    @cached_property
    def baseline(self) -> Loaded:
        """The scenario as it is.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it.
        """
        return self.loaded(Patch())

    @cached_property
    def controls(self) -> tuple[Control, ...]:
        """What can be moved in it."""
        names = tuple(self.source.options)
        alone = {name: self.loaded(Patch((name,))) for name in names}
        return controls(self.loaded(Patch(names)), alone, self.baseline)

    @cached_property
    def titles(self) -> Mapping[str, str]:
        """What each option is called."""
        return {name: self.loaded(Patch((name,))).applied[-1].title for name in self.source.options}

    @property
    def seed(self) -> int:
        """Seed of every world."""
        return self.baseline.model.run.seed if self.source.seed is None else self.source.seed

    def loaded(self, patch: Patch) -> Loaded:
        """The scenario with a patch.

        Raises
        ------
        ScenarioError
            With everything that is wrong with it.
        """
        return self._read(self._noted(patch))

    def told(self, patch: Patch) -> Told:
        """The world of a patch."""
        return self._told(self._noted(patch))

    def read_before(self, patch: Patch) -> bool:
        """Whether the world of a patch is at hand, so that asking for it takes no time."""
        return patch.key in self._at_hand

    def first_look(self, patch: Patch) -> World | None:
        """The world of a patch for the first look; None where the run is short itself."""
        return self._first(self._noted(patch))

    def _noted(self, patch: Patch) -> str:
        if len(self._patches) > 10 * MOST_KEPT:
            self._patches.clear()
        self._patches[patch.key] = patch
        return patch.key

    def _loaded(self, key: str) -> Loaded:
        from sim.experiment.arm_loading import load_variants

        patch = self._patches[key]
        files = (*self.source.files, *(self.source.options[name] for name in patch.options))
        (loaded,) = load_variants([(files, {**self.source.overrides, **patch.values})])
        return loaded

    def _made(self, key: str) -> Told:
        loaded = self._read(key)
        world = world_of(loaded.model.title, loaded, self.seed)
        self._at_hand = dict.fromkeys([*self._at_hand, key][-MOST_KEPT:])
        plan, context = prepared(world.model, self.seed)
        return Told(loaded, world, view(loaded.model, plan), plan, context)

    def _first_made(self, key: str) -> World | None:
        loaded = self._read(key)
        run = loaded.model.run
        days = run.warm_up + FIRST_DAYS * MINUTES
        if run.warm_up + run.duration < WORTH * days:
            return None
        # cases are few people, and may lie behind those days
        short = run.model_copy(update={"duration": FIRST_DAYS * MINUTES})
        model = loaded.model.model_copy(update={"run": short, "cases": {}})
        name = f"first {FIRST_DAYS:g} days of {world_key(loaded, self.seed)}"
        return World(loaded.model.title, sha256(name.encode()).hexdigest(), packed(model))


def option_names(files: tuple[str, ...]) -> dict[str, str]:
    """Options by the shortest part of their paths that tells them apart."""
    for depth in range(1, 20):
        names = ["/".join(Path(file).with_suffix("").parts[-depth:]) for file in files]
        if len(set(names)) == len(names):
            return dict(zip(names, files, strict=True))
    return {file: file for file in files}
