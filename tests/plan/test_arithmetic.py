"""`log`, `exp` and the quantile functions are right to the last places, on every machine."""

import math
import os
import re
import subprocess
import sys
from decimal import Decimal, localcontext

import llvmlite.binding as llvm
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special

from sim.plan.arithmetic import exp, log
from sim.plan.jit import py
from sim.plan.quantiles import gamma_quantile, log_gamma, normal_quantile

RANDOM = np.random.default_rng(20240401)
SUBNORMAL = 2.0**-1022


def places_off(found: float, exact: Decimal) -> float:
    """The distance of a result from the exact one, in units in the last place."""
    return float(abs(Decimal(found) - exact) / Decimal(math.ulp(float(exact))))


def test_log_is_less_than_one_unit_in_the_last_place_off():
    near_one = 1.0 + RANDOM.normal(0.0, 0.01, 1000)
    everywhere = np.ldexp(RANDOM.uniform(0.5, 1.0, 3000), RANDOM.integers(-1073, 1024, 3000))
    unit = RANDOM.random(2000)
    with localcontext(prec=40):
        worst = max(
            places_off(log(float(x)), Decimal(float(x)).ln())
            for x in np.concatenate([near_one, everywhere, unit])
            if x != 1.0
        )
    assert worst < 1.0


def test_exp_is_less_than_one_unit_in_the_last_place_off():
    small = RANDOM.normal(0.0, 1.0, 3000)
    everywhere = RANDOM.uniform(-745.0, 709.78, 3000)
    with localcontext(prec=40):
        worst = max(
            places_off(exp(float(x)), Decimal(float(x)).exp())
            for x in np.concatenate([small, everywhere])
        )
    assert worst < 1.0


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (1.0, 0.0),
        (0.0, -math.inf),
        (-0.0, -math.inf),
        (math.inf, math.inf),
        (-1.0, math.nan),
        (-math.inf, math.nan),
        (math.nan, math.nan),
    ],
)
def test_log_of_special_numbers(x, expected):
    assert log(x) == pytest.approx(expected, rel=0.0, abs=0.0, nan_ok=True)


@pytest.mark.parametrize(
    ("x", "expected"),
    [
        (0.0, 1.0),
        (-0.0, 1.0),
        (709.782712893384, math.exp(709.782712893384)),
        (709.7827128933841, math.inf),
        (math.inf, math.inf),
        (-745.1332191019411, 5e-324),
        (-745.1332191019413, 0.0),
        (-math.inf, 0.0),
        (math.nan, math.nan),
    ],
)
def test_exp_of_special_numbers(x, expected):
    found = exp(x)
    assert found == pytest.approx(expected, rel=1e-15, abs=0.0, nan_ok=True)


@given(st.floats())
def test_python_and_compiled_code_agree_to_the_bit(x):
    for function in (log, exp):
        assert np.float64(py(function)(x)).tobytes() == np.float64(function(x)).tobytes()


def test_normal_quantile_agrees_with_scipy():
    u = np.concatenate([RANDOM.random(5000), 10.0 ** RANDOM.uniform(-16, -1, 2000)])
    u = np.concatenate([u, 1.0 - u[5000:], [2.0**-53, 0.075, 0.925, 1.0 - 2.0**-53]])
    found = [normal_quantile(float(p)) for p in u]
    np.testing.assert_allclose(found, special.ndtri(u), rtol=3e-15, atol=1e-16)


def test_normal_quantile_is_symmetric_and_infinite_at_the_ends():
    for p in (2.0**-53, 2.0**-20, 0.0625, 0.25, 0.375):
        assert normal_quantile(p) == -normal_quantile(1.0 - p)
    assert normal_quantile(0.5) == 0.0
    assert normal_quantile(0.0) == -math.inf
    assert normal_quantile(1.0) == math.inf


@given(st.floats(1e-6, 1e8))
def test_log_gamma_agrees_with_the_library(x):
    assert log_gamma(x) == pytest.approx(math.lgamma(x), rel=1e-14, abs=1e-14)


@pytest.mark.parametrize("shape", np.geomspace(0.05, 1e4, 23).tolist())
def test_gamma_quantile_agrees_with_scipy(shape):
    lower = np.concatenate([RANDOM.uniform(0.0, 0.5, 300), 10.0 ** RANDOM.uniform(-16, -1, 100)])
    lower = np.concatenate([lower, [2.0**-53, 0.5]])
    log_gamma_of_shape = log_gamma(shape)
    upper = 1.0 - lower
    for u, expected in (
        (lower, special.gammaincinv(shape, lower)),
        (upper, special.gammainccinv(shape, 1.0 - upper)),
    ):
        found = np.array([gamma_quantile(shape, log_gamma_of_shape, float(p)) for p in u])
        comparable = expected > SUBNORMAL  # below, not all bits are there to compare
        np.testing.assert_allclose(found[comparable], expected[comparable], rtol=2e-12)
        assert np.all(found[~comparable] <= SUBNORMAL)


@pytest.mark.parametrize("shape", [0.001, 0.01, 1e5, 9.9e5, 1.1e6, 1e9, 1e15])
def test_gamma_quantile_holds_far_beyond_the_usual_shapes(shape):
    log_gamma_of_shape = log_gamma(shape)
    for u in (0.0001, 0.01, 0.5, 0.99):  # further out scipy itself is off by 1e-6 for 1e9
        found = gamma_quantile(shape, log_gamma_of_shape, u)
        expected = special.gammaincinv(shape, u)
        assert found == pytest.approx(expected, rel=1e-8, abs=SUBNORMAL)


MACHINES = [
    ("aarch64-unknown-linux-gnu", "apple-m1", r"\s(fn?m(add|sub)|fml[as])\s"),
    ("x86_64-unknown-linux-gnu", "skylake", r"\svfn?m(add|sub)"),
]


@pytest.fixture(scope="module")
def compiler_output():
    """What numba hands to LLVM for a gamma draw with everything it calls."""
    # in a process of its own without a cache: numba cannot show code that it has loaded
    script = (
        "from sim.plan.keys import draw; draw(1, 2, 3, 5, 1.0, 1.0, 0.0);"
        "print(*draw.inspect_llvm().values())"
    )
    environment = os.environ | {
        "NUMBA_CACHE_DIR": os.devnull + "/nowhere",
        "NUMBA_NUM_THREADS": "1",
    }
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env=environment, check=True
    )
    return re.sub(r'target (datalayout|triple) = ".*"', "", result.stdout)


@pytest.mark.parametrize(("machine", "cpu", "fused"), MACHINES)
def test_no_multiplication_is_fused_with_an_addition(compiler_output, machine, cpu, fused):
    llvm.initialize_all_targets()
    llvm.initialize_all_asmprinters()
    target = llvm.Target.from_triple(machine).create_target_machine(cpu=cpu, opt=3)

    def assembly(code):
        return target.emit_assembly(llvm.parse_assembly(code))

    allowed_to = re.sub(r"= f(mul|add|sub) ", r"= f\1 contract ", compiler_output)
    assert re.search(fused, assembly(allowed_to)), "the test could not see it"
    assert not re.search(fused, assembly(compiler_output))
    assert not re.search(r"@llvm\.(fma|fmuladd)\.", compiler_output)
