"""What the environment says: how large logs may be, and whether compiled code tests its indices.

A variable is read when it is needed and refused if it makes no sense: a bound that is not a
number would otherwise bound nothing. One that begins with URGENTFLOW_ and is not known is refused
as well, because somebody meant something by it.
"""

from __future__ import annotations

import difflib
import math
import os

LOG_GB = "URGENTFLOW_LOG_GB"
CHECKED = "URGENTFLOW_CHECKED"

#: what the package reads, and what its tests do
KNOWN = (LOG_GB, CHECKED)
OF_TESTS = ("URGENTFLOW_SCENARIOS", "URGENTFLOW_MUTANTS")

#: GB of logs of one replication, unless `LOG_GB` says otherwise
USUAL_LOG_GB = 8.0

#: their rows are numbered by 31 bits, and a row takes 40 bytes
MOST_LOG_GB = 80.0


class EnvironmentVariableError(ValueError):
    """A variable of the environment that cannot be obeyed; says what it may be."""


def log_gigabytes() -> float:
    """GB (2^30 bytes) that the logs of one replication may take.

    Raises
    ------
    EnvironmentVariableError
        If `URGENTFLOW_LOG_GB` is not a number above 0 and up to 80.
    """
    text = os.environ.get(LOG_GB, "")
    if not text:
        return USUAL_LOG_GB
    try:
        gigabytes = float(text)
    except ValueError:
        gigabytes = math.nan
    if not 0.0 < gigabytes <= MOST_LOG_GB:
        raise EnvironmentVariableError(
            f"{LOG_GB}={text}: not a number of GB above 0 and up to {MOST_LOG_GB:g}, "
            f"which the logs of one replication may take (usually {USUAL_LOG_GB:g})"
        )
    return gigabytes


def is_checked() -> bool:
    """Whether compiled code tests every index (`sim.plan.checked`).

    Raises
    ------
    EnvironmentVariableError
        If `URGENTFLOW_CHECKED` is neither 0 nor 1.
    """
    text = os.environ.get(CHECKED, "")
    if text not in ("", "0", "1"):
        raise EnvironmentVariableError(f"{CHECKED}={text}: neither 0 nor 1")
    return text == "1"


def check_environment() -> None:
    """Refuse whatever is wrong with the variables of the environment that are meant for us.

    Raises
    ------
    EnvironmentVariableError
        With everything that is wrong, a line for each variable.
    """
    wrong = []
    for read in (log_gigabytes, is_checked):
        try:
            read()
        except EnvironmentVariableError as error:
            wrong.append(str(error))
    for name in sorted(os.environ):
        if name.upper().startswith("URGENTFLOW_") and name not in (*KNOWN, *OF_TESTS):
            near = difflib.get_close_matches(name.upper(), KNOWN, 1)
            meant = f"; did you mean {near[0]}?" if near else f"; there are {' and '.join(KNOWN)}"
            wrong.append(f"{name}: there is no such variable{meant}")
    if wrong:
        raise EnvironmentVariableError("\n".join(wrong))
