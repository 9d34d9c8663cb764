"""Choices between a few words: each choice with its words, which reader and schema both take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Literal, get_args

from sim.scenario.problems import nearest_name
from sim.scenario.written.kind import Kind
from sim.scenario.written.lists import different
from sim.scenario.written.positions import Spot
from sim.scenario.written.scalars import text_of

DisciplineWord = Literal["fifo", "priority"]
BedWord = Literal["acute", "community"]
OnWord = Literal["episode", "person"]
OfWord = Literal["use", "capacity"]
HoldWord = Literal["no", "next", "true"]
BalkWord = Literal["full", "closed"]
OnHolidaysWord = Literal["only", "never"]
ClosingWord = Literal["wait", "serve", "renege"]


def one_of(*choices: str) -> Callable[[object, Spot], str]:
    """A parser of one of several words."""

    def parse(raw: object, at: Spot) -> str:
        if raw in choices and isinstance(raw, str):
            return raw
        raise at.refused(
            "not one of the words allowed",
            raw,
            allowed=" or ".join(f"`{choice}`" for choice in choices),
            nearest=nearest_name(text_of(raw) or "", choices),
        )

    return parse


def flag(raw: object, at: Spot) -> bool:
    """`true` or `false`."""
    if isinstance(raw, bool):
        return raw
    if raw in ("True", "TRUE", "False", "FALSE"):
        return str(raw).casefold() == "true"
    near = {"yes": "true", "no": "false", "on": "true", "off": "false"}.get(str(raw).casefold())
    raise at.refused("neither true nor false", raw, allowed="`true` or `false`", nearest=near or "")


def yes_or_no(raw: object, at: Spot) -> bool:
    """A truth value, also as the levels `yes` and `no`."""
    if raw in ("yes", "no"):
        return raw == "yes"
    return flag(raw, at)


def hold(raw: object, at: Spot) -> str:
    """Whether a unit is kept: `no`, `next` or `true`."""
    if isinstance(raw, bool):
        return "true" if raw else "no"
    if raw in ("yes", "True"):
        return "true"
    return one_of("next", "true", "no")(raw, at)


def balk_when(raw: object, at: Spot) -> tuple[str, ...]:
    """What turns an arrival away, in alphabetical order."""
    return tuple(sorted(different(raw, at, one_of(*get_args(BalkWord)), "reasons")))


def _choice(name: str, words: Any, description: str) -> Kind[str]:
    """One of the words of a `Literal`."""
    choices = get_args(words)
    return Kind(name, one_of(*choices), {"enum": [*choices], "description": description})


DISCIPLINE: Final = _choice("discipline", DisciplineWord, "Order of service.")
BED: Final = _choice("bed", BedWord, "Kind of bed.")
ON: Final = _choice("on", OnWord, "Who keeps the attribute.")
OF: Final = _choice("of", OfWord, "What of a resource is paid for.")
AT_CLOSING: Final = _choice(
    "atClosing", ClosingWord, "What becomes of those who wait when a resource closes."
)
ON_HOLIDAYS: Final = _choice(
    "onHolidays", OnHolidaysWord, "Open on bank holidays only, or never on them."
)
FLAG: Final = Kind("flag", flag, {"type": "boolean", "description": "`true` or `false`."})
COVERED: Final = Kind(
    "covered",
    yes_or_no,
    {"enum": [True, False, "yes", "no"], "description": "Whether covered."},
)
HOLD: Final = Kind(
    "hold",
    hold,
    {
        "enum": [True, False, "next", "no"],
        "description": "Whether the unit is kept: until released, until the next step starts.",
    },
)
BALK_WHEN: Final = Kind(
    "balkWhen",
    balk_when,
    {
        "type": "array",
        "items": {"enum": [*get_args(BalkWord)]},
        "minItems": 1,
        "uniqueItems": True,
        "description": "What turns an arrival away.",
    },
)

KINDS: Final[tuple[Kind[Any], ...]] = (
    *(DISCIPLINE, BED, ON, OF, AT_CLOSING, ON_HOLIDAYS, FLAG, COVERED, HOLD, BALK_WHEN),
)
