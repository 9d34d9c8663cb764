"""Many mutants, each within bounds of time and memory, in a process that may be lost."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

#: seconds of processor one thing that is done to a mutant may take, where Python can be stopped
MOST_SECONDS = 30.0

#: seconds on a clock after which the process is taken to hang: a machine may be busy with others
#: and an engine may first have to compile
HANGING_SECONDS = 900.0

#: bytes of address space of the process (a third of it is what the libraries map)
MOST_BYTES = 6 * 2**30

#: what the logs of one run may take, so that a flood is stopped early
LOG_GB = "0.05"


@dataclass(frozen=True)
class Fault:
    """A mutant of which something came that may not: its number, what was done, what came."""

    number: int
    mutant: str
    doing: str
    what: str

    def __str__(self) -> str:
        return f"mutant {self.number} ({self.mutant}), {self.doing}:\n{self.what}"


@dataclass
class Tally:
    """How many mutants came to what end, and the faults."""

    ends: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)


def campaign(
    seed: int,
    first: int,
    count: int,
    found: Callable[[Fault], None] = lambda fault: None,
    keep: Path | None = None,
) -> Tally:
    """Try the mutants of a seed from number `first` on; files of faults are kept in `keep`."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        begun = first
        while begun < first + count:
            for number, end in _batch(seed, begun, first + count, Path(folder)):
                begun = number + 1
                if isinstance(end, Fault):
                    tally.ends["fault"] += 1
                    tally.faults.append(end)
                    found(end)
                    if keep is not None:
                        keep.mkdir(parents=True, exist_ok=True)
                        text = (Path(folder) / "files" / "mutant.yaml").read_bytes()
                        (keep / f"{seed}_{number}.yaml").write_bytes(text)
                else:
                    tally.ends[end] += 1
    return tally


def _batch(seed: int, first: int, end: int, folder: Path) -> Iterator[tuple[int, str | Fault]]:
    """Ends of mutants by number, until all are done or the process is lost."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_work, args=(there, seed, first, end, str(folder)))
    process.start()
    there.close()
    number, mutant, doing = first, "", "starting"
    try:
        while True:
            if not here.poll(HANGING_SECONDS):
                yield number, Fault(number, mutant, doing, "hangs")
                return
            try:
                kind, text = here.recv()
            except EOFError:
                process.join(10)
                if number < end:
                    what = f"the process is gone, exit code {process.exitcode}"
                    yield number, Fault(number, mutant, doing, what)
                return
            if kind == "mutant":
                mutant = text
            elif kind == "doing":
                doing = text
            elif kind == "fault":
                yield number, Fault(number, mutant, doing, text)
                number, doing = number + 1, "making"
            elif kind == "end":
                yield number, text
                number, doing = number + 1, "making"
    finally:
        process.kill()
        process.join()
        here.close()


def _begin(pipe: Connection, doing: str) -> None:
    """Say what is done next, and give it its time of the processor (compiling is not counted)."""
    pipe.send(("doing", doing))
    signal.setitimer(signal.ITIMER_PROF, 0.0 if "compiled" in doing else MOST_SECONDS)


def _too_long(*_: object) -> None:
    raise TimeoutError(f"takes more than {MOST_SECONDS:g} s of the processor")


def _work(pipe: Connection, seed: int, first: int, end: int, folder: str) -> None:
    """In the process: try one mutant after the other and say what came of each."""
    os.environ["URGENTFLOW_LOG_GB"] = LOG_GB
    from tests.fuzz.trial import made, tried

    warnings.filterwarnings("error", category=RuntimeWarning, module="sim")
    signal.signal(signal.SIGPROF, _too_long)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    for number in range(first, end):
        path, said = made(seed, number, Path(folder) / "files")
        pipe.send(("mutant", said))
        try:
            outcome = tried(path, partial(_begin, pipe))
            fault = outcome.fault
            pipe.send(("fault", fault) if fault else ("end", outcome.kind))
        except Exception:
            pipe.send(("fault", traceback.format_exc(limit=-6)))
        except BaseException:
            pipe.send(("fault", traceback.format_exc(limit=-6)))
            raise
