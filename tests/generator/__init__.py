"""Invented scenarios: small, valid, and between them using every feature of the language.

`scenarios()` is a hypothesis strategy, which shrinks; `scenario(number)` gives the same kind of
scenario from a number alone, for long runs and for coverage (`python -m tests.generator`). Both
draw from the same code, `invent`. A scenario is a plain tree as it would be read from YAML,
with the text of its strata file, and is valid by construction: nothing is filtered out.
"""

from tests.generator.choices import FromHypothesis, FromNumber
from tests.generator.scenarios import Invented, invent, scenario, scenarios

__all__ = ["FromHypothesis", "FromNumber", "Invented", "invent", "scenario", "scenarios"]
