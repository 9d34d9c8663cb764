"""How often answers are right: bounds of many arms, searches, and runs until enough, measured.

`python experiments/answers/table.py docs/answers.md` writes the page (two minutes); without a path
it is printed. Everything is drawn from distributions whose means are known.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from sim.experiment.answers.enough import clear, precise, until_enough
from sim.experiment.answers.ranking import rank
from sim.experiment.answers.simultaneous import band
from sim.experiment.intervals import difference_interval
from sim.experiment.seeking.search import seek
from sim.experiment.seeking.target import Target

Floats = npt.NDArray[np.float64]
Draw = Callable[[np.random.Generator, tuple[int, ...]], Floats]

PAGE = Path(__file__).with_name("page.md")

TRIALS = 100

#: arms, correlation of their differences, replications
ARMS = (
    *((5, 0.0, 10), (5, 0.9, 10)),
    *((20, 0.0, 10), (20, 0.5, 10), (20, 0.9, 10)),
)


def normal(luck: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    return luck.normal(size=shape)


def skewed(luck: np.random.Generator, shape: tuple[int, ...]) -> Floats:
    """Lognormal with a spread as large as its mean, less the mean, over the spread."""
    sigma = math.sqrt(math.log(2))
    return luck.lognormal(-(sigma**2) / 2, sigma, shape) - 1


KINDS: tuple[tuple[str, Draw], ...] = (("normal", normal), ("skewed", skewed))


def bounds(luck: np.random.Generator) -> Iterator[str]:
    """How often all bounds hold at once, and how often plain ones would."""
    yield "| arms | correlation | replications | these bounds | each by itself | their reach |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: |"
    for arms, correlation, number in ARMS:
        held, plain, reach = [], [], []
        for _ in range(TRIALS):
            shared = math.sqrt(correlation) * luck.normal(size=number)
            changes = shared + math.sqrt(1 - correlation) * luck.normal(size=(arms, number))
            found = band(changes)
            assert found is not None
            held.append(((found.low <= 0) & (found.high >= 0)).all())
            each = [difference_interval(row) for row in changes]
            plain.append(all(one.low <= 0 <= one.high for one in each))
            reach.append(found.reach)
        yield (
            f"| {arms} | {correlation:g} | {number} | {100 * np.mean(held):.0f} | "
            f"{100 * np.mean(plain):.0f} | {np.mean(reach):.2f} |"
        )


def best(luck: np.random.Generator) -> Iterator[str]:
    """What comes true of the probability of being best."""
    yield "| probability said | experiments | best in truth |"
    yield "| :--- | ---: | ---: |"
    said, true = [], []
    for _ in range(5 * TRIALS):
        means = luck.normal(0, 0.5, 5)
        values = luck.normal(size=10) + luck.normal(size=(5, 10)) + means[:, None]
        found = rank(values, 1)
        first = int(found.order[0])
        said.append(found.best[first])
        true.append(first == int(np.argmax(means)))
    chances, came = np.array(said), np.array(true)
    for low, high in ((0.0, 0.5), (0.5, 0.7), (0.7, 0.85), (0.85, 0.95), (0.95, 1.01)):
        within = (chances >= low) & (chances < high)
        if within.sum() >= 20:
            span = f"{100 * low:.0f} to {100 * min(high, 1):.0f} %"
            yield f"| {span} | {within.sum()} | {100 * came[within].mean():.0f} % |"


def searches(luck: np.random.Generator) -> Iterator[str]:
    """How often a search stops where the target is not met, and what it takes."""
    yield "| noise | confidence | said too early | exact | values run | replications run |"
    yield "| :--- | ---: | ---: | ---: | ---: | ---: |"
    for title, draw in KINDS:
        for confidence in (0.9, 0.95):
            early, exact, points, runs = [], [], [], []
            for _ in range(2 * TRIALS):
                noise = draw(luck, (40,))

                def measure(value: float, number: int, noise: Floats = noise) -> Floats:
                    return (30.5 - value) * 0.4 + noise[:number]

                found = seek(measure, range(61), Target("m", -1, 0.0), confidence, 40)
                early.append(found.answer is not None and found.answer < 30.5)
                exact.append(found.answer == 31)
                points.append(len(found.points))
                runs.append(sum(point.replications for point in found.points))
            cells = (f"{100 * np.mean(each):.1f} %" for each in (early, exact))
            means = (f"{np.mean(each):.0f}" for each in (points, runs))
            yield f"| {title} | {100 * confidence:g} % | {' | '.join((*cells, *means))} |"


def precision(luck: np.random.Generator) -> Iterator[str]:
    """How often intervals hold that were stopped at a width, and at how many replications."""
    yield "| changes | width, in spreads | interval holds | replications | looks |"
    yield "| :--- | ---: | ---: | ---: | ---: |"
    for title, draw in KINDS:
        for width in (0.5, 0.25):
            held, numbers, looks = [], [], []
            for _ in range(4 * TRIALS):
                values = np.vstack([np.zeros(1000), draw(luck, (1000,))])
                ended = until_enough(lambda n, v=values: [v[:, :n]], [precise(width)], 1000)
                found = difference_interval(values[1, : ended.replications])
                held.append(found.low <= 0 <= found.high)
                numbers.append(ended.replications)
                looks.append(len(ended.looks))
            means = f"{np.mean(numbers):.0f} | {np.mean(looks):.1f}"
            yield f"| {title} | {width} | {100 * np.mean(held):.1f} % | {means} |"


def choices(luck: np.random.Generator) -> Iterator[str]:
    """How often the choice is right where the others are worse by just more than the margin."""
    yield "| policies | noise | right | replications |"
    yield "| ---: | :--- | ---: | ---: |"
    for policies in (2, 5, 20):
        for title, draw in KINDS:
            right, numbers = [], []
            for _ in range(2 * TRIALS):
                values = 3 * luck.normal(size=1000) + draw(luck, (policies, 1000))
                values[1:] -= 0.51
                ended = until_enough(lambda n, v=values: [v[:, :n]], [clear(0.5, 1)], 1000)
                chosen = int(np.argmax(values[:, : ended.replications].mean(axis=1)))
                right.append(chosen == 0)
                numbers.append(ended.replications)
            part, mean = f"{100 * np.mean(right):.1f} %", f"{np.mean(numbers):.0f}"
            yield f"| {policies} | {title} | {part} | {mean} |"


def page() -> str:
    """The page, in Markdown."""
    luck = np.random.default_rng(20261126)
    made = (bounds, best, searches, precision, choices)
    tables = {each.__name__: "\n".join(each(luck)) for each in made}
    return PAGE.read_text(encoding="utf-8").format(trials=TRIALS, **tables)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).write_text(page(), encoding="utf-8", newline="\n")
    else:
        print(page())
