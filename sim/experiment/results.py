"""What runs give back: one arm's results, and a comparison of several.

Plain data and pandas frames for notebooks; nothing here runs a replication except
`Results.logs`, which runs one again (it is the same again, and logs are too large to keep).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.experiment.differences import KEYS, paired_differences
from sim.experiment.intervals import mean_interval, statement
from sim.experiment.periods import Per, in_period

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.engine.logs import Logs
    from sim.experiment.settling import Settling
    from sim.plan.plan import Plan
    from sim.scenario import Loaded


#: writes a page about results to a path, counts in a period
Page = Callable[[Any, Path, Per], Path]


class NoPageError(RuntimeError):
    """Results that were not asked to keep what a page needs."""

    def __init__(self) -> None:
        super().__init__(
            "these results kept nothing of their logs for a page: run them with sim.run or "
            "sim.compare"
        )


def _report(
    of: Results | Comparison, page: Page | None, path: str | PathLike[str], per: Per
) -> Path:
    if page is None:
        raise NoPageError
    return page(of, Path(path), per)


@dataclass(frozen=True)
class Results:
    """All replications of one scenario, measured.

    `name` is short and made of its files' names, `title` is for readers.
    `measures` is tidy: columns `replication`, `measure`, `of`, `by`, `level`, `value`, `unit`.
    `settling` says of every resource whether its queue had settled: read it before any number.
    `digests` holds, per replication, what the caller's digest kept of the logs, or None, and
    `page` is what `report` writes with.
    """

    name: str
    title: str
    scenario: Loaded
    plan: Plan
    seed: int
    engine: EngineName
    by: tuple[str, ...]
    replications: tuple[int, ...]
    measures: pd.DataFrame
    settling: Settling
    digests: tuple[Any, ...] = ()
    page: Page | None = None

    @property
    def days(self) -> float:
        """Length of the measured time in days."""
        return self.scenario.model.run.duration / 1440

    def summary(self, per: Per = "run") -> pd.DataFrame:
        """Mean over replications of every number, with its interval.

        Parameters
        ----------
        per
            Period of counts and sums: that of the ``run``, a ``year`` or a ``day``.

        Returns
        -------
        pandas.DataFrame
            Columns `measure`, `of`, `by`, `level`, `unit`, `mean`, `low`, `high`, `interval`
            (what the bounds are: ``95 %``, ``range``, ``no variation`` or ``none``), `sd`,
            `replications` and `period` (in words, empty for what does not grow with time).
        """
        import pandas as pd

        from sim.measure import definitions

        known, rows = definitions(), []
        for key, group in self.measures.groupby(KEYS, sort=False):
            interval = mean_interval(group["value"].to_numpy(), known[str(key[0])].most)
            spread = group["value"].std(ddof=1)
            bounds = [interval.mean, interval.low, interval.high, interval.kind]
            rows.append([*key, group["unit"].iloc[0], *bounds, spread, interval.number])
        columns = [*KEYS, "unit", "mean", "low", "high", "interval", "sd", "replications"]
        return in_period(pd.DataFrame(rows, columns=columns), per, self.days)

    def bottlenecks(self) -> pd.DataFrame:
        """Every resource, the one that holds up most people first; see `bottlenecks`."""
        from sim.experiment.bottlenecks import bottlenecks

        resources = self.scenario.model.resources
        beds = {name: resources[name].bed or "" for name in self.plan.resources}
        return bottlenecks(self.measures, self.days, beds)

    def report(self, path: str | PathLike[str], per: Per = "run") -> Path:
        """Write the answer on one page, an HTML file complete in itself.

        Parameters
        ----------
        path
            The file.
        per
            Period of counts and sums.

        Raises
        ------
        NoPageError
            If the run kept nothing for a page.
        """
        return _report(self, self.page, path, per)

    def logs(self, replication: int = 1) -> Logs:
        """Run one replication again and return its logs."""
        from sim.engine import run

        return run(self.plan, self.seed, replication, self.engine)


@dataclass(frozen=True)
class Comparison:
    """A baseline and its alternatives, run on the same people with the same luck."""

    baseline: Results
    alternatives: tuple[Results, ...]
    differences: pd.DataFrame

    @property
    def arms(self) -> tuple[Results, ...]:
        """The baseline, then the alternatives."""
        return (self.baseline, *self.alternatives)

    @property
    def settling(self) -> tuple[Settling, ...]:
        """Whether the queues of each arm had settled, the baseline first."""
        return tuple(arm.settling for arm in self.arms)

    @property
    def measures(self) -> pd.DataFrame:
        """All arms' measures, with a first column `arm`."""
        import pandas as pd

        frames = [arm.measures.assign(arm=arm.name) for arm in self.arms]
        together = pd.concat(frames, ignore_index=True)
        return together[["arm", *(name for name in together if name != "arm")]]

    def table(self, per: Per = "run") -> pd.DataFrame:
        """The differences with counts and sums in a period (``run``, ``year`` or ``day``).

        Has the columns of `differences`, and `period` in words, empty for what does not grow
        with the measured time.
        """
        return in_period(self.differences, per, self.baseline.days)

    def bottlenecks(self) -> pd.DataFrame:
        """The bottlenecks of every arm, with a first column `arm`; see `bottlenecks`."""
        from sim.experiment.bottlenecks import together

        return together([(arm.name, arm.bottlenecks()) for arm in self.arms])

    def report(self, path: str | PathLike[str], per: Per = "run") -> Path:
        """Write the answer on one page, as `Results.report` does."""
        return _report(self, self.baseline.page, path, per)

    @property
    def statement(self) -> str:
        """How many replications stand behind the intervals, in words."""
        return statement(len(self.baseline.replications))


def comparison(baseline: Results, alternatives: tuple[Results, ...]) -> Comparison:
    """Set alternatives against a baseline, replication by replication."""
    import pandas as pd

    from sim.measure import definitions

    known = definitions()
    frames = [
        paired_differences(baseline.measures, other.measures, other.name, known)
        for other in alternatives
    ]
    return Comparison(baseline, alternatives, pd.concat(frames, ignore_index=True))
