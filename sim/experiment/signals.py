"""Signals that tell this process to stop: heard everywhere but where workers are dismissed.

Ctrl-C, the end of a batch job and a closed terminal come as signals. Each of them ends the work in
the same way, by an exception, so that files and processes are tidied up behind it.
"""

from __future__ import annotations

import math
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

#: by name, for not every system has all of them
SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)

#: seconds until a signal counts again: people press Ctrl-C twice, and exceptions get lost
AGAIN = 0.5


class StoppedError(KeyboardInterrupt):
    """A signal told this process to stop; its only argument is the number of the signal."""

    @property
    def number(self) -> int:
        """Number of the signal."""
        number: int = self.args[0]
        return number


@contextmanager
def stoppable() -> Iterator[None]:
    """Let signals to stop raise `StoppedError` in the main thread while the block lasts.

    A signal that somebody else handles, or that is ignored, is left alone. Once one has come the
    process is about to end: what follows at once does not disturb its tidying up, and whatever
    comes after the block is ignored.

    Python drops an exception that comes up in a finaliser or in a callback from a library, as
    there are when compiled code is loaded. So it is raised again until the block has been left.
    """
    raised = -math.inf
    reminder: threading.Timer | None = None

    def stop(number: int, _: object) -> None:
        nonlocal raised, reminder
        if time.monotonic() - raised >= AGAIN:
            raised = time.monotonic()
            reminder = threading.Timer(AGAIN, _send, (number,))
            reminder.daemon = True
            reminder.start()
            raise StoppedError(number)

    defaults = (signal.SIG_DFL, signal.default_int_handler)
    ours = [number for number in SIGNALS if signal.getsignal(number) in defaults]
    before = _handled(ours, stop)
    try:
        with _lost_in_silence():
            yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler if math.isinf(raised) else signal.SIG_IGN)
        if reminder is not None:
            reminder.cancel()


@contextmanager
def undisturbed() -> Iterator[None]:
    """Put off signals to stop until the end of the block."""
    came: list[int] = []
    before = _handled(SIGNALS, lambda number, _: came.append(number))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        for number in came[:1]:
            signal.raise_signal(number)


def _handled(numbers: Iterable[int], handler: Callable[[int, Any], None]) -> dict[int, Any]:
    """Handle signals, which only the main thread may; return who handled them before."""
    if threading.current_thread() is not threading.main_thread():
        return {}
    # None stands for a handler that is not Python's, and cannot be put back
    known = [number for number in numbers if signal.getsignal(number) is not None]
    return {number: signal.signal(number, handler) for number in known}


def _send(number: int) -> None:
    """Send this process a signal that also wakes the main thread, where systems can do that."""
    main = threading.main_thread().ident
    if main is not None and hasattr(signal, "pthread_kill"):
        signal.pthread_kill(main, number)
    else:
        signal.raise_signal(number)


@contextmanager
def _lost_in_silence() -> Iterator[None]:
    """Do not print a traceback of a `StoppedError` that got lost."""
    tell = sys.unraisablehook

    def hook(lost: Any) -> None:
        if not isinstance(lost.exc_value, StoppedError):
            tell(lost)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = tell
