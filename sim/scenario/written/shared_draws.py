"""How a distribution says which number of its episode it is drawn with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sim.scenario.written import lists
from sim.scenario.written.positions import Spot
from sim.scenario.written.values import SharedDraw

#: With a draw of the episode, or against it.
DRAWN_WITH: Final = ("draw", "against")


def shared_draw(raw: Mapping[str, object], at: Spot) -> SharedDraw | None:
    """The draw of the episode with which a distribution is drawn, if it says one."""
    words = [word for word in DRAWN_WITH if word in raw]
    if not words:
        return None
    if len(words) > 1:
        raise at.refused("drawn both with and against a draw", raw, allowed="`draw` or `against`")
    return SharedDraw(lists.name(raw[words[0]], at.under(words[0])), words[0] == "against")
