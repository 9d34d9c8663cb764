"""Where a parser stands in the value it reads, and how it says what is wrong there.

Parsers of single values raise `RefusedError`; parsers of mappings and lists read every part with
`Spot.each`, so that one bad part does not hide the others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TypeVar, cast

from sim.scenario.problems import Path, listed, nearest_name
from sim.scenario.written.scalars import BROKEN, shown

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong at one path, before its file and line are known."""

    path: Path
    what: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""


class RefusedError(Exception):
    """A value that cannot be read; without a complaint if its parts have said why."""

    def __init__(self, complaint: Complaint | None = None) -> None:
        self.complaint = complaint
        super().__init__(complaint)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place within the value being read; all places within it share one list of complaints."""

    path: Path = ()
    complaints: list[Complaint] = field(default_factory=list)

    def under(self, key: str | int) -> Spot:
        """The place of a part of this value."""
        return Spot((*self.path, key), self.complaints)

    def complain(self, what: str, *, found: str = "", allowed: str = "", nearest: str = "") -> None:
        """Say what is wrong here and go on."""
        self.complaints.append(Complaint(self.path, what, found, allowed, nearest))

    def refused(
        self, what: str, raw: object = None, *, allowed: str = "", nearest: str = ""
    ) -> RefusedError:
        """The exception that says why `raw` cannot be read here."""
        return RefusedError(Complaint(self.path, what, shown(raw), allowed, nearest))

    def note(self, refused: RefusedError) -> None:
        """Keep what an exception says."""
        if refused.complaint is not None:
            self.complaints.append(refused.complaint)

    def unknown(self, what: str, name: str, known: Iterable[str]) -> None:
        """Say that a name is not one of those known."""
        names = list(known)
        self.complain(
            what, found=shown(name), allowed=listed(names), nearest=nearest_name(name, names)
        )

    def each(self, key: str | int, parse: Callable[[object, Spot], T], raw: object) -> T:
        """Part of this value read by `parse`; `BROKEN`, with a complaint, if it cannot be."""
        if raw is BROKEN:
            return cast(T, BROKEN)
        try:
            return parse(raw, self.under(key))
        except RefusedError as refused:
            self.note(refused)
            return cast(T, BROKEN)
