"""Stopping models that run away: a loop that takes no time, or a queue that grows for ever.

Static checks refuse what is certain to run away; what depends on chance or on signals is found
here. Both engines stop at the same bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta

from sim.plan.environment import log_gigabytes
from sim.plan.plan import Plan

#: visits at one instant beyond which a model is taken to go round in circles
VISITS_AT_ONCE = 1_000_000

#: bytes of a row of visits or holds, about the same in both engines
ROW_BYTES = 40

#: episodes under way at one time: a slot is part of the code of an event, which has so many bits
#: for it in the compiled engine
SLOT_BITS = 22
MOST_SLOTS = 1 << SLOT_BITS

#: rows of a log, and events to come: what numbers them has 31 bits
MOST_ROWS = 2**31 - 1


class RunawayError(RuntimeError):
    """A run that was stopped because it would not have come to an end."""


def log_bytes() -> float:
    """Bytes the logs of one replication may take."""
    return log_gigabytes() * 2**30


def going_round(plan: Plan, now: float, latest_steps: Iterable[int]) -> RunawayError:
    """The error for too many visits at one instant; `latest_steps` are those of the last."""
    names = sorted({plan.steps[step] for step in latest_steps})
    return RunawayError(
        f"stopped at {_moment(plan, now)}: {VISITS_AT_ONCE:,} visits at one instant, going round "
        f"{', '.join(f'`{name}`' for name in names)}. Give one of these steps a delay, or end "
        "the loop."
    )


def too_much(plan: Plan, now: float, rows: int, waiting: Sequence[int]) -> RunawayError:
    """The error for logs beyond their bound; `waiting` is the queue of each resource."""
    text = (
        f"stopped at {_moment(plan, now)}: the logs of this replication have {rows:,} rows, "
        f"which is the bound of {log_bytes() / 2**30:g} GB (URGENTFLOW_LOG_GB sets another)."
    )
    if waiting and max(waiting) > 0:
        longest = max(range(len(waiting)), key=lambda resource: waiting[resource])
        text += (
            f" The longest queue is that of `{plan.resources[longest]}`, with "
            f"{waiting[longest]:,} waiting; see what `urgentflow check` says of it."
        )
    return RunawayError(text)


def _moment(plan: Plan, now: float) -> str:
    moment = datetime.combine(plan.start, time()) + timedelta(minutes=now)
    return moment.isoformat(sep=" ", timespec="minutes")
