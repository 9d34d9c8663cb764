"""The engines that are compared: what each is called, where its W is, and what it needs."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from workload import Statistics


@dataclass(frozen=True)
class Engine:
    """One way to run W.

    `module` has ``replicate(days, seed)``, called with `leading` arguments before those. `needs`
    are the distributions that must be installed, whose versions are printed. `rounds` is the most
    rounds it takes part in, so that a slow engine does not take all day.
    """

    name: str
    title: str
    module: str
    needs: tuple[str, ...]
    leading: tuple[str, ...] = ()
    rounds: int = 1000

    def missing(self) -> str | None:
        """Say what keeps this engine from running here, or None."""
        if self.name == "limit":
            return None if shutil.which("g++") else "g++ is not installed"
        for distribution in self.needs:
            if importlib.util.find_spec(distribution) is None:
                return f"{distribution} is not installed (pip install {distribution})"
        return None

    def version(self) -> str:
        """Versions of what it needs."""
        if self.name == "limit":
            import limit

            return limit.compiler()
        return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in self.needs)

    def prepare(self, days: float) -> None:
        """Do what is done once, before any number of replications of this length."""
        module = importlib.import_module(self.module)
        if hasattr(module, "prepare"):
            module.prepare(days)

    def load(self) -> Callable[[float, int], Statistics]:
        """Import it."""
        replicate = importlib.import_module(self.module).replicate
        return partial(replicate, *self.leading) if self.leading else replicate


ENGINES = {
    engine.name: engine
    for engine in (
        Engine("limit", "C++ by hand, the practical limit", "limit", ()),
        Engine(
            "compiled", "urgentflow, compiled engine", "urgentflow_w", ("numba",), ("compiled",)
        ),
        Engine("cimba", "Cimba Python", "cimba_w", ("cimba",)),
        Engine("tuned_simpy", "SimPy, one event per visit", "tuned_simpy", ("simpy",)),
        Engine("textbook_simpy", "SimPy, textbook", "textbook_simpy", ("simpy",)),
        Engine("simpy", "urgentflow, SimPy engine", "urgentflow_w", ("simpy",), ("simpy",)),
        Engine("ciw", "Ciw, tuned", "ciw_tuned", ("ciw",)),
        Engine("salabim", "salabim", "salabim_w", ("salabim",), rounds=2),
    )
}
