"""Offered loads of resources with a pool for each level of an attribute."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.check import check
from tests.scenario.analysis.test_offered_load import estimate
from tests.scenario.small import clinic

PRACTICES = """
people: {number: 100000, attributes: {practice: {shares: {riverside: 0.75, hill: 0.25}}}}
crises: {need: {rate: 6 per hour, first: gp}}
resources: {gps: {per: practice, capacity: {by: practice, riverside: 2, hill: CAPACITY}}}
pathway: {gp: {seize: gps, delay: 20 min, route: home}}
"""


def of_pools(folder: Path, text: str) -> dict[str, tuple[float, float]]:
    return {row.resource: (row.offered, row.capacity) for row in estimate(folder, text).rows}


def test_every_pool_has_the_load_that_its_own_level_brings(tmp_path: Path) -> None:
    found = of_pools(tmp_path, PRACTICES.replace("CAPACITY", "1"))
    assert found == {
        "gps[riverside]": (pytest.approx(1.5), 2.0),
        "gps[hill]": (pytest.approx(0.5), 1.0),
    }


def test_who_asks_the_pool_of_another_attribute_counts_there(tmp_path: Path) -> None:
    text = PRACTICES.replace("CAPACITY", "1").replace(
        "shares: {riverside: 0.75, hill: 0.25}}",
        "shares: {riverside: 0.75, hill: 0.25}}, near: {shares: {riverside: 0.1, hill: 0.9}}",
    )
    found = of_pools(tmp_path, text.replace("seize: gps", "seize: {gps: {at: near}}"))
    assert found["gps[riverside]"][0] == pytest.approx(0.2)
    assert found["gps[hill]"][0] == pytest.approx(1.8)


def test_a_level_that_steps_set_decides_which_pool_is_asked(tmp_path: Path) -> None:
    text = """
    crises: {need: {rate: 6 per hour, first: choose}}
    attributes: {site: {levels: [north, south], initially: north}}
    resources: {beds: {per: site, capacity: 4}}
    pathway:
      choose: {set: {site: {north: 0.2, south: 0.8}}, route: later}
      later: {delay: 5 min, route: ward}
      ward: {seize: beds, delay: 20 min, route: home}
    """
    found = of_pools(tmp_path, text)
    assert found["beds[north]"][0] == pytest.approx(0.4)
    assert found["beds[south]"][0] == pytest.approx(1.6)


def test_one_crowded_pool_among_others_is_warned_of_by_its_name(tmp_path: Path) -> None:
    loaded = clinic(tmp_path, PRACTICES.replace("CAPACITY", "0"))
    [warning] = [w for w in check(loaded).warnings if w.path == "resources.gps.capacity"]
    assert "`gps[hill]` will not settle" in warning.what
    assert "riverside" not in warning.what + (warning.found or "")


def test_pools_have_their_due_where_kinds_are_sampled(tmp_path: Path) -> None:
    levels = [f"p{number}" for number in range(40)]
    weights = [1 + number % 7 for number in range(40)]
    practice = ", ".join(
        f"{name}: {weight / sum(weights)}" for name, weight in zip(levels, weights, strict=True)
    )
    many = "".join(f", a{n}: {{shares: {{x: 0.3, y: 0.3, z: 0.4}}}}" for n in range(9))
    delay = "1 min"
    for n in range(9):
        delay = f"{{by: a{n}, x: {delay}, other: {2 + n} min}}"
    text = f"""
people: {{number: 100000, attributes: {{practice: {{shares: {{{practice}}}}}{many}}}}}
crises: {{need: {{rate: 60 per hour, first: gp}}}}
resources: {{gps: {{per: practice, capacity: 4}}}}
pathway: {{gp: {{seize: gps, delay: {delay}, route: home}}}}
"""
    loads = estimate(tmp_path, text)
    assert any("sampled" in caveat for caveat in loads.caveats)
    for row, weight in zip(loads.rows, weights, strict=True):
        assert row.per_day == pytest.approx(1440.0 * weight / sum(weights), rel=0.03)
