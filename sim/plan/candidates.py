"""What may begin an episode: the row that demand is drawn as and that engines take."""

from __future__ import annotations

from sim.plan.plan import record

#: an episode that falls due unless relative rates, an open episode or death prevent it: the time in
#: minutes, the key of the episode's random numbers, the uniform number plus layer that its
#: relative rate must exceed, and the named case, or `NONE`; the ordinal of a case is the number of
#: the copy
CANDIDATE = record(
    time="f8",
    thin="f8",
    key="u8",
    person="i4",
    ordinal="i4",
    crisis="i2",
    layer="i2",
    case="i4",
)


class TooManyError(RuntimeError):
    """More of something than can be numbered, though its mean was within bounds."""
