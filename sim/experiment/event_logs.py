"""Everything that happens in one replication, as a file that other people's tools read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sim.experiment.store import replacing

if TYPE_CHECKING:
    from sim.engine import EngineName
    from sim.scenario import Loaded

#: XES (IEEE 1849) for process-mining tools; CSV in the columns of vidigi or bupaR
LogFormat = Literal["xes", "vidigi", "bupar"]


def write_event_log(
    loaded: Loaded,
    path: Path,
    log_format: LogFormat,
    replication: int = 1,
    seed: int | None = None,
    engine: EngineName = "compiled",
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

    Raises
    ------
    ScenarioError
        If the scenario cannot be run, with every problem found.
    """
    from sim.engine import run
    from sim.measure.context import bare_context
    from sim.measure.eventlog import bupar_log, vidigi_log
    from sim.measure.xes import write_xes
    from sim.plan.compile import compile_plan
    from sim.scenario.check import refuse_unrunnable

    refuse_unrunnable(loaded)
    plan = compile_plan(loaded.model)
    context = bare_context(plan)
    logs = run(plan, loaded.model.run.seed if seed is None else seed, replication, engine)
    with replacing(path) as temporary:
        if log_format == "xes":
            write_xes(context, logs, temporary)
            return path
        if log_format == "vidigi":
            frame = vidigi_log(context, logs, replication)
        else:
            frame = bupar_log(context, logs)
        frame.to_csv(temporary, index=False, lineterminator="\n")
    return path
