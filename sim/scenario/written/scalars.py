"""Plain YAML scalars: what an unquoted word means, and how a value is shown in a message.

YAML 1.2's core schema, less its surprises: `no`, `on`, dates and `22:00` are text; numbers keep
their source text, so that a level written `0-4`, `2` or `1.0` is the name one sees in the file.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from sim.scenario.problems import clipped

_WHOLE = re.compile(r"[-+]?[0-9]+\Z")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_NOT_FINITE = re.compile(r"[-+]?\.?(nan|inf|infinity)\Z", re.IGNORECASE)

#: Characters that no text needs: controls (which a terminal might obey), marks that turn the
#: direction of what follows, separators of lines, and lone surrogates.
UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x84\x86-\x9f"
    "\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)

#: Longest number read; longer ones are mistakes or attacks.
LONGEST_NUMBER = 40


class Broken:
    """Stands for a value that already has a problem, so that it is not reported twice."""

    def __repr__(self) -> str:
        """Name shown when debugging."""
        return "BROKEN"

    def __deepcopy__(self, memo: object) -> Broken:
        """The only instance."""
        return self


#: The only `Broken`. Typed as anything, because it takes the place of anything.
BROKEN: Final[Any] = Broken()


class Whole(int):
    """A whole number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> Whole:
        """Read `text`, which must match the syntax of a whole number."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class Real(float):
    """A decimal number that remembers how it was written."""

    text: str

    def __new__(cls, text: str) -> Real:
        """Read `text`, which must match the syntax of a decimal number."""
        number = super().__new__(cls, text)
        number.text = text
        return number


class NotFiniteError(ValueError):
    """A number that is not one: NaN, an infinity, or too long to be meant."""


def resolve(text: str) -> object:
    """The value of an unquoted scalar.

    Raises
    ------
    NotFiniteError
        For NaN, infinities and numbers of more than `LONGEST_NUMBER` characters.
    """
    if text in ("", "null", "~", "Null", "NULL"):
        return None
    if text == "true":
        return True
    if text == "false":
        return False
    if text[0] not in "-+.0123456789nNiI":
        return text
    if _WHOLE.match(text):
        return Whole(_short(text))
    if _REAL.match(text):
        number = Real(_short(text))
        if not math.isfinite(number):
            raise NotFiniteError("the number is too large")
        return number
    if _NOT_FINITE.match(text):
        raise NotFiniteError("NaN and infinities are not allowed")
    return text


def _short(text: str) -> str:
    if len(text) > LONGEST_NUMBER:
        raise NotFiniteError(f"a number of {len(text)} characters")
    return text


def text_of(raw: object) -> str | None:
    """How a scalar was written, for names that may look like numbers; None if not a scalar."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, Whole | Real):
        return raw.text
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int | float):
        return str(raw)
    return None


def shown(raw: object) -> str:
    """A value as shown after "found:"."""
    if raw is None:
        return "nothing"
    if isinstance(raw, dict):
        keys = [str(key) for key in list(raw)[:3]]
        more = ", ..." if len(raw) > len(keys) else ""
        return clipped(f"a mapping ({', '.join(keys)}{more})") if keys else "an empty mapping"
    if isinstance(raw, list):
        return f"a list of {len(raw)}" if raw else "an empty list"
    text = text_of(raw)
    if text is None:
        return type(raw).__name__
    if text == "" or (isinstance(raw, str) and text != text.strip()):
        return f"'{clipped(text)}'"
    if isinstance(raw, str) and _looks_resolved(text):
        return f"the text '{clipped(text)}'"
    return clipped(text)


def _looks_resolved(text: str) -> bool:
    """Whether quoted text would be a number or a truth value without its quotes."""
    try:
        return not isinstance(resolve(text), str)
    except NotFiniteError:
        return True


def plain(raw: Any) -> Any:
    """The same value in plain Python types: dicts, lists, str, int, float, bool, None."""
    if isinstance(raw, dict):
        return {key: plain(value) for key, value in raw.items()}
    if isinstance(raw, list):
        return [plain(value) for value in raw]
    if isinstance(raw, Whole):
        return int(raw)
    if isinstance(raw, Real):
        return float(raw)
    return raw
