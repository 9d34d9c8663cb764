"""Designs: which worlds an experiment sets against each other, and what differs between them."""

from sim.experiment.designs.design import Design, Factor, Level, Variant

__all__ = ["Design", "Factor", "Level", "Variant"]
