"""A logarithm and an exponential that give the same bits on every machine.

The mathematical library of a machine may use fused multiply-adds or tables of its own, so its
`log` can differ in the last bit from that of the next machine, and one bit is enough to change
the order of two events. Both functions here are made of + - * / in a fixed order, which IEEE 754
settles to the bit, and of moving bits. They are for compiled loops, one number at a time (some
5 ns), not for arrays.
"""

from __future__ import annotations

import math

import numpy as np

from sim.plan.jit import jit

SMALLEST_NORMAL = 2.0**-1022
LARGEST = 1.7976931348623157e308

_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_EXPONENT_BITS = -(1 << 52)
_EXPONENT_OF_ONE = 1023

# ln 2 in two parts: the first ends in 32 zero bits, so k times it is exact for every exponent k
_LN2_HIGH = float.fromhex("0x1.62e42feep-1")
_LN2_LOW = float.fromhex("0x1.a39ef35793c76p-33")
_INVERSE_LN2 = 1.4426950408889634
_LN_2_TO_54 = 37.42994775023705
_2_TO_54 = 2.0**54

_OVERFLOW = 709.782712893384  # the largest x with a finite e^x
_UNDERFLOW = -745.1332191019412  # the smallest with one above 0

# Minimax polynomials, found with Remez's algorithm in 60 digits.
# (log((1 + s) / (1 - s)) / s - 2) / z for z = s^2 up to 0.0295: relative error of log 2^-57.6
_L1, _L2, _L3, _L4, _L5, _L6, _L7 = (
    0.666666666666667,
    0.39999999999898445,
    0.2857142862639879,
    0.22222211072891698,
    0.1818289321597973,
    0.1533159702834352,
    0.1461787206646716,
)
# (e^r - 1 - r) / r^2 for |r| up to ln(2) / 2: relative error of exp 2^-61.9
_E0, _E1, _E2, _E3, _E4, _E5, _E6, _E7, _E8, _E9, _E10 = (
    0.5,
    0.1666666666666667,
    0.041666666666666685,
    0.008333333333326134,
    0.0013888888888874394,
    0.00019841269874821955,
    2.480158734734829e-05,
    2.755725539853624e-06,
    2.7557252907238753e-07,
    2.5105217672902536e-08,
    2.0921590379402886e-09,
)


@jit("float64(float64)")
def log(x: float) -> float:
    """Return the natural logarithm, less than 1 unit in the last place off.

    As `math.log` for 0 (-inf), negative numbers (nan), inf and nan, but without exceptions.
    """
    if SMALLEST_NORMAL <= x <= LARGEST:
        return _log_of_normal(x)
    if 0.0 < x < SMALLEST_NORMAL:
        return _log_of_normal(x * _2_TO_54) - _LN_2_TO_54
    if x == 0.0:
        return -math.inf
    return x if x == math.inf else math.nan


@jit("float64(float64)")
def _log_of_normal(x: float) -> float:
    """Return the logarithm of x = 2^k (1 + f), with 1 + f between the roots of 1/2 and of 2.

    With s = f / (2 + f), log(1 + f) = 2 atanh(s) = f - f^2/2 + s (f^2/2 + R(s^2)): f, which is
    exact, is added last, so that only small terms carry rounding errors.
    """
    bits = np.float64(x).view(np.int64)
    shifted = bits - _SQRT_HALF_BITS
    k = float(shifted >> 52)
    f = np.int64(bits - (shifted & _EXPONENT_BITS)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z  # two short chains in w run side by side, one long one in z would not
    remainder = z * (_L1 + w * (_L3 + w * (_L5 + w * _L7))) + w * (_L2 + w * (_L4 + w * _L6))
    half_square = 0.5 * f * f
    small = s * (half_square + remainder) + k * _LN2_LOW
    return k * _LN2_HIGH - ((half_square - small) - f)


@jit("float64(float64)")
def exp(x: float) -> float:
    """Return the exponential, less than 1 unit in the last place off; inf where it overflows.

    With x = k ln 2 + r and |r| <= ln(2) / 2, e^x = 2^k e^r.
    """
    if not _UNDERFLOW <= x <= _OVERFLOW:
        if x > _OVERFLOW:
            return math.inf
        return 0.0 if x < _UNDERFLOW else math.nan
    k = math.floor(x * _INVERSE_LN2 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    z = r * r
    w = z * z
    first = (_E0 + r * _E1) + z * (_E2 + r * _E3)
    second = (_E4 + r * _E5) + z * (_E6 + r * _E7)
    third = (_E8 + r * _E9) + z * _E10
    y = 1.0 + (r + z * (first + w * (second + w * third)))
    if k < -1021:  # the result may be subnormal: rounded in the last multiplication only
        return y * _power_of_two(k + 1000) * _power_of_two(-1000)
    if k == 1024:
        return y * _power_of_two(1023) * 2.0
    return y * _power_of_two(k)


@jit("float64(int64)")
def _power_of_two(k: int) -> float:
    """Return 2^k for k in -1022..1023."""
    power: float = np.int64((k + _EXPONENT_OF_ONE) << 52).view(np.float64)
    return power
