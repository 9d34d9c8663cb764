"""Random numbers are functions of names: well mixed, and the same wherever they are asked for."""

import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.plan.jit import jit, py
from sim.plan.keys import combine, draw, mix64, name_key, stream, uniform
from sim.plan.samplers import encode, sample_simple
from sim.scenario.written.values import Distribution

WORD = 2**64
keys = st.integers(0, WORD - 1)
occurrences = st.integers(0, 2**40)


# What is published: the outputs of the authors' C program splitmix64.c for two seeds
PUBLISHED = {
    1234567: [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
    ],
    0: [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F],
}


@pytest.mark.parametrize("seed", PUBLISHED)
def test_streams_are_those_of_the_published_splitmix64(seed):
    assert [stream(seed, n) for n in range(len(PUBLISHED[seed]))] == PUBLISHED[seed]


def splitmix64(state):
    """The published generator once more, in Python's unbounded integers: next state and output."""
    state = (state + 0x9E3779B97F4A7C15) % WORD
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) % WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) % WORD
    return state, z ^ (z >> 31)


@given(keys)
def test_streams_follow_the_published_algorithm_from_every_seed(seed):
    state = seed
    for n in range(5):
        state, output = splitmix64(state)
        assert stream(seed, n) == output


@given(keys, keys, occurrences)
def test_a_uniform_number_is_the_top_of_a_stream_of_the_combined_key(key, decision, occurrence):
    top = stream(combine(key, decision), occurrence) >> 12
    assert uniform(key, decision, occurrence) == (top + 0.5) / 2.0**52


def unmixed(output):
    """The number that mix64 takes to `output`."""

    def unshifted(z, by):
        x = z
        for _ in range(64 // by + 1):
            x = z ^ (x >> by)
        return x

    z = unshifted(output, 31) * pow(0x94D049BB133111EB, -1, WORD) % WORD
    z = unshifted(z, 27) * pow(0xBF58476D1CE4E5B9, -1, WORD) % WORD
    return unshifted(z, 30)


@pytest.mark.parametrize(
    ("output", "expected"), [(0, 2.0**-53), (4095, 2.0**-53), (WORD - 1, 1.0 - 2.0**-53)]
)
def test_a_uniform_number_is_never_0_and_never_1(output, expected):
    # the key whose uniform number comes from this output: everything is invertible
    combined = (unmixed(output) - 0x9E3779B97F4A7C15) % WORD
    key = (unmixed(combined) - 0xD1342543DE82EF95) % WORD
    assert combine(key, 0) == combined
    assert stream(combined, 0) == output
    assert uniform(key, 0, 0) == expected


@given(keys, keys)
def test_mixing_loses_nothing(one, other):
    assert unmixed(mix64(one)) == one
    assert (mix64(one) == mix64(other)) == (one == other)


@given(keys, keys)
def test_the_order_of_combining_matters(one, other):
    assert one == other or combine(one, other) != combine(other, one)


@given(keys, keys, keys)
def test_one_key_gives_different_names_different_keys(key, one, other):
    assert (combine(key, one) == combine(key, other)) == (one == other)


def test_small_keys_and_names_do_not_collide():
    # as of seeds 0, 1, 2..., replications, people and ordinals when nobody hashes them first
    made = {combine(key, other) for key in range(300) for other in range(300)}
    nested = {combine(combine(key, 1), other) for key in range(300) for other in range(300)}
    assert len(made | nested) == 2 * 300 * 300


@jit
def _table(first_key, first_decision, first_occurrence, rows, which):
    """Uniform numbers along one direction: keys (0), decisions (1) or occurrences (2)."""
    made = np.empty(rows)
    for row in range(rows):
        key = first_key + np.uint64(row if which == 0 else 0)
        decision = first_decision + np.uint64(row if which == 1 else 0)
        made[row] = uniform(key, decision, first_occurrence + (row if which == 2 else 0))
    return made


DIRECTIONS = {"keys": 0, "decisions": 1, "occurrences": 2}
STARTS = [(0, 0, 0), (WORD // 2, 1, 0), (name_key("person", 7), name_key("delay"), 1000)]


def along(direction, start, rows=200_000):
    key, decision, occurrence = start
    which = DIRECTIONS[direction]
    return _table(np.uint64(key), np.uint64(decision), occurrence, rows, which)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_neighbours_are_uniform(direction, start):
    u = along(direction, start)
    counts, _ = np.histogram(u, bins=1000, range=(0.0, 1.0))
    assert counts.sum() == len(u)
    assert stats.chisquare(counts).pvalue > 0.001
    assert stats.kstest(u, "uniform").pvalue > 0.001


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_the_last_bits_of_neighbours_are_uniform(direction, start):
    last = (along(direction, start) * 2.0**52).astype(np.uint64) % np.uint64(256)
    assert stats.chisquare(np.bincount(last.astype(np.int64), minlength=256)).pvalue > 0.001


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("direction", DIRECTIONS)
def test_neighbours_know_nothing_of_each_other(direction, start):
    u = along(direction, start)
    for apart in (1, 2, 3, 8, 64, 1024):
        correlation = np.corrcoef(u[apart:], u[:-apart])[0, 1]
        assert abs(correlation) * np.sqrt(len(u)) < 4.0
    pairs, _, _ = np.histogram2d(u[1::2], u[::2], bins=30, range=[(0.0, 1.0)] * 2)
    assert stats.chisquare(pairs.ravel()).pvalue > 0.001


@pytest.mark.parametrize(("one", "other"), [("keys", "decisions"), ("decisions", "occurrences")])
def test_directions_know_nothing_of_each_other(one, other):
    for start in STARTS:
        u, v = along(one, start)[1:], along(other, start)[1:]
        assert abs(np.corrcoef(u, v)[0, 1]) * np.sqrt(len(u)) < 4.0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_flipping_any_one_bit_flips_half_of_the_bits(place):
    rng = np.random.default_rng(5)
    flips = np.zeros((64, 52))
    trials = 400
    for _ in range(trials):
        given_numbers = [int(n) for n in rng.integers(0, WORD, 3, dtype=np.uint64)]
        given_numbers[2] >>= 1  # occurrences are signed
        before = int(uniform(*given_numbers) * 2.0**52)
        for bit in range(63 if place == 2 else 64):
            changed = list(given_numbers)
            changed[place] ^= 1 << bit
            change = before ^ int(uniform(*changed) * 2.0**52)
            flips[bit] += [(change >> n) & 1 for n in range(52)]
    share = flips[: 63 if place == 2 else 64] / trials
    # each is binomial: 5.5 standard deviations for the worst of 3,328
    assert np.abs(share - 0.5).max() < 5.5 * 0.5 / np.sqrt(trials)


KINDS = [
    Distribution("constant", (3.0,)),
    Distribution("exponential", (20.0,)),
    Distribution("uniform", (5.0, 30.0)),
    Distribution("triangular", (2.0, 5.0, 30.0)),
    Distribution("lognormal", (2.0, 0.5)),
    Distribution("gamma", (2.5, 60.0)),
    Distribution("weibull", (0.6, 12.0)),
]


@given(keys, keys, occurrences, st.sampled_from(KINDS))
def test_a_draw_is_the_sampler_of_the_uniform_number(key, decision, occurrence, distribution):
    kind, a, b, c, _, _ = encode(distribution)
    expected = sample_simple(kind, a, b, c, uniform(key, decision, occurrence))
    assert draw(key, decision, occurrence, kind, a, b, c) == expected


@jit
def _from_compiled_code(key, decision, occurrence):
    derived = combine(key, decision)
    return mix64(key), stream(key, occurrence), derived, uniform(derived, decision, occurrence)


@given(keys, keys, occurrences)
def test_python_numpy_and_compiled_code_agree_to_the_bit(key, decision, occurrence):
    derived = combine(key, decision)
    expected = mix64(key), stream(key, occurrence), derived, uniform(derived, decision, occurrence)
    as_numpy = np.uint64(key), np.uint64(decision), occurrence
    assert _from_compiled_code(*as_numpy) == expected
    assert uniform(*as_numpy) == uniform(key, decision, occurrence)
    with np.errstate(over="ignore"):  # products modulo 2^64 are meant
        assert py(mix64)(as_numpy[0]) == expected[0]
        assert py(stream)(as_numpy[0], occurrence) == expected[1]
        assert py(combine)(*as_numpy[:2]) == derived
        assert py(uniform)(np.uint64(derived), *as_numpy[1:]) == expected[3]


def test_names_have_the_keys_they_have_always_had():
    assert name_key() == 13020603013274838756
    assert name_key("delay", "ward", 3) == 17060177186973643872
    assert name_key("séjour", -1) == 16296498614492500513


@given(st.lists(st.text() | st.integers(), max_size=4), st.lists(st.text() | st.integers()))
def test_different_names_have_different_keys(one, other):
    assert (name_key(*one) == name_key(*other)) == (
        [(type(part), part) for part in one] == [(type(part), part) for part in other]
    )
    assert 0 <= name_key(*one) < WORD


def test_names_are_told_apart_by_where_their_parts_end_and_by_type():
    alike = [("ab", "c"), ("a", "bc"), ("abc",), ("abc", ""), ("", "abc"), ("s1:a",), (1,), ("1",)]
    assert len({name_key(*name) for name in alike}) == len(alike)


def test_keys_do_not_depend_on_the_hash_seed_of_the_process():
    script = (
        "from sim.plan.keys import name_key, uniform;"
        "key = name_key('person', 12); print(key, uniform(key, name_key('delay'), 0).hex())"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            text=True,
            check=True,
            env=os.environ | {"PYTHONHASHSEED": hash_seed},
        ).stdout
        for hash_seed in ("0", "4711")
    }
    key = name_key("person", 12)
    assert printed == {f"{key} {uniform(key, name_key('delay'), 0).hex()}\n"}
