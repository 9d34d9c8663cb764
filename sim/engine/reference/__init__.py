"""The SimPy engine: the definition of what a plan means."""
