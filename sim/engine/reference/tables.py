"""What the tables of a plan give at this moment: levels, numbers, choices, durations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from sim.engine.interpreted import interpreted
from sim.engine.reference.clock import Clock
from sim.engine.reference.patient import Patient
from sim.plan import lookup
from sim.plan.initial import remaining
from sim.plan.keys import uniform
from sim.plan.plan import NONE, PlanArrays
from sim.plan.samplers import EMPIRICAL, sample, sample_simple


class Tables:
    """The tables of a world, read at the present time of a clock.

    `world` holds lists (`sim.engine.interpreted.listed`), `arrays` the same as arrays.
    """

    def __init__(self, world: SimpleNamespace, arrays: PlanArrays, clock: Clock) -> None:
        self.world = world
        self.arrays = arrays
        self.clock = clock
        self.read = interpreted(lookup)
        self.fixed = [  # leaves of the tables that are the same for everyone
            world.cells[table.first_cell] if table.first_dim == table.end_dim else NONE
            for table in world.tables
        ]

    def level(self, attribute: int, person: int, episode: int) -> int:
        """The level of an attribute for one episode of one person."""
        level: int = self.read.level(self.world, attribute, person, episode, self.clock.now)
        return level

    def number_for_person(self, person: int, table: int) -> float:
        """The number a table gives for somebody who has no episode."""
        leaf = self.read.leaf(self.world, table, person, 0, self.clock.now)
        number: float = self.world.numbers[leaf]
        return number

    def leaf(self, patient: Patient, table: int) -> int:
        """The leaf a table gives for a patient."""
        leaf: int = self.fixed[table]
        if leaf == NONE:
            leaf = self.read.leaf(self.world, table, patient.person, patient.number, self.clock.now)
        return leaf

    def number(self, patient: Patient, table: int) -> float:
        """The number a table gives for a patient."""
        number: float = self.world.numbers[self.leaf(patient, table)]
        return number

    def choose(self, patient: Patient, table: int, key: int, occurrence: int) -> int:
        """Choose a target by the shares a table gives for a patient."""
        choice, world = self.leaf(patient, table), self.world
        only = world.branches[world.choices[choice]]
        if only.cumulative == 1.0:  # whatever the random number
            return int(only.target)
        target: int = self.read.chosen(world, choice, uniform(patient.key, key, occurrence))
        return target

    def duration(self, patient: Patient, table: int, key: int, occurrence: int) -> float:
        """Draw a duration in minutes from the distribution a table gives for a patient."""
        return self.drawn(
            patient, self.world.distributions[self.leaf(patient, table)], key, occurrence
        )

    def begins(self, gate: int) -> float:
        """When a delay begins that waits until a gate opens."""
        opening: float = self.clock.now
        if gate != NONE:
            opening = self.read.opening(self.world, gate, self.clock.now)
        return opening

    def delay(self, patient: Patient, d: Any, key: int) -> float:
        """Draw how long a patient stays, or stays on if some has passed when the run begins."""
        if patient.passed <= 0.0:
            return self.drawn(patient, d, key, patient.occurrence)
        u, world = self._position(patient, d, key, 0), self.arrays
        left: float = remaining(
            d.kind, d.a, d.b, d.c, world.values, world.cumulative, d.first, d.count, u,
            patient.passed,
        )  # fmt: skip
        patient.passed = 0.0
        return left

    def drawn(self, patient: Patient, d: Any, key: int, occurrence: int) -> float:
        """Draw a duration in minutes from a distribution for a patient."""
        u, world = self._position(patient, d, key, occurrence), self.arrays
        if d.kind < EMPIRICAL:
            return sample_simple(d.kind, d.a, d.b, d.c, u)
        return sample(d.kind, d.a, d.b, d.c, world.values, world.cumulative, d.first, d.count, u)

    def _position(self, patient: Patient, d: Any, key: int, occurrence: int) -> float:
        """The random number that a distribution is drawn with for a patient."""
        if d.shared:  # the same number whenever and wherever the episode draws with it
            u = uniform(patient.luck, d.luck, 0)
            return 1.0 - u if d.against else u
        return uniform(patient.key, key, occurrence)
