"""How often intervals hold the truth: the rule of `sim.experiment.intervals`, measured.

`python experiments/intervals/table.py docs/intervals.md` writes the page (a minute); without a
path it is printed. Replications are drawn from distributions whose mean is known, and from a
queue as this program simulates it, whose mean is that of all its replications.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.experiment.intervals import Interval, difference_interval, mean_interval, t_interval

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, int]], Floats]

NUMBERS = (5, 10, 30)
TRIALS = 4000

PAGE = """\
# Intervals that can be true

<!-- written by `python docs/generate.py intervals` -->

**The rule** (`sim/experiment/intervals.py`). The mean over replications is shown with

- a 95 % interval, from five replications on: Student's t on the scale on which the number cannot
  leave what is possible. For a share with mean m and standard error s that is its log odds
  (log(m / (1 - m)), standard error s / (m (1 - m))), for counts, times and money their logarithm
  (log m, s / m). The mean itself stays the plain mean. A share so stays between 0 and 100 %, a
  count or a time above 0;
- the *lowest and highest* replication, in [brackets], where fewer than five have the number: no
  interval made of them can be trusted, and nothing that varies is called better or worse;
- *no variation* where all replications have the same number. That is no interval of no width: it
  does not say that another replication could not differ.

A **paired difference** has its t interval as it is. Both arms share people and luck, so what makes
a measure skewed cancels, and a difference has no boundary at zero. A difference of shares is cut
at 100 points either way.

**Coverage.** How many of 100 intervals hold the true mean, over {trials:,} samples of {numbers}
replications each. *plain t* is the usual interval (it may hold negative counts and shares above
100 %), *bootstrap* the percentile bootstrap (400 resamples, of 400 samples). Samples without any
variation have no interval and are left out; their share is in the last column.

{means}

Nowhere is the rule worse than plain t beyond what chance does to these figures (0.3 points), and it
is better where it matters: for skewed numbers and rare events. It does not make few replications
many. A number whose spread is as large as its mean is covered about 90 times in 100 on ten
replications, one three times as spread about 80 times: use 30 or more replications where waits are
long, or events rare.

**Differences.** The same for the mean of paired differences, with the usual t. It is sound for
counts and shares, also of few events; a change that is proportional to a skewed wait is as skewed
as the wait, and covered about 88 times in 100 on ten replications.

{differences}
"""


@dataclass(frozen=True)
class Case:
    """Replications of a number whose mean is known; `most` is 1 for a share."""

    title: str
    draw: Draw
    truth: float
    most: float = math.inf


def lognormal(spread: float) -> Draw:
    """Lognormal of mean 1 with a standard deviation of `spread`."""
    sigma = math.sqrt(math.log(1 + spread**2))
    return lambda luck, shape: luck.lognormal(-(sigma**2) / 2, sigma, shape)


MEANS = (
    Case("count, mean 300", lambda luck, shape: luck.poisson(300, shape).astype(float), 300),
    Case("count, mean 3", lambda luck, shape: luck.poisson(3, shape).astype(float), 3),
    Case("count, mean 0.3", lambda luck, shape: luck.poisson(0.3, shape).astype(float), 0.3),
    Case("share of 500, 97 %", lambda luck, shape: luck.binomial(500, 0.97, shape) / 500, 0.97, 1),
    Case("share of 20, 5 %", lambda luck, shape: luck.binomial(20, 0.05, shape) / 20, 0.05, 1),
    Case("share that varies, 90 %", lambda luck, shape: luck.beta(9, 1, shape), 0.9, 1),
    Case("time, spread 0.3 of the mean", lognormal(0.3), 1),
    Case("time, spread 1 of the mean", lognormal(1), 1),
    Case("time, spread 3 of the mean", lognormal(3), 1),
)


def prevented(rate: float, share: float) -> Draw:
    """Counts less what an option prevents of them, one by one."""
    return lambda luck, shape: -luck.binomial(luck.poisson(rate, shape), share).astype(float)


def shared_luck(effect: float) -> Draw:
    """Skewed waits that an option shortens by a share that itself varies a little."""

    def draw(luck: np.random.Generator, shape: tuple[int, int]) -> Floats:
        before = lognormal(1)(luck, shape)
        return before * (luck.normal(1 - effect, 0.1, shape) - 1)

    return draw


DIFFERENCES = (
    Case("5 % of 2,000 prevented", prevented(2000, 0.05), -100),
    Case("5 % of 60 prevented", prevented(60, 0.05), -3),
    Case("skewed waits, no effect", shared_luck(0.0), 0.0),
    Case("skewed waits, 10 % shorter", shared_luck(0.1), -0.1),
    Case(
        "share of 500, 90 to 93 %, own luck",
        lambda luck, shape: (
            (luck.binomial(500, 0.93, shape) - luck.binomial(500, 0.9, shape)) / 500
        ),
        0.03,
        1,
    ),
)


def queue(replications: int) -> Case:
    """The mean wait of M/M/1 at a load of 0.75, one day in each replication, by this program."""
    import sim

    file = Path(__file__).parents[2] / "scenarios" / "verification" / "mm1.yaml"
    found = sim.run(file, replications=replications, duration="1 day", warm_up="1 day")
    measures = found.measures
    waits = measures[(measures["measure"] == "wait_mean") & (measures["by"] == "")]["value"]
    values = waits.to_numpy()

    def draw(luck: np.random.Generator, shape: tuple[int, int]) -> Floats:
        return luck.choice(values, shape)

    return Case("wait in a simulated queue, one day", draw, float(values.mean()))


def covered(values: Floats, case: Case, rule: Callable[[Floats], Interval]) -> tuple[float, float]:
    """Share of intervals that hold the truth, and share of samples without any variation."""
    found = [rule(row) for row in values]
    known = [item for item in found if item.kind == "95 %"]
    hits = sum(item.low <= case.truth <= item.high for item in known)
    return hits / max(len(known), 1), 1 - len(known) / len(found)


def bootstrapped(luck: np.random.Generator, values: Floats, truth: float) -> float:
    """Coverage of the percentile bootstrap."""
    hits = []
    for row in values[:400]:
        means = luck.choice(row, (400, len(row))).mean(axis=1)
        low, high = np.quantile(means, [0.025, 0.975])
        hits.append(low <= truth <= high)
    return float(np.mean(hits))


def table_of_means(luck: np.random.Generator, cases: Sequence[Case]) -> Iterator[str]:
    """Rows of the table of means, the heading first."""
    yield "| number | replications | this rule | plain t | bootstrap | no variation |"
    yield "| :--- | ---: | ---: | ---: | ---: | ---: |"
    for case in cases:
        for number in NUMBERS:
            values = case.draw(luck, (TRIALS, number))
            ours, same = covered(values, case, lambda row, most=case.most: mean_interval(row, most))
            plain, _ = covered(values, case, t_interval)
            boot = bootstrapped(luck, values, case.truth)
            cells = [
                case.title,
                str(number),
                *(f"{100 * part:.1f}" for part in (ours, plain, boot)),
            ]
            yield f"| {' | '.join(cells)} | {100 * same:.1f} % |"


def table_of_differences(luck: np.random.Generator) -> Iterator[str]:
    """Rows of the table of differences, the heading first."""
    yield "| difference | replications | paired t |"
    yield "| :--- | ---: | ---: |"
    for case in DIFFERENCES:
        for number in NUMBERS:
            values = case.draw(luck, (TRIALS, number))
            ours, _ = covered(
                values, case, lambda row, most=case.most: difference_interval(row, most)
            )
            yield f"| {case.title} | {number} | {100 * ours:.1f} |"


def page() -> str:
    """The page, in Markdown."""
    luck = np.random.default_rng(20261125)
    cases = (*MEANS, queue(1000))
    return PAGE.format(
        trials=TRIALS,
        numbers=", ".join(map(str, NUMBERS[:-1])) + f" and {NUMBERS[-1]}",
        means="\n".join(table_of_means(luck, cases)),
        differences="\n".join(table_of_differences(luck)),
    )


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        print(page(), end="")
