"""Random numbers that are functions of names, not of the order in which they are asked for.

Every uniform number is a pure function of a key (who: the seed, the replication, the person, the
episode), a decision (what is drawn, where) and an occurrence (how often this has been drawn for
that key before). Keys and decisions are 64-bit; the mixing is that of splitmix64 (Steele, Lea and
Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).

In compiled code, hand over keys as uint64: numba makes float64 of a sum of int64 and uint64.
From Python, ints of any size below 2**64 and numpy's uint64 are both taken.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from sim.plan.jit import jit
from sim.plan.samplers import sample_simple

_STREAM_STEP = np.uint64(0x9E3779B97F4A7C15)  # splitmix64's increment: 2^64 / golden ratio
_COMBINE_STEP = np.uint64(0xD1342543DE82EF95)  # odd, unlike the above: Steele and Vigna 2021
_FACTOR_1 = np.uint64(0xBF58476D1CE4E5B9)
_FACTOR_2 = np.uint64(0x94D049BB133111EB)
_1, _12, _27, _30, _31 = (np.uint64(n) for n in (1, 12, 27, 30, 31))


@jit("uint64(uint64)")
def mix64(z: int | np.uint64) -> int:
    """Scramble 64 bits: splitmix64's finaliser, a bijection of the 64-bit numbers."""
    y: Any = np.uint64(z)
    y = (y ^ (y >> _30)) * _FACTOR_1
    y = (y ^ (y >> _27)) * _FACTOR_2
    mixed: int = y ^ (y >> _31)
    return mixed


@jit("uint64(uint64, int64)")
def stream(key: int | np.uint64, n: int) -> int:
    """Return output `n` (the first is 0) of splitmix64 seeded with `key`."""
    return mix64(np.uint64(key) + (np.uint64(n) + _1) * _STREAM_STEP)


@jit("uint64(uint64, uint64)")
def combine(key: int | np.uint64, other: int | np.uint64) -> int:
    """Derive a key from a key and a name, a number or another key; the order matters.

    It is output `other` of a splitmix64 seeded with `key` that has an increment of its own, so
    that derived keys and the streams drawn from them have nothing in common. For one `key` no
    two values of `other` give the same result.
    """
    return mix64(np.uint64(key) + (np.uint64(other) + _1) * _COMBINE_STEP)


@jit("float64(uint64, uint64, int64)")
def uniform(key: int | np.uint64, decision: int | np.uint64, occurrence: int) -> float:
    """Return the uniform random number of a decision: (j + 1/2) / 2^52, j in 0..2^52 - 1.

    Never 0 and never 1, and 1 minus it is exact.
    """
    bits = np.uint64(stream(combine(key, decision), occurrence)) >> _12
    return np.int64(bits) * 2.0**-52 + 2.0**-53


@jit("float64(uint64, uint64, int64, int64, float64, float64, float64)")
def draw(
    key: int | np.uint64,
    decision: int | np.uint64,
    occurrence: int,
    kind: int,
    a: float,
    b: float,
    c: float,
) -> float:
    """Draw from a distribution in one call: `sample_simple` of `uniform`."""
    return sample_simple(kind, a, b, c, uniform(key, decision, occurrence))


def name_key(*parts: str | int) -> int:
    """Return the key of a name made of parts: an int below 2**64, the same on every machine.

    Each part is hashed with its type and its length, so neither ("ab", "c") and ("a", "bc") nor
    1 and "1" have the same key.
    """
    digest = hashlib.blake2b(digest_size=8)
    for part in parts:
        text = str(part).encode()
        digest.update(f"{'s' if isinstance(part, str) else 'i'}{len(text)}:".encode())
        digest.update(text)
    return int.from_bytes(digest.digest(), "little")
