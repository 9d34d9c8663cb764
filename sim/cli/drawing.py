"""`--draws N` of `run` and `compare`: how far results move with luck, and how far with inputs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.cli import arguments as shared
from sim.cli.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

    from sim.experiment.designs import Variant
    from sim.experiment.tasks.lab import Lab
    from sim.scenario import Loaded

LUCK_ONLY = "Luck only, inputs taken as given."


def add_draws(parser: argparse._ActionsContainer) -> None:
    """Add `--draws`."""
    parser.add_argument(
        "--draws",
        type=_draws,
        metavar="N",
        help="also draw all inputs in `uncertainty` N times, the same draws in every arm, with a "
        "few replications of each, to tell doubt of inputs from luck",
    )


def _draws(text: str) -> int:
    number = shared.count(text)
    if number < 2:
        raise argparse.ArgumentTypeError("one draw tells nothing of doubt: 2 or more")
    return number


class Draws:
    """What `--draws` asks for: read and checked before anything is run, then run and shown.

    `frame` is empty before `run`, and without `--draws`.
    """

    def __init__(
        self,
        arguments: argparse.Namespace,
        arms: Sequence[tuple[str, Loaded]],
        alternatives: Sequence[str] = (),
    ) -> None:
        from sim.experiment.arm_loading import files_of_arms
        from sim.experiment.drawn import NothingUncertainError, drawn_arms

        self.arguments, self.loaded = arguments, [loaded for _, loaded in arms]
        self.frame: pd.DataFrame | None = None
        self.lab: Lab | None = None
        self.variants: tuple[Variant, ...] = ()
        if arguments.draws is None:
            return
        first = getattr(arguments, "scenario", None) or arguments.baseline
        files = [each for each in files_of_arms(first, alternatives) if isinstance(each, tuple)]
        names = [name for name, _ in arms]
        self.lab = _lab(arguments, self.loaded[0])
        try:
            named = list(zip(names, files, strict=True))
            self.variants = drawn_arms(named, arguments.draws, self.lab)
        except NothingUncertainError as error:
            raise UsageError(f"--draws: {error} (section `uncertainty`)") from None

    def run(self) -> None:
        """Run the draws, and keep each replication in the store, by default that beside `--out`."""
        if self.lab is None:
            return
        from sim.cli.progress import shown
        from sim.experiment.executor import Local
        from sim.experiment.experiment import with_room
        from sim.experiment.tasks.store import opened
        from sim.report.luck_and_inputs import table

        arguments, lab = self.arguments, self.lab
        lab.executor = Local(with_room(self.loaded, arguments.workers, arguments.engine))
        if arguments.out is not None or arguments.store is not None:
            folder = arguments.store or arguments.out.resolve().parent / "store"
            shared.check_folder(folder)
            lab.store = arguments.at_end.enter_context(opened(folder))
        with shown(0, "tasks") as (show, _):
            lab.watch = lambda _, progress: show(progress)
            try:
                self.frame = table(self.variants, lab, self.loaded[0].model.headline)
            except RuntimeError as error:
                raise UsageError(str(error)) from None

    def show(self) -> None:
        """Say what luck does and what inputs do; or that inputs are taken as given."""
        from sim.cli.printing import paragraph, records, show
        from sim.report.tables.doubt import variance_grids

        if self.frame is None:
            uncertain = {path for each in self.loaded for path in each.model.uncertainty}
            more = f" --draws N draws those in `uncertainty` ({len(uncertain)})."
            paragraph(LUCK_ONLY + (more if uncertain else ""))
            return
        self.arguments.answer["luck_and_inputs"] = records(self.frame)
        for grid in variance_grids(self.frame):
            show(grid)


def _lab(arguments: argparse.Namespace, baseline: Loaded) -> Lab:
    from sim.experiment.tasks.lab import Lab

    return Lab(
        (),
        seed=arguments.seed,
        measures=baseline.model.headline or None,
        engine=arguments.engine,
        overrides=shared.overrides(arguments),
    )
