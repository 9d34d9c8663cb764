"""Experiment files: how they are written, read and checked."""

from sim.experiment.language.experiment import Experiment
from sim.experiment.language.reading import read_experiment

__all__ = ["Experiment", "read_experiment"]
