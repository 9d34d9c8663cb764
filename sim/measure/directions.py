"""Which way a measure is better, and why: stated once, so that it can be argued with.

A measure has a direction only where more or less of it is good or bad for patients, or for what
is paid, by itself. How full beds are, how many people use a service that exists to be used, how
long a mended stay is made elsewhere: these are neither, and stay neutral.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Direction:
    """A side on which a measure is better.

    `sign` is -1 where less is better, 1 where more is. `flattered` is true where a measure also
    looks better when people leave unseen or give up: then it is not called better in a world in
    which more of them do.
    """

    sign: Literal[-1, 1]
    reason: str
    flattered: bool = True


FEWER_ADMISSIONS = Direction(
    -1, "a stay in hospital that can be avoided takes a bed and, from older people, strength."
)
FEWER_BED_DAYS = Direction(
    -1, "an acute bed is the dearest place to be looked after, and others wait for it."
)
SHORTER_STAYS = Direction(
    -1, "days in an acute bed that are not needed cost strength, and somebody else's place."
)
FEWER_ATTENDANCES = Direction(-1, "A&E is crowded, and many could be helped nearer to home.")
FEWER_CONVEYANCES = Direction(
    -1, "a crew at a hospital is not at the next call, and many could be helped at home."
)
SHORTER_WAITS = Direction(-1, "nobody gains by waiting, and some are harmed.")
MORE_IN_TIME = Direction(1, "nobody gains by waiting, and some are harmed.")
SHORTER_DELAYS = Direction(-1, "a patient is ready to go, and somebody else waits for the bed.")
FEWER_UNSERVED = Direction(
    -1, "whoever leaves unserved still needs what they came for.", flattered=False
)
FEWER_DEATHS = Direction(-1, "it is what care is there to prevent.", flattered=False)
FEWER_READMISSIONS = Direction(
    -1, "to come back soon is a sign that the first stay was not enough.", flattered=False
)
LESS_OVERTIME = Direction(-1, "staff work on after their shift.")
LESS_COST = Direction(-1, "money spent here is not there for other care.")
