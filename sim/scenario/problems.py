"""What is wrong with a scenario, said to the person who wrote the file.

A `Problem` says where, what was found, what is allowed and what was probably meant. A
`ScenarioError` carries every problem found in one pass. Nothing here finds problems.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Most names listed after "allowed:"; a list longer than this says how many more there are.
MOST_NAMES = 12

#: Most problems printed.
MOST_SHOWN = 200

#: Longest excerpt of a value shown as "found:".
LONGEST_FOUND = 60

#: Parts of a path: names and, within lists, positions from 0.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in one file.

    `file` is the path as the user gave it or as reached from there; `line` counts from 1 (0 when
    no line applies, as for a missing file); `path` is dotted (`crises.fall.rate`).
    """

    file: str
    line: int
    path: str
    what: str
    found: str = ""
    allowed: str = ""
    nearest: str = ""

    def __str__(self) -> str:
        """The problem as printed: where and what, then indented details."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        head = printable(": ".join(part for part in (where, self.path, self.what) if part))
        details = [
            f"    {label}: {printable(text)}"
            for label, text in (("found", self.found), ("allowed", self.allowed))
            if text
        ]
        if self.nearest:
            details.append(f"    did you mean `{printable(self.nearest)}`?")
        return "\n".join([head, *details])


class ScenarioError(Exception):
    """Scenario files that cannot be used, with every problem found in them."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """All problems, one after the other, and how many there are."""
        count = len(self.problems)
        total = "1 problem" if count == 1 else f"{count:,} problems"
        shown = [str(problem) for problem in self.problems[:MOST_SHOWN]]
        if count > MOST_SHOWN:
            shown.append(f"... and {count - MOST_SHOWN:,} more")
        return "\n".join([*shown, f"{total} found."])


def nearest_name(name: str, known: Iterable[str]) -> str:
    """The known name most like `name`, or an empty string if none is like it."""
    candidates = sorted(set(known))
    by_folded = {candidate.casefold().replace("-", "_"): candidate for candidate in candidates}
    folded = name[:LONGEST_FOUND].casefold().replace("-", "_").replace(" ", "_")
    if folded in by_folded:
        return by_folded[folded]
    close = difflib.get_close_matches(folded, list(by_folded), n=1, cutoff=0.6)
    return by_folded[close[0]] if close else ""


def listed(names: Iterable[str], most: int = MOST_NAMES) -> str:
    """Names as a readable list in the order given, cut after `most`."""
    known = list(names)
    if not known:
        return "none are defined"
    if len(known) > most:
        return ", ".join(known[:most]) + f" and {len(known) - most} more"
    return ", ".join(known)


def dotted(path: Sequence[str | int]) -> str:
    """A path as written in `sources` and in messages: `crises.fall.rate`."""
    return ".".join(str(part) for part in path)


def clipped(text: str) -> str:
    """Text short enough, and printable, for a message."""
    one_line = "".join(c if c.isprintable() else " " for c in text[: LONGEST_FOUND * 2])
    one_line = " ".join(one_line.split())
    if len(one_line) > LONGEST_FOUND or len(text) > LONGEST_FOUND * 2:
        return one_line[:LONGEST_FOUND] + " ..."
    return one_line


def shown_file(file: str | os.PathLike[str]) -> str:
    """A file as shown to the user: short where that is unambiguous, never resolved."""
    return printable(os.path.normpath(os.fspath(file)))


def printable(text: str) -> str:
    """Text without anything that a terminal might obey, or that turns what follows."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
