"""The model held against theory: queueing systems whose answers are known exactly.

Not a test of code but of meaning: scenario files are run as any user would run them, and long
enough that agreement means something. `urgentflow verify` prints the results.
"""

from sim.experiment.verification.run import Result, scenario_folder, verify

__all__ = ["Result", "scenario_folder", "verify"]
