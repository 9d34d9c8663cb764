"""The command line on a terminal of its own, as a person sees it, and the processes it starts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from select import select

import pytest

ROOT = Path(__file__).parents[2]

#: seconds after which nothing is to be hoped for, though the engine may have to be compiled first
PATIENCE = 240.0

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="needs a terminal, and reads the process table of Linux"
)


@dataclass
class Running:
    """A command under way, what it has shown on its terminal, and when to lose patience."""

    process: subprocess.Popen[bytes]
    terminal: int
    shown: str = ""
    deadline: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    @property
    def percents(self) -> list[float]:
        """What its bar has shown, in order."""
        return [float(number) for number in re.findall(r"(\d+\.\d) %", self.shown)]

    @property
    def said(self) -> list[str]:
        """Lines that are still to be seen at the end, without notes (it may have to compile)."""
        plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", self.shown)
        lines = (line.strip() for line in re.split(r"[\r\n]+", plain))
        return [line for line in lines if line and not re.search(r"^note:|\d %", line)]

    def processes(self) -> set[int]:
        """The processes of its session that have not ended."""
        found = set()
        for folder in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                state, _, _, session = (folder / "stat").read_text().rpartition(")")[2].split()[:4]
                if int(session) == self.process.pid and state != "Z":
                    found.add(int(folder.name))
        return found

    def wait_until(self, claim: Callable[[], bool]) -> None:
        """Read the terminal until something holds."""
        while not claim():
            assert time.monotonic() < self.deadline, f"in vain; on the terminal: {self.said}"
            if select([self.terminal], [], [], 0.05)[0]:
                with suppress(OSError):  # how the end of what is shown shows itself
                    self.shown += os.read(self.terminal, 1 << 16).decode(errors="replace")

    def wait_for_advance(self) -> None:
        """Wait until the bar has moved twice from now on."""
        before = len(set(self.percents))
        self.wait_until(lambda: len(set(self.percents)) >= before + 2)

    def wait_for_end(self, within: float = 20.0) -> int:
        """Wait until it has ended, and with it all it started; return its exit code."""
        self.deadline = time.monotonic() + within
        self.wait_until(lambda: self.process.poll() is not None)
        self.wait_until(lambda: not self.processes())
        with suppress(OSError):
            while select([self.terminal], [], [], 0.0)[0]:
                self.shown += os.read(self.terminal, 1 << 16).decode(errors="replace")
        return self.process.wait()


@contextmanager
def on_a_terminal(folder: Path, *arguments: str) -> Iterator[Running]:
    """Run the command line in a folder, with a terminal for its errors, in its own session."""
    own, its = os.openpty()
    temporary = folder / "temporary"
    temporary.mkdir(exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "sim.cli.main", *arguments],
        cwd=folder,
        env={
            **os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", "COLUMNS": "100",
            "TMPDIR": str(temporary),
        },
        stdout=subprocess.DEVNULL,
        stderr=its,
        start_new_session=True,
    )  # fmt: skip
    os.close(its)
    running = Running(process, own)
    try:
        yield running
    finally:
        process.kill()  # what it has started ends by itself, and clears up what was shared
        try:
            running.wait_for_end()
        finally:
            for left in running.processes():
                with suppress(ProcessLookupError):
                    os.kill(left, 9)
            os.close(own)
