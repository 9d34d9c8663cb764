"""Logarithms, exponentials and two quantile functions that give the same bits everywhere.

The mathematical library of a machine may use fused multiply-adds or tables of its own, so its
`log` differs in the last bit from that of the next machine, and one bit is enough to change the
order of two events. Everything here is made of + - * / and square roots, which IEEE 754 fixes to
the bit, and of moving bits. It is not for arrays: compiled loops call it number by number.
"""

from __future__ import annotations

import math

import numpy as np

from sim.plan.jit import jit

_ONE_BITS = 0x3FF << 52
_SQRT_HALF_BITS = 0x3FE6A09E667F3BCD
_EXPONENT_MASK = -(1 << 52)

#: ln 2 in two parts; the first has 32 trailing zero bits, so whole multiples of it are exact
_LN2_HIGH = 6.93147180369123816490e-01
_LN2_LOW = 1.90821492927058770002e-10
_INVERSE_LN2 = 1.44269504088896338700e00


@jit("float64(float64)")
def log(x: float) -> float:
    """Natural logarithm, within 1 unit in the last place.

    With x = 2^k (1 + f) and s = f / (2 + f), log(1 + f) = 2 atanh(s): a polynomial in s^2
    (minimax, relative error 2^-57.6), added so that the leading f carries no rounding error.
    """
    if not 2.2250738585072014e-308 <= x <= 1.7976931348623157e308:
        return _log_of_special(x)
    bits = np.float64(x).view(np.int64)
    shifted = bits - _SQRT_HALF_BITS
    k = float(shifted >> 52)
    f = np.int64(bits - (shifted & _EXPONENT_MASK)).view(np.float64) - 1.0
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    odd = z * (
        0.666666666666666965
        + w * (0.2857142862639878743 + w * (0.1818289321597973062 + w * 0.1461787206646716386))
    )
    even = w * (
        0.3999999999989844456 + w * (0.2222221107289169767 + w * 0.1533159702834351961)
    )
    half_square = 0.5 * f * f
    tail = s * (half_square + (odd + even)) + k * _LN2_LOW
    return k * _LN2_HIGH - ((half_square - tail) - f)


@jit("float64(float64)")
def _log_of_special(x: float) -> float:
    if x == 0.0:
        return -math.inf
    if x < 0.0 or x != x:
        return math.nan
    if x == math.inf:
        return x
    return log(x * 18014398509481984.0) - 54.0 * 0.6931471805599453  # subnormal


@jit("float64(float64)")
def exp(x: float) -> float:
    """Exponential, within 1 unit in the last place; 0 below -746, inf above 709.78.

    With x = k ln 2 + r, e^r = 1 + r + r^2 q(r): q is a minimax polynomial (error 2^-61.9).
    """
    if not -746.0 < x < 709.782712893384:
        if x >= 709.782712893384:
            return math.inf
        if x <= -746.0:
            return 0.0
        return x
    k = math.floor(x * _INVERSE_LN2 + 0.5)
    r = (x - k * _LN2_HIGH) - k * _LN2_LOW
    z = r * r
    w = z * z
    low = (0.5 + r * 0.166666666666666696) + z * (
        0.0416666666666666852 + r * 0.008333333333326134017
    )
    high = (0.001388888888887439401 + r * 0.0001984126987482195511) + z * (
        0.00002480158734734829 + r * 0.000002755725539853624
    )
    top = (2.7557252907238753e-07 + r * 2.5105217672902536e-08) + z * 2.0921590379402886e-09
    y = 1.0 + (r + z * (low + w * (high + w * top)))
    n = int(k)
    if n < -1021:  # the result may be subnormal: scale in two steps
        return y * _power_of_two(n + 1000) * _power_of_two(-1000)
    if n > 1023:
        return y * _power_of_two(n - 1) * 2.0
    return y * _power_of_two(n)


@jit("float64(int64)")
def _power_of_two(n: int) -> float:
    """Return 2^n for n in -1022..1023."""
    power: float = np.int64((n << 52) + _ONE_BITS).view(np.float64)
    return power


@jit("float64(float64)")
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of `u` in (0, 1), to about 1e-15 relative.

    M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
    Applied Statistics 37 (1988) 477-484, routine PPND16.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (
            (
                (
                    (
                        (
                            ((2509.0809287301226727 * r + 33430.575583588128105) * r
                             + 67265.770927008700853) * r
                            + 45921.953931549871457
                        ) * r
                        + 13731.693765509461125
                    ) * r
                    + 1971.5909503065514427
                ) * r
                + 133.14166789178437745
            ) * r
            + 3.387132872796366608
        ) / (
            (
                (
                    (
                        (
                            ((5226.495278852545925 * r + 28729.085735721942674) * r
                             + 39307.89580009271061) * r
                            + 21213.794301586595867
                        ) * r
                        + 5394.1960214247511077
                    ) * r
                    + 687.1870074920579083
                ) * r
                + 42.313330701600911252
            ) * r
            + 1.0
        )
    r = math.sqrt(-log(min(u, 1.0 - u)))
    z = _normal_tail(r)
    return -z if q < 0.0 else z


@jit("float64(float64)")
def _normal_tail(r: float) -> float:
    if r <= 5.0:
        r -= 1.6
        return (
            ((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r
                 + 0.24178072517745061177) * r + 1.27045825245236838258) * r
               + 3.64784832476320460504) * r + 5.7694972214606914055) * r
             + 4.6303378461565452959) * r + 1.42343711074968357734
        ) / (
            ((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r
                 + 0.0151986665636164571966) * r + 0.14810397642748007459) * r
               + 0.68976733498510000455) * r + 1.6763848301838038494) * r
             + 2.05319162663775882187) * r + 1.0
        )
    r -= 5.0
    return (
        ((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
             + 0.0012426609473880784386) * r + 0.026532189526576123093) * r
           + 0.29656057182850489123) * r + 1.7848265399172913358) * r
         + 5.4637849111641143699) * r + 6.6579046435011037772
    ) / (
        ((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r
             + 1.8463183175100546818e-5) * r + 7.868691311456132591e-4) * r
           + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
         + 0.59983220655588793769) * r + 1.0
    )


@jit("float64(float64)")
def log_gamma(x: float) -> float:
    """Return the logarithm of the gamma function of x > 0, to about 1e-15 of its size or of 1.

    Stirling's series for x >= 12; below, the recurrence Gamma(x + 1) = x Gamma(x).
    """
    product = 1.0
    while x < 12.0:
        product *= x
        x += 1.0
    z = 1.0 / (x * x)
    series = (
        0.08333333333333333
        + z * (-0.002777777777777778 + z * (7.936507936507937e-4 + z * (
            -5.952380952380953e-4 + z * (8.417508417508417e-4 + z * (
                -0.0019175269175269176 + z * 0.00641025641025641)))))
    ) / x
    return (x - 0.5) * log(x) - x + 0.9189385332046728 + series - log(product)


@jit("float64(float64, float64, float64)")
def gamma_quantile(shape: float, log_gamma_shape: float, u: float) -> float:
    """Return the quantile of `u` in (0, 1) of the gamma distribution with scale 1.

    Newton's method on log P (left of the median) or log Q (right of it) against log x. Both are
    concave, because the density of log x is log-concave, so each step stays on one side of the
    answer and the method converges from every start.
    """
    y = _first_guess(shape, log_gamma_shape, u)
    target = log(min(u, 1.0 - u))
    for _ in range(60):
        x = exp(y)
        log_density = shape * y - x - log_gamma_shape  # of y = log x
        if u <= 0.5:
            tail = gamma_tail(shape, log_gamma_shape, x, True)
            step = (target - log(tail)) * tail / exp(log_density)
        else:
            tail = gamma_tail(shape, log_gamma_shape, x, False)
            step = (log(tail) - target) * tail / exp(log_density)
        y += step
        if abs(step) < 1e-9:  # squared by the convergence: nothing is left to gain
            break
    return exp(y)


@jit("float64(float64, float64, float64)")
def _first_guess(shape: float, log_gamma_shape: float, u: float) -> float:
    """Return the logarithm of an approximate gamma quantile (Wilson and Hilferty 1931)."""
    spread = 1.0 / (9.0 * shape)
    root = 1.0 - spread + normal_quantile(u) * math.sqrt(spread)
    low = (log(u) + log_gamma_shape + log(shape)) / shape  # exact as x -> 0
    if root > 0.3:
        return max(log(shape) + 3.0 * log(root), min(low, 0.0))
    return low


@jit("float64(float64, float64, float64, boolean)")
def gamma_tail(shape: float, log_gamma_shape: float, x: float, lower: bool) -> float:
    """Return the regularised incomplete gamma function: P(shape, x) if `lower`, else Q = 1 - P."""
    front = exp(shape * log(x) - x - log_gamma_shape)
    if x < shape + 1.0:
        below = front * _series(shape, x)
        return below if lower else 1.0 - below
    above = front * _continued_fraction(shape, x)
    return 1.0 - above if lower else above


@jit("float64(float64, float64)")
def _series(shape: float, x: float) -> float:
    """Return gamma(shape, x) / (x^shape e^-x), the lower function, by its power series."""
    term = 1.0 / shape
    total = term
    n = shape
    while term > total * 1e-17:
        n += 1.0
        term *= x / n
        total += term
    return total


@jit("float64(float64, float64)")
def _continued_fraction(shape: float, x: float) -> float:
    """Return Gamma(shape, x) / (x^shape e^-x), the upper function, by Lentz's method."""
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    h = d
    i = 0.0
    change = 0.0
    while abs(change - 1.0) > 1e-15:
        i += 1.0
        a = -i * (i - shape)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        change = c * d
        h *= change
    return h
