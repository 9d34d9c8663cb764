"""What runs give back: one arm's results, and a comparison of several.

Plain data and pandas frames for notebooks; nothing here runs a replication except
`Results.logs`, which runs one again (it is the same again, and logs are too large to keep).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sim.experiment.differences import KEYS, paired_differences
from sim.experiment.intervals import statement, t_interval

if TYPE_CHECKING:
    import pandas as pd

    from sim.engine import EngineName
    from sim.engine.logs import Logs
    from sim.plan.plan import Plan
    from sim.scenario import Loaded


@dataclass(frozen=True)
class Results:
    """All replications of one scenario, measured.

    `name` is short and made of its files' names, `title` is for readers.
    `measures` is tidy: columns `replication`, `measure`, `of`, `by`, `level`, `value`, `unit`.
    `digests` holds, per replication, what the caller's digest kept of the logs, or None.
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
    digests: tuple[Any, ...] = ()

    def summary(self) -> pd.DataFrame:
        """Mean over replications of every number, with its 95 % t interval."""
        import pandas as pd

        rows = []
        for key, group in self.measures.groupby(KEYS, sort=False):
            interval = t_interval(group["value"].to_numpy())
            spread = group["value"].std(ddof=1)
            numbers = [interval.mean, interval.low, interval.high, spread, interval.number]
            rows.append([*key, group["unit"].iloc[0], *numbers])
        columns = [*KEYS, "unit", "mean", "low", "high", "sd", "replications"]
        return pd.DataFrame(rows, columns=columns)

    def bottlenecks(self) -> pd.DataFrame:
        """Every resource, the one that holds up most people first; see `bottlenecks`."""
        from sim.experiment.bottlenecks import bottlenecks

        resources = self.scenario.model.resources
        beds = {name: resources[name].bed or "" for name in self.plan.resources}
        return bottlenecks(self.measures, self.scenario.model.run.duration / 1440, beds)

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
    def measures(self) -> pd.DataFrame:
        """All arms' measures, with a first column `arm`."""
        import pandas as pd

        frames = [arm.measures.assign(arm=arm.name) for arm in self.arms]
        together = pd.concat(frames, ignore_index=True)
        return together[["arm", *(name for name in together if name != "arm")]]

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
        paired_differences(
            baseline.measures, other.measures, other.name, lambda name: known[name].better
        )
        for other in alternatives
    ]
    return Comparison(baseline, alternatives, pd.concat(frames, ignore_index=True))
