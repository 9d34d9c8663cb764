"""The version of the program, which a manifest and the command line name."""

__version__ = "0.1.0"
