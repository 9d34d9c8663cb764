"""What runs give back: one arm's results, and a comparison of several.

Plain data and pandas frames for notebooks; nothing here runs a replication except
`Results.logs`, which runs one again (it is the same again, and logs are too large to keep).
"""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

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


class Presenter(Protocol):
    """What shows results to a reader: given to them by whoever has them run."""

    def page(self, of: Results | Comparison, path: Path, per: Per) -> Path:
        """Write the answer on one page."""

    def pictures(self, of: Results | Comparison, what: str, per: Per) -> Any:
        """Draw pictures of one kind, for a notebook or a folder."""

    def html(self, of: Results | Comparison) -> str:
        """The main tables, for a notebook."""


class NothingToShowError(RuntimeError):
    """Results that were not asked to keep what pictures and pages need."""

    def __init__(self) -> None:
        super().__init__(
            "these results kept nothing of their logs for pictures and pages: run them with "
            "sim.run or sim.compare"
        )


@dataclass(frozen=True)
class Frames:
    """The logs of one replication with names instead of codes, times in minutes.

    `visits` has a row for each passage of an episode through a step, `holds` for each unit of a
    resource seized, `episodes` for each crisis and side task; `episode` joins them.
    """

    visits: pd.DataFrame
    holds: pd.DataFrame
    episodes: pd.DataFrame


class _Shown:
    """What results and comparisons alike can show of themselves."""

    def _presenter(self) -> Presenter | None:
        raise NotImplementedError

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
        NothingToShowError
            If the run kept nothing for a page.
        """
        return self._presents().page(self, Path(path), per)  # type: ignore[arg-type]

    def plot(self, what: str = "", per: Per = "run") -> Any:
        """Draw the pictures of one kind.

        Parameters
        ----------
        what
            ``differences``, ``occupancy``, ``flows`` or ``case``; by default the first of them
            that there is something to show of.
        per
            Period of counts and sums.

        Returns
        -------
        sim.report.presenter.Pictures
            Shows itself in a notebook; `save(folder)` writes the files.

        Raises
        ------
        ValueError
            If there is no such kind, or nothing to show of it.
        NothingToShowError
            If the run kept nothing for pictures.
        """
        return self._presents().pictures(self, what, per)  # type: ignore[arg-type]

    def _repr_html_(self) -> str | None:
        """The main tables, which a notebook shows for a last line `results`."""
        presenter = self._presenter()
        return None if presenter is None else presenter.html(self)  # type: ignore[arg-type]

    def _presents(self) -> Presenter:
        presenter = self._presenter()
        if presenter is None:
            raise NothingToShowError
        return presenter


@dataclass(frozen=True, repr=False)
class Results(_Shown):
    """All replications of one scenario, measured.

    `name` is short and made of its files' names, `title` is for readers.
    `measures` is tidy: columns `replication`, `measure`, `of`, `by`, `level`, `value`, `unit`.
    `settling` says of every resource whether its queue had settled: read it before any number.
    `digests` holds, per replication, what the caller's digest kept of the logs, or None, and
    `presenter` is what `report` and `plot` show with. `variances` says how far the headline moves
    with luck and how far with inputs (`sim.experiment.findings.tables.variances`), if inputs
    were drawn.
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
    presenter: Presenter | None = None
    variances: pd.DataFrame | None = None

    def __repr__(self) -> str:
        """Who was run, how often: the numbers are in `summary()`."""
        many = len(self.replications)
        word = "replication" if many == 1 else "replications"
        return f"<Results of {self.title!r}: {many} {word} of {self.days:g} days, seed {self.seed}>"

    def _presenter(self) -> Presenter | None:
        return self.presenter

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
        beds = {name: resources[name.partition("[")[0]].bed or "" for name in self.plan.resources}
        return bottlenecks(self.measures, self.days, beds)

    def logs(self, replication: int = 1) -> Logs:
        """Run one replication again and return its logs."""
        from sim.engine import run

        return run(self.plan, self.seed, replication, self.engine)

    def frames(self, replication: int = 1) -> Frames:
        """Run one replication again and return its logs as data frames, with names."""
        from sim.measure.context import bare_context
        from sim.measure.eventlog import episode_table, hold_table, visit_table

        context, logs = bare_context(self.plan), self.logs(replication)
        return Frames(
            visit_table(context, logs), hold_table(context, logs), episode_table(context, logs)
        )


@dataclass(frozen=True, repr=False)
class Comparison(_Shown):
    """A baseline and its alternatives, run on the same people with the same luck.

    `variances` is as in `Results`, of all arms together.
    """

    baseline: Results
    alternatives: tuple[Results, ...]
    differences: pd.DataFrame
    variances: pd.DataFrame | None = None

    def __repr__(self) -> str:
        """Who was compared with whom: the numbers are in `table()`."""
        others = ", ".join(repr(arm.title) for arm in self.alternatives)
        many = len(self.baseline.replications)
        return f"<Comparison of {others} with {self.baseline.title!r}: {many} paired replications>"

    def _presenter(self) -> Presenter | None:
        return self.baseline.presenter

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
