"""Everything that happens in one replication, as a file that other people's tools read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from sim.experiment.settings import MOST_REPLICATIONS, check_engine, whole
from sim.experiment.store import replacing, safe

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.engine.logs import Logs
    from sim.measure.context import Context
    from sim.scenario import Loaded

#: XES (IEEE 1849) for process-mining tools; CSV in the columns of vidigi or bupaR
LogFormat = Literal["xes", "vidigi", "bupar"]

#: about what part of the time goes into simulating; the rest goes into writing
SIMULATING = 0.1


def write_event_log(
    loaded: Loaded,
    path: Path,
    log_format: LogFormat,
    replication: int = 1,
    seed: int | None = None,
    engine: EngineName = "compiled",
    watch: Callable[[float], None] | None = None,
    measured: bool = False,
) -> Path:
    """Run one replication and write its event log, whole or not at all.

    Parameters
    ----------
    loaded
        The scenario.
    path
        File to write; replaced if it exists.
    log_format
        What will read it.
    replication, seed
        Whose luck; the same as in any other run of the scenario.
    engine
        Which engine runs it.
    watch
        Told now and then what part is done; of CSV only what part is simulated.
    measured
        Leave out the warm-up: those present at its end come then, as `sim.measure.parts` says.

    Raises
    ------
    ScenarioError
        If the scenario cannot be run, with every problem found.
    TypeError, ValueError
        If there is no such replication, seed, engine or format.
    """
    from sim.measure.xes import write_xes

    tell = watch or (lambda part: None)
    context, logs = _logs(
        loaded,
        log_format,
        replication,
        seed,
        engine,
        measured,
        lambda part: tell(SIMULATING * part),
    )
    with replacing(path) as temporary:
        if log_format == "xes":
            writing = 1.0 - SIMULATING
            write_xes(context, logs, temporary, lambda part: tell(SIMULATING + writing * part))
        else:
            frame = _frame(context, logs, log_format, replication)
            safe(frame).to_csv(temporary, index=False, lineterminator="\n")
    return path


def event_frame(
    loaded: Loaded,
    log_format: LogFormat,
    replication: int = 1,
    seed: int | None = None,
    engine: EngineName = "compiled",
    measured: bool = False,
) -> pd.DataFrame:
    """Run one replication and return its event log; parameters as of `write_event_log`.

    Raises
    ------
    ValueError
        If the format is XES, which is a file and no table.
    """
    if log_format == "xes":
        raise ValueError("XES is written to a path; a data frame is `vidigi` or `bupar`")
    context, logs = _logs(
        loaded, log_format, replication, seed, engine, measured, lambda part: None
    )
    return _frame(context, logs, log_format, replication)


def _logs(
    loaded: Loaded,
    log_format: LogFormat,
    replication: int,
    seed: int | None,
    engine: EngineName,
    measured: bool,
    watch: Callable[[float], None],
) -> tuple[Context, Logs]:
    from sim.engine import run
    from sim.experiment.needs import estimated, refuse_oversized
    from sim.measure.context import bare_context
    from sim.measure.parts import from_moment
    from sim.plan.compile import compile_plan
    from sim.scenario.check import refuse_unrunnable

    whole("replication", replication, 1, MOST_REPLICATIONS)
    if seed is not None:
        whole("seed", seed, 0, 2**63 - 1)
    check_engine(engine)
    if log_format not in get_args(LogFormat):
        raise ValueError(f"there is no format {log_format!r}: {', '.join(get_args(LogFormat))}")
    refuse_unrunnable(loaded)
    refuse_oversized(estimated(loaded.model, engine))
    plan = compile_plan(loaded.model)
    seed = loaded.model.run.seed if seed is None else seed
    logs = run(plan, seed, replication, engine, watch=watch)
    return bare_context(plan), from_moment(logs, plan.warm_up) if measured else logs


def _frame(context: Context, logs: Logs, log_format: LogFormat, replication: int) -> pd.DataFrame:
    from sim.measure.eventlog import bupar_log, vidigi_log

    if log_format == "vidigi":
        return vidigi_log(context, logs, replication)
    return bupar_log(context, logs)
