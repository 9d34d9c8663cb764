"""The scenario language: reading, merging, checking and explaining scenario files."""

from sim.scenario.loading import Loaded, Option, Origins, changed, load
from sim.scenario.problems import Problem, ScenarioError

__all__ = ["Loaded", "Option", "Origins", "Problem", "ScenarioError", "changed", "load"]
