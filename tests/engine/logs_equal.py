"""Where two runs' logs differ, in words; no difference is too small."""

from __future__ import annotations

from dataclasses import fields

import numpy as np

from sim.engine.logs import Logs


def differences(one: Logs, other: Logs) -> list[str]:
    """Every column in which two logs are not the same bits, with the first row that differs."""
    found = []
    for log in (
        "visits",
        "holds",
        "interruptions",
        "capacities",
        "bookings",
        "episodes",
        "absorbed",
    ):
        for field in fields(getattr(one, log)):
            a = getattr(getattr(one, log), field.name)
            b = getattr(getattr(other, log), field.name)
            name = f"{log}.{field.name}"
            if a.dtype != b.dtype or a.shape != b.shape:
                found.append(f"{name}: {a.dtype}{a.shape} against {b.dtype}{b.shape}")
            elif a.tobytes() != b.tobytes():
                differ = np.flatnonzero((a != b) & ~((a != a) & (b != b)))
                found.append(f"{name}: {len(differ)} of {a.size} differ, first {differ[:1]}")
    if one.horizon != other.horizon:
        found.append("horizon")
    return found
