"""A logarithm and an exponential that give the same bits on every machine.

The mathematical library of a machine may use fused multiply-adds or tables of its own, so its
`log` can differ in the last bit from that of the next machine, and one bit is enough to change
the order of two events. Both functions here are made of + - * / in a fixed order, which IEEE 754
settles to the bit, and of moving bits. They are for compiled loops, one number at a time (some
5 ns), not for arrays.
"""

from __future__ import annotations

import decimal
import math

import numpy as np
import numpy.typing as npt

from sim.plan.jit import jit

SMALLEST_NORMAL = 2.0**-1022
LARGEST = 1.7976931348623157e308

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

_LEAST_BITS = 0x3FE6000000000000  # of 11/16
_HIGH_BITS = -(1 << 10)
_ROWS = 128
_ROW_SHIFT = 52 - 7
_1_3, _1_5, _1_6, _1_7 = 1 / 3, 1 / 5, 1 / 6, 1 / 7


def _table_of_logarithms() -> npt.NDArray[np.float64]:
    """For each part of the numbers from 11/16 to 11/8: 1/c in 9 bits, and log(c) in two parts.

    c is near the middle of the part; in the two parts around 1 it is 1, so that the logarithm of a
    number near 1 loses nothing. The first part of log(c) is a multiple of 2^-32, to which
    multiples of ln 2 can be added without rounding.
    """
    rows = []
    with decimal.localcontext(prec=40):
        for row in range(_ROWS):
            first, end = (
                np.int64(_LEAST_BITS + (at << _ROW_SHIFT)).view(np.float64) for at in (row, row + 1)
            )
            numerator = 256 if 1.0 in (first, end) else round(512.0 / (first + end))
            log_c = -(decimal.Decimal(numerator) / 256).ln()
            high = round(log_c * 2**32) / 2**32
            rows.append((numerator / 256, high, float(log_c - decimal.Decimal(high))))
    return np.array(rows)


_LOGARITHMS = _table_of_logarithms()

# A minimax polynomial, found with Remez's algorithm in 60 digits.
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
    """Return the logarithm of x = 2^k z, with z from 11/16 to 11/8.

    With i = 1/c from the table of logarithms, log(x) = k ln 2 + log(c) + log(1 + r), r = z i - 1.
    r is exact but for one rounding, since i has few bits and z is taken in two parts. The rounding
    of the sum of the large terms is added to the small ones.
    """
    bits = np.float64(x).view(np.int64)
    shifted = bits - _LEAST_BITS
    k = float(shifted >> 52)
    row = (shifted >> _ROW_SHIFT) & (_ROWS - 1)
    z_bits = np.int64(bits - (shifted & _EXPONENT_BITS))
    z_high = np.int64(z_bits & _HIGH_BITS).view(np.float64)
    inverse = _LOGARITHMS[row, 0]
    r = (z_high * inverse - 1.0) + (z_bits.view(np.float64) - z_high) * inverse
    large = k * _LN2_HIGH + _LOGARITHMS[row, 1]
    total = large + r
    small = (large - total) + r + (k * _LN2_LOW + _LOGARITHMS[row, 2])
    # log(1 + r) - r in parts that the processor can work on side by side
    r2 = r * r
    r4 = r2 * r2
    series = (r * _1_3 - 0.5) + r2 * (r * _1_5 - 0.25) + r4 * (r * _1_7 - _1_6 - r2 * 0.125)
    logarithm: float = total + (small + r2 * series)
    return logarithm


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
