"""Did it settle? Drift, memory and gridlock of every queue, judged over all replications."""

from sim.experiment.settling.chains import Link
from sim.experiment.settling.verdicts import Settling, State, Verdict, judge

__all__ = ["Link", "Settling", "State", "Verdict", "judge"]
