"""Mistakes in what was typed on the command line, as opposed to in a scenario file."""

from __future__ import annotations

from collections.abc import Iterable


class UsageError(Exception):
    """An argument that cannot be used; printed as it is, with exit code 2."""


def unknown_name(what: str, name: str, known: Iterable[str]) -> UsageError:
    """Say that a name is not known, which are, and which was probably meant."""
    from sim.scenario.problems import listed, nearest_name

    names = list(known)
    near = nearest_name(name, names)
    meant = f"; did you mean `{near}`?" if near else ""
    return UsageError(f"there is no {what} `{name}`{meant} (there is: {listed(names)})")
