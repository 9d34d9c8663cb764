"""Tests; a package, so that another one called `tests` cannot take its place."""
