"""Quantile functions of the normal and the gamma distribution, the same bits on every machine.

They take a probability u in (0, 1) and are built on `sim.plan.arithmetic` alone. At 0 they give
the lower end of the distribution.
"""

from __future__ import annotations

import math

from sim.plan.arithmetic import exp, log
from sim.plan.jit import jit

# Coefficients of Wichura's PPND16, highest power first: numerators and denominators for the
# centre, the tails, and the far tails
_CENTRE_OVER = (
    2509.0809287301226727,
    33430.575583588128105,
    67265.770927008700853,
    45921.953931549871457,
    13731.693765509461125,
    1971.5909503065514427,
    133.14166789178437745,
    3.387132872796366608,
)
_CENTRE_UNDER = (
    5226.495278852545925,
    28729.085735721942674,
    39307.89580009271061,
    21213.794301586595867,
    5394.1960214247511077,
    687.1870074920579083,
    42.313330701600911252,
    1.0,
)
_TAIL_OVER = (
    7.7454501427834140764e-4,
    0.0227238449892691845833,
    0.24178072517745061177,
    1.27045825245236838258,
    3.64784832476320460504,
    5.7694972214606914055,
    4.6303378461565452959,
    1.42343711074968357734,
)
_TAIL_UNDER = (
    1.05075007164441684324e-9,
    5.475938084995344946e-4,
    0.0151986665636164571966,
    0.14810397642748007459,
    0.68976733498510000455,
    1.6763848301838038494,
    2.05319162663775882187,
    1.0,
)
_FAR_OVER = (
    2.01033439929228813265e-7,
    2.71155556874348757815e-5,
    0.0012426609473880784386,
    0.026532189526576123093,
    0.29656057182850489123,
    1.7848265399172913358,
    5.4637849111641143699,
    6.6579046435011037772,
)
_FAR_UNDER = (
    2.04426310338993978564e-15,
    1.4215117583164458887e-7,
    1.8463183175100546818e-5,
    7.868691311456132591e-4,
    0.0148753612908506148525,
    0.13692988092273580531,
    0.59983220655588793769,
    1.0,
)

# Bernoulli numbers B(2n) / (2n (2n - 1)), highest first: Stirling's series
_STIRLING = (
    1.0 / 156.0,
    -691.0 / 360360.0,
    1.0 / 1188.0,
    -1.0 / 1680.0,
    1.0 / 1260.0,
    -1.0 / 360.0,
    1.0 / 12.0,
)
_HALF_LOG_2_PI = 0.9189385332046728
_ROUNDING = 2.0**-53
_LARGE_SHAPE = 1e6


@jit
def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    """Return the polynomial with these coefficients, highest power first."""
    total = 0.0
    for coefficient in coefficients:
        total = total * x + coefficient
    return total


@jit("float64(float64)")
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile of `u`, within some 1e-15 of its size.

    M. J. Wichura, "Algorithm AS 241: The percentage points of the normal distribution",
    Applied Statistics 37 (1988), 477-484, routine PPND16.
    """
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _polynomial(_CENTRE_OVER, r) / _polynomial(_CENTRE_UNDER, r)
    r = math.sqrt(-log(min(u, 1.0 - u)))
    if r <= 5.0:
        z = _polynomial(_TAIL_OVER, r - 1.6) / _polynomial(_TAIL_UNDER, r - 1.6)
    elif r < math.inf:
        z = _polynomial(_FAR_OVER, r - 5.0) / _polynomial(_FAR_UNDER, r - 5.0)
    else:
        z = r
    return -z if q < 0.0 else z


@jit("float64(float64)")
def log_gamma(x: float) -> float:
    """Return the logarithm of the gamma function of x > 0, within 1e-14 of the larger of it and 1.

    Stirling's series from 12 upwards; below, gamma(x + 1) = x gamma(x) leads there.
    """
    product = 1.0
    while x < 12.0:
        product *= x
        x += 1.0
    series = _polynomial(_STIRLING, 1.0 / (x * x)) / x
    return (x - 0.5) * log(x) - x + _HALF_LOG_2_PI + series - log(product)


@jit("float64(float64, float64, float64)")
def gamma_quantile(shape: float, log_gamma_of_shape: float, u: float) -> float:
    """Return the quantile of `u` of the gamma distribution with this shape and scale 1.

    Solves log P = log u (log Q = log(1 - u) in the upper half) for y = log x, where P and Q are
    the probabilities below and above x. As the density of y is log-concave, so are P and Q:
    Newton's method then comes to the answer from one side and cannot miss it. Close by, the
    second derivative, which costs nothing, makes Newton's step Halley's. Within 1e-12 of its
    size for shapes up to 10,000; from 1,000,000 on, where it would be slow, within 1e-8.
    """
    if u <= 0.0:
        return 0.0
    y = _first_guess(shape, log_gamma_of_shape, u)
    x = exp(y)
    if shape > _LARGE_SHAPE:
        return x
    target = log(min(u, 1.0 - u))
    for _ in range(50):
        density = exp(shape * y - x - log_gamma_of_shape)  # of y
        if u <= 0.5:
            probability = _lower_tail(shape, x, density)
            slope = density / probability
        else:
            probability = _upper_tail(shape, x, density)
            slope = -density / probability
        step = (target - log(probability)) / slope
        bend = 0.5 * step * (shape - x - slope)
        if abs(bend) < 0.25:
            step /= 1.0 + bend
        y += step
        x = exp(y)
        if abs(step * step * step) * (1.0 + shape) < 1e-16:  # the size of the error left
            break
    return x


@jit("float64(float64, float64, float64)")
def _first_guess(shape: float, log_gamma_of_shape: float, u: float) -> float:
    """Return the logarithm of a rough gamma quantile.

    Wilson and Hilferty's (1931), the cube of a normal variable; or the limit for small x, where
    P = x^shape / gamma(shape + 1), which is never above the answer.
    """
    spread = 1.0 / (9.0 * shape)
    root = 1.0 - spread + normal_quantile(u) * math.sqrt(spread)
    small = (log(u) + log_gamma_of_shape + log(shape)) / shape
    if root <= 0.0:
        return small
    cube = log(shape) + 3.0 * log(root)
    return max(cube, small)


@jit("float64(float64, float64, float64)")
def _lower_tail(shape: float, x: float, density: float) -> float:
    """Return P, the probability below x, given x^shape e^-x / gamma(shape)."""
    if x < shape + 1.0:
        return density * _series(shape, x)
    return 1.0 - density * _continued_fraction(shape, x)


@jit("float64(float64, float64, float64)")
def _upper_tail(shape: float, x: float, density: float) -> float:
    """Return Q, the probability above x, given x^shape e^-x / gamma(shape)."""
    if x < shape + 1.0:
        return 1.0 - density * _series(shape, x)
    return density * _continued_fraction(shape, x)


@jit("float64(float64, float64)")
def _series(shape: float, x: float) -> float:
    """Return P over the density of log x: the sum of x^n / (shape (shape + 1) ... (shape + n))."""
    term = 1.0 / shape
    total = term
    divisor = shape
    while term > total * _ROUNDING:
        divisor += 1.0
        term *= x / divisor
        total += term
    return total


@jit("float64(float64, float64)")
def _continued_fraction(shape: float, x: float) -> float:
    """Return Q over the density of log x: Legendre's continued fraction by Lentz's method."""
    b = x + 1.0 - shape
    c = 1e300
    d = 1.0 / b
    fraction = d
    i = 0.0
    factor = 0.0
    while abs(factor - 1.0) > 4.0 * _ROUNDING:
        i += 1.0
        a = i * (shape - i)
        b += 2.0
        d = 1.0 / (a * d + b)
        c = b + a / c
        factor = c * d
        fraction *= factor
    return fraction
