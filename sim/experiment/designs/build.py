"""From what an experiment asks for to its variants: options, sweeps and draws, each with each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.experiment.designs.design import BASELINE, Design, Factor, Level, Variant
from sim.experiment.designs.draws import latin_hypercube, quantile
from sim.experiment.designs.points import Point, grid
from sim.experiment.designs.sets import OptionSet, option_sets

if TYPE_CHECKING:
    from sim.scenario import Loaded
    from sim.scenario.problems import Problem

#: gives the scenario of a variant
Load = Callable[[Variant], "Loaded"]


@dataclass(frozen=True)
class Asked:
    """What is to be combined.

    Parameters
    ----------
    options
        Files by name, in the order in which they are applied.
    ways
        How they are combined, see `option_sets`.
    sweeps
        Values by dotted path. A path that a set of options does not have is not swept in it, so
        that an option's own numbers can be.
    draws
        How many draws of uncertain inputs; 0 for inputs as written.
    of
        Paths of the inputs drawn; None for all that are uncertain.
    seed
        Of the draws.
    """

    options: Mapping[str, str] = field(default_factory=dict)
    ways: tuple[str | tuple[str, ...], ...] = ("one_by_one",)
    sweeps: Mapping[str, tuple[Point, ...]] = field(default_factory=dict)
    draws: int = 0
    of: tuple[str, ...] | None = None
    seed: int = 1


def design_of(asked: Asked, load: Load) -> Design:
    """All variants, the baseline first.

    Parameters
    ----------
    asked
        What is combined.
    load
        Reads the scenario of a variant, to see what it has; not called where nothing is swept or
        drawn.
    """
    sets = option_sets(tuple(asked.options), asked.ways if asked.options else ())
    policies = [variant for each in sets for variant in _swept(asked, each, load)]
    if asked.sweeps:
        policies.insert(0, _policy(asked, (), {}))
    policies = list({variant.name: variant for variant in policies}.values())
    variants = every_draw(asked, policies, load) if asked.draws else policies
    titles = _titles(asked, load)
    factors = [Factor(name, titles[name], "option", (False, True)) for name in asked.options]
    for path, points in asked.sweeps.items():
        levels = tuple(dict.fromkeys(each.level for each in points))
        factors.append(Factor(path, short(path, asked.sweeps), "path", levels))
    drawn = dict.fromkeys(
        name for each in variants for name in each.levels if name not in policies[0].levels
    )
    known = {factor.name for factor in factors}
    factors += [Factor(name, short(name, drawn), "draw") for name in drawn if name not in known]
    return Design(tuple(factors), tuple(variants))


def _titles(asked: Asked, load: Load) -> dict[str, str]:
    """What each option is called by its file."""
    if not asked.options:
        return {}
    everything = load(_policy(asked, tuple(asked.options), {}))
    applied = everything.applied[-len(asked.options) :]
    return {name: option.title for name, option in zip(asked.options, applied, strict=True)}


def _swept(asked: Asked, options: OptionSet, load: Load) -> list[Variant]:
    """The variants of one set of options: one, or one for each point of the grid."""
    if not asked.sweeps:
        return [_policy(asked, options, {})]
    here = load(_policy(asked, options, {}))
    sweeps = {path: points for path, points in asked.sweeps.items() if not missing(here, path)}
    return [_policy(asked, options, row) for row in grid(sweeps)]


def missing(loaded: Loaded, path: str) -> list[Problem]:
    """Why no value can be laid over a scenario at a path; nothing if one can."""
    from sim.scenario.files.overriding import overridden

    problems: list[Problem] = []
    overridden(loaded.merged, {path: 0}, problems)
    return problems


def _policy(asked: Asked, options: OptionSet, row: Mapping[str, Point]) -> Variant:
    """A variant before inputs are drawn."""
    words = ["+".join(options)] if options else []
    words += [f"{short(path, asked.sweeps)} {each.text}" for path, each in row.items()]
    levels: dict[str, Level] = {name: name in options for name in asked.options}
    levels |= {path: each.level for path, each in row.items()}
    name = ", ".join(words) or BASELINE
    return Variant(
        name=name,
        options=tuple(asked.options[each] for each in options),
        overrides={path: each.value for path, each in row.items()},
        levels=levels,
        policy=name,
    )


def every_draw(asked: Asked, policies: Sequence[Variant], load: Load) -> list[Variant]:
    """Every policy with every draw of its own uncertain inputs, the same draws in all of them."""
    scenarios = [load(policy) for policy in policies]
    uncertain = [
        {
            path: distribution
            for path, distribution in loaded.model.uncertainty.items()
            if path not in policy.overrides and (asked.of is None or path in asked.of)
        }
        for policy, loaded in zip(policies, scenarios, strict=True)
    ]
    names = list(dict.fromkeys(path for each in uncertain for path in each))
    correlated = {
        (f"parameters.{one}", f"parameters.{other}"): rank
        for loaded in scenarios
        for one, row in loaded.model.correlations.items()
        for other, rank in row.items()
    }
    positions = latin_hypercube(names, asked.draws, asked.seed, correlated)
    place = {name: number for number, name in enumerate(names)}
    variants = []
    for draw in range(1, asked.draws + 1):
        for policy, loaded, inputs in zip(policies, scenarios, uncertain, strict=True):
            values = {
                path: quantile(distribution, positions[draw - 1, place[path]])
                for path, distribution in inputs.items()
            }
            laid_over = {path: _written(loaded, path, value) for path, value in values.items()}
            variants.append(
                Variant(
                    name=f"{policy.name}, draw {draw}",
                    options=policy.options,
                    overrides={**policy.overrides, **laid_over},
                    levels={**policy.levels, **values},
                    policy=policy.name,
                    draw=draw,
                )
            )
    return variants


def _written(loaded: Loaded, path: str, value: float) -> object:
    """A value drawn as it is written at its path: one of a distribution with units is minutes."""
    from sim.scenario.written.distributions import has_units

    return f"{value!r} min" if has_units(loaded.tree["uncertainty"][path]) else value


def short(path: str, among: Iterable[str]) -> str:
    """A path in words without its section, unless that is what tells it from another."""
    words = path.split(".")
    same = sum(other.split(".")[1:] == words[1:] for other in among)
    return " ".join(words if same > 1 or len(words) == 1 else words[1:])
