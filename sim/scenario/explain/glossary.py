"""What the terms of the field mean here, in a sentence each, for those new to one of them."""

from __future__ import annotations

from typing import Final

GLOSSARY: Final = {
    "seize": "To take a unit of a resource (a nurse, a bed), waiting in its queue if none is free.",
    "release": "To give a unit back, so that the next in the queue can have it.",
    "delay": "The time a step takes once it has started; the patient keeps what the step seized.",
    "renege": "To leave a queue because patience has run out; where to is `renege_to`.",
    "balk": "To be turned away on coming, because a queue is full or a resource closed.",
    "block": "To keep a unit after one's own time in it because the next place is not free yet: "
    "`hold: next`.",
    "warm-up": "Time simulated first and left out of every measure, so that beds and queues have "
    "filled as on any other day.",
    "replication": "One run of the same scenario with its own luck; intervals are made of several.",
    "common random numbers": "The same people with the same luck in every arm of a comparison, so "
    "that a difference is the change's and not chance's.",
    "offered load": "The work that comes to a resource, in units busy at once; at or above its "
    "capacity its queue does not settle.",
    "utilisation": "The share of a resource's capacity that is in use.",
    "occupancy": "How many units, mostly beds, are in use.",
    "episode": "One crisis of one person, from its onset until the pathway ends.",
    "visit": "One passage of one episode through one step: queued, started, ended.",
    "hold": "How long a seized unit is kept: by default until the step's own delay ends.",
    "absorbed": "A crisis that falls due while the same person still has an episode; it is counted "
    "and dropped.",
    "crisis": "A kind of urgent need (a fall, an infection), with a rate and a profile in time.",
    "option": "A small file of changes to a scenario, with a title and a rationale: one thing that "
    "could be bought.",
    "table": "A value that varies `by` attributes: `{by: age, 65+: 2 h, other: 1 h}`.",
    "attribute": "A category with named levels; all that differs between people, episodes and "
    "moments differs by attributes.",
    "signal": "An attribute that is `yes` while a queue or an occupancy is at least so high.",
    "programme": "Something a share of the eligible people are covered by: an attribute, `yes` or "
    "`no`.",
    "paired difference": "The difference of one replication between two arms; its spread is what "
    "an interval is made of.",
}
