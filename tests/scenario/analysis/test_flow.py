"""The traffic equations against linear algebra."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.scenario.analysis.flow import Network, Node, TooComplexError, remaining, visits
from sim.scenario.analysis.mix import everyone


def network(matrix: np.ndarray, entries: np.ndarray) -> Network:
    """A network of one kind of episode with routing probabilities `matrix`."""
    nodes = [(f"s{i}", ()) for i in range(len(matrix))]
    onward: dict[Node, dict[Node, np.ndarray]] = {
        node: {nodes[j]: np.array([p]) for j, p in enumerate(row) if p > 0}
        for node, row in zip(nodes, matrix, strict=True)
    }
    return Network(
        everyone(1.0),
        entries={node: np.array([rate]) for node, rate in zip(nodes, entries, strict=True)},
        onward=onward,
        tasks={node: {} for node in nodes},
        turned_away={node: np.zeros(1) for node in nodes},
    )


@st.composite
def routing(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    size = draw(st.integers(1, 9))
    share = st.one_of(st.just(0.0), st.just(0.0), st.floats(0.01, 1.0))
    rows = draw(
        st.lists(st.lists(share, min_size=size, max_size=size), min_size=size, max_size=size)
    )
    matrix = np.array(rows)
    leaving = draw(st.floats(0.001, 1.0))
    matrix *= (1 - leaving) / max(1.0, matrix.sum(axis=1).max())
    return matrix, np.array(draw(st.lists(st.floats(0.0, 5.0), min_size=size, max_size=size)))


@settings(max_examples=150, deadline=None)
@given(routing())
def test_expected_visits_solve_the_traffic_equations(case: tuple[np.ndarray, np.ndarray]) -> None:
    matrix, entries = case
    found = visits(network(matrix, entries))
    exact = np.linalg.solve(np.eye(len(matrix)) - matrix.T, entries)
    rates = [float(found[(f"s{i}", ())][0]) for i in range(len(matrix))]
    assert rates == pytest.approx(list(exact), abs=1e-9)


@settings(max_examples=150, deadline=None)
@given(routing(), st.integers(0, 8))
def test_what_remains_solves_the_equations_backwards(
    case: tuple[np.ndarray, np.ndarray], over: int
) -> None:
    matrix, delays = case
    size = len(matrix)
    nodes = [(f"s{i}", ()) for i in range(size)]
    own = {node: np.array([delay]) for node, delay in zip(nodes, delays, strict=True)}
    found = remaining(network(matrix, delays), nodes, own, lambda node: node[0] == f"s{over}")
    kept = [i for i in range(size) if i != over]
    inner = matrix[np.ix_(kept, kept)]
    exact = np.linalg.solve(np.eye(len(kept)) - inner, delays[kept])
    assert [float(found[nodes[i]][0]) for i in kept] == pytest.approx(list(exact), abs=1e-9)


def test_a_loop_that_is_never_left_has_no_expected_visits() -> None:
    matrix = np.array([[0.0, 1.0], [1.0, 0.0]])
    with pytest.raises(TooComplexError, match="hardly anyone ever leaves"):
        visits(network(matrix, np.array([1.0, 0.0])))


def test_a_loop_left_once_in_a_million_is_solved_exactly() -> None:
    matrix = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1 - 1e-6, 0.0, 0.0]])
    found = visits(network(matrix, np.array([1.0, 0.0, 0.0])))
    assert [float(rate[0]) for rate in found.values()] == pytest.approx([1e6] * 3, rel=1e-6)
