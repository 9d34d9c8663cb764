"""Machine code is kept where it can be, is never stale, and is not needed anywhere."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import numba
import pytest

import sim
from sim.plan.jit import jit, py

ROOT = Path(sim.__file__).parent.parent

#: quick to compile; the second has its `log` from another file
UNIFORM = "from sim.plan.keys import uniform; print(uniform(2**64 - 1, 2, 3).hex())"
LOG_GAMMA = "from sim.plan.quantiles import log_gamma; print(log_gamma(20.0))"
#: every kind of draw
DRAWS = """
import numpy as np
from sim.plan.keys import draw, name_key
from sim.plan.samplers import encode
from sim.scenario.written.values import Distribution
kinds = [
    ("exponential", (20.0,)), ("uniform", (5.0, 30.0)), ("triangular", (2.0, 5.0, 30.0)),
    ("lognormal", (2.0, 0.5)), ("gamma", (0.3, 60.0)), ("gamma", (30.0, 2.0)),
    ("weibull", (0.6, 12.0)),
]
with np.errstate(over="ignore"):  # plain numpy warns of products modulo 2^64
    for name, parameters in kinds:
        encoded = encode(Distribution(name, parameters))[:4]
        for n in range(50):
            print(float(draw(np.uint64(name_key(name)), np.uint64(n), n, *encoded)).hex())
"""


def python(script, folder=None, **environment):
    """What a script prints in a process of its own."""
    result = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        cwd=folder or ROOT,
        env={k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"} | environment,
    )
    assert result.returncode == 0, result.stderr
    assert "Warning" not in result.stderr
    return result.stdout


@pytest.fixture
def checkout(tmp_path):
    """A copy of the package, to be changed or looked at."""
    leave = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "sim", tmp_path / "checkout" / "sim", ignore=leave)
    return tmp_path / "checkout"


def test_plain_python_gives_the_same_bits_as_compiled_code():
    assert python(DRAWS, NUMBA_DISABLE_JIT="1") == python(DRAWS)


@pytest.mark.parametrize("variable", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME"])
def test_where_nothing_can_be_written_it_compiles_every_time(variable, checkout, tmp_path):
    obstacle = tmp_path / "file"  # in the place of a folder, it stops even root
    obstacle.write_text("")
    places = {"HOME": str(tmp_path / "home"), "XDG_CACHE_HOME": "", variable: str(obstacle)}
    assert python(UNIFORM, checkout, **places) == python(UNIFORM)
    assert not list(tmp_path.rglob("*.nb[ic]")), "not beside the source either: it would go stale"


@pytest.mark.parametrize("variable", ["NUMBA_CACHE_DIR", "XDG_CACHE_HOME"])
def test_machine_code_is_kept_where_the_user_says(variable, tmp_path):
    python(UNIFORM, **{variable: str(tmp_path)})
    (folder,) = (tmp_path / "urgentflow").iterdir()
    assert list(folder.rglob("*.nbc"))


def test_a_change_in_another_file_is_noticed(checkout, tmp_path):
    # numba's own cache would go on with the old `log`, which is not in the file of `log_gamma`
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    before = python(LOG_GAMMA, checkout, **cache)
    assert python(LOG_GAMMA, checkout, **cache) == before
    arithmetic = checkout / "sim" / "plan" / "arithmetic.py"
    text = arithmetic.read_text()
    assert "k * _LN2_HIGH +" in text
    arithmetic.write_text(text.replace("k * _LN2_HIGH +", "k * 1.0 +"))
    assert float(python(LOG_GAMMA, checkout, **cache)) > float(before) + 1.0


def test_machine_code_unused_for_a_month_is_removed(tmp_path):
    folders = {"old": tmp_path / "urgentflow" / "1", "recent": tmp_path / "urgentflow" / "2"}
    for folder in folders.values():
        folder.mkdir(parents=True)
    month_ago = time.time() - 31 * 24 * 3600
    os.utime(folders["old"], (month_ago, month_ago))
    python("import sim.plan.jit as j; j._cache_folder()", XDG_CACHE_HOME=str(tmp_path))
    assert not folders["old"].exists()
    assert folders["recent"].exists()
    assert len(list((tmp_path / "urgentflow").iterdir())) == 2


def test_a_cache_that_disappears_costs_no_more_than_time(tmp_path):
    vanish = f"import shutil, sim.plan.keys; shutil.rmtree({str(tmp_path / 'cache')!r});"
    found = python(vanish + UNIFORM, XDG_CACHE_HOME=str(tmp_path / "cache"))
    assert found == python(UNIFORM)


def test_the_cache_of_other_users_of_numba_is_left_alone():
    script = (
        "import numba; before = numba.config.CACHE_DIR; import sim.plan.keys;"
        "print(numba.config.CACHE_DIR == before)"
    )
    assert python(script) == "True\n"


def test_importing_compiles_nothing():
    script = (
        "from sim.plan import keys, samplers;"
        "print(len(keys.draw.overloads), len(samplers.sample.overloads))"
    )
    assert python(script) == "0 0\n"


def test_one_signature_serves_arguments_of_every_type():
    @jit("float64(uint64, float64)")
    def share(key, size):
        return size * (key >> numba.uint64(63))

    @jit
    def half(key):
        return share(key, 1)  # an integer where the signature has a float64

    assert half(2**63 - 1) == 0.0
    assert share(2**64 - 1, 3) == 3.0
    assert share(5, 2.0) == 0.0
    assert len(share.signatures) == 1


def test_the_original_of_a_function_is_at_hand():
    def plain(x):
        return x + 1

    assert py(jit(plain)) is plain
    assert py(jit("int64(int64)")(plain)) is plain
    assert py(plain) is plain


@pytest.mark.parametrize("kind", ["*.nbc", "*.nbi"])
@pytest.mark.parametrize("left", [0, 10, 200])
def test_damaged_machine_code_is_compiled_again_and_kept(kind, left, tmp_path):
    cache = {"XDG_CACHE_HOME": str(tmp_path / "cache")}
    found = python(UNIFORM, **cache)
    files = list((tmp_path / "cache").rglob(kind))
    for file in files:
        file.write_bytes(file.read_bytes()[:left])
    assert python(UNIFORM, **cache) == found
    assert all(file.stat().st_size > left for file in files)
