"""The compiled engine: the same events as the SimPy engine, in the same order, in machine code."""
