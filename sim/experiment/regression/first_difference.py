"""The first event in which two runs differ, and what each does there, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np

from sim.measure.happenings import ROWS, WORDS, Happenings, Integers, What

#: events listed of one run
MOST_LISTED = 4

WHAT, WHERE = ROWS.index("what"), ROWS.index("where")

#: columns that name an episode
WHO = slice(0, ROWS.index("what"))


@dataclass(frozen=True)
class FirstDifference:
    """Where two runs part.

    Attributes
    ----------
    same
        How many events both have before.
    minute
        When, in minutes since the start of the run.
    ours, theirs
        What happens at that moment in one and not in the other, in words.
    instead
        What those of the first list, or else of the second, do next in the other run.
    """

    same: int
    minute: float
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    instead: tuple[str, ...]

    def sentences(self, start: date, ours: str, theirs: str) -> list[str]:
        """What differs, for a reader: a line for the moment, then one for each event."""
        moment = f"{moment_of(self.minute, start)} (minute {self.minute:.10g})"
        before = f"The first {self.same:,} events are the same. " if self.same else ""
        lines = [f"{before}They part on {moment}:"]
        for name, events in ((ours, self.ours), (theirs, self.theirs)):
            lines += [f"  only in {name}: {text}" for text in events[:MOST_LISTED]]
            if len(events) > MOST_LISTED:
                lines.append(f"  only in {name}: {len(events) - MOST_LISTED} more at that moment")
        other = theirs if self.ours else ours
        lines += [f"  in {other} instead: {text}" for text in self.instead[:MOST_LISTED]]
        return lines


def first_difference(one: Happenings, other: Happenings) -> FirstDifference | None:
    """Where two runs part; None if nothing differs.

    Levels of attributes are no events: they are compared where all events are the same, and both
    runs have the same attributes.
    """
    names = tuple(dict.fromkeys((*one.names, *other.names)))
    a, b = (_named(each, names) for each in (one, other))
    found = _parting(_without_levels(a), _without_levels(b))
    if found is None and one.attributes == other.attributes:
        return _parting(a, b)
    return found


def _parting(a: Happenings, b: Happenings) -> FirstDifference | None:
    """The first difference of two runs that have the same names."""
    at = _place(a, b)
    if at is None:
        return None
    minute = min(float(each.time[at]) for each in (a, b) if at < len(each.time))
    begin = [int(np.searchsorted(each.time, minute)) for each in (a, b)]
    now = [
        each.rows[start : _after(each, minute)] for each, start in zip((a, b), begin, strict=True)
    ]
    mine, theirs = _lacking(now[0], now[1]), _lacking(now[1], now[0])
    within, rows = (b, mine) if len(mine) else (a, theirs)
    whose = {tuple(row[WHO]): row for row in rows[::-1]}
    return FirstDifference(
        same=min(begin),
        minute=minute,
        ours=_words(mine, theirs, a.names),
        theirs=_words(theirs, mine, a.names),
        instead=tuple(_next(within, row, minute) for row in [*whose.values()][::-1]),
    )


def moment_of(minute: float, start: date) -> str:
    """A time of a run as date and hour, as scenarios write them."""
    moment = datetime.combine(start, time()) + timedelta(minutes=minute)
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _named(each: Happenings, names: tuple[str, ...]) -> Happenings:
    """The same events with codes of common names, in the order these give."""
    places = {name: code for code, name in enumerate(names)}
    codes = np.array([*(places[name] for name in each.names), -1], dtype=np.int64)
    rows = each.rows.copy()
    for column in (ROWS.index("crisis"), WHERE):
        rows[:, column] = codes[rows[:, column]]
    order = np.lexsort((*rows.T[::-1], each.time))
    return Happenings(each.time[order], rows[order], names, each.attributes)


def _without_levels(each: Happenings) -> Happenings:
    kept = each.rows[:, WHAT] != What.LEVELS
    return Happenings(each.time[kept], each.rows[kept], each.names, each.attributes)


def _place(a: Happenings, b: Happenings) -> int | None:
    """The first place at which the two lists are not the same."""
    length = min(len(a.time), len(b.time))
    differ = (a.time[:length] != b.time[:length]) | (a.rows[:length] != b.rows[:length]).any(axis=1)
    if differ.any():
        return int(np.argmax(differ))
    return None if len(a.time) == len(b.time) else length


def _after(each: Happenings, minute: float) -> int:
    return int(np.searchsorted(each.time, minute, side="right"))


def _lacking(rows: Integers, others: Integers) -> Integers:
    """The rows that the others lack, in the order in which they are told."""
    left = [tuple(row) for row in others.tolist()]
    found = []
    for row in rows.tolist():
        if tuple(row) in left:
            left.remove(tuple(row))
        else:
            found.append(row)
    found.sort(key=lambda row: (row[WHAT], row))
    return np.array(found, dtype=np.int64).reshape(-1, len(ROWS))


def _next(run: Happenings, row: Integers, minute: float) -> str:
    """What an episode does next in a run, at that moment or later."""
    mine = np.flatnonzero((run.rows[:, WHO] == row[WHO]).all(axis=1))
    later = mine[(run.time[mine] >= minute) & (run.rows[mine, WHAT] != What.LEVELS)]
    if not len(later):
        nothing = "does nothing more" if len(mine) else "never comes"
        return f"{_who(row, run.names)} {nothing}"
    at = int(later[0])
    wait = float(run.time[at]) - minute
    text = f"{_who(row, run.names)} {_what(run.rows[at], run.names)}"
    return f"{text}, {wait:.4g} minutes later" if wait > 0 else text


def _words(rows: Integers, others: Integers, names: Sequence[str]) -> tuple[str, ...]:
    """Each event in words; of levels only those that are not the same in the other run."""
    levels = {tuple(row[WHO]): row for row in others if row[WHAT] == What.LEVELS}
    said = []
    for row in rows:
        text = _what(row, names)
        other = levels.get(tuple(row[WHO]))
        if row[WHAT] == What.LEVELS and other is not None:
            kept = set(names[other[WHERE]].split(", "))
            mine = (level for level in names[row[WHERE]].split(", ") if level not in kept)
            text = WORDS[What.LEVELS].format(", ".join(mine))
        said.append(f"{_who(row, names)} {text}")
    return tuple(said)


def _what(row: Integers, names: Sequence[str]) -> str:
    where = names[row[WHERE]] if row[WHERE] >= 0 else ""
    return WORDS[What(row[WHAT])].format(where)


def _who(row: Integers, names: Sequence[str]) -> str:
    person, crisis, layer, ordinal, side = (int(number) for number in row[WHO])
    added = f" of layer {layer}" if layer else ""
    task = "a side task of " if side else ""
    return f"{task}person {person}'s `{names[crisis]}` no. {ordinal + 1}{added}"
