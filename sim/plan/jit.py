"""Compile a function with numba, and keep the machine code between runs where that is possible.

`jit` is the one decorator for everything that runs compiled. The rules it sets: IEEE arithmetic
as written (no fast-math, so the result is the same in the pure Python original, see `py`), the
interpreter lock released, and machine code kept in a folder of the user's cache. Importing this
module imports numba (0.7 s): only modules that are about to run something should.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, overload

import numba
import platformdirs
from numba.core.ccallback import CFunc
from numba.core.sigutils import normalize_signature

from sim.plan.environment import is_checked

F = TypeVar("F", bound=Callable[..., Any])

_CONFIG: Any = numba.config  # its attributes are made at run time
_KEPT_UNUSED = 30 * 24 * 3600.0  # seconds


@overload
def jit(function: F) -> F: ...
@overload
def jit(function: str) -> Callable[[F], F]: ...


def jit(function: F | str) -> F | Callable[[F], F]:
    """Compile a function when it is first called.

    Use it bare, ``@jit``, to compile for each combination of argument types met; or with a
    signature, ``@jit("float64(uint64, int64)")``, to compile for that one only and convert
    arguments to it. Functions called from Python need the signature: numba takes every Python
    int for an int64, and fails for keys of 2**63 and more.

    Parameters
    ----------
    function
        The function to compile, or the signature to compile it for.

    Returns
    -------
    callable
        The compiled function (or a decorator giving it); its original is `py` of it.
    """
    if isinstance(function, str):
        return functools.partial(_compiled, signature=function)
    return _compiled(function)


def lean(function: F) -> F:
    """Compile a function that makes no arrays, so that none need be counted.

    numba counts references to every array that is handed on, also inside named tuples: for a
    plan of a hundred arrays that took fourteen times as long as the work itself. A function
    compiled like this must not create arrays (numba refuses at compile time if it tries).

    numba has the option to inline come from whoever calls: what is `lean` and first met in a
    function that is `inlined` is inlined as well. Sussex took a fifth longer when it was not.
    """
    return _compiled(function, counted=False)


def apart(function: F) -> F:
    """Compile like `lean`, as a function of its own, whoever calls it.

    For what an event loop does seldom: inlined with the rest it took three times as long to
    compile.
    """
    return _compiled(function, counted=False, inline=False)


def inlined(function: F) -> F:
    """Compile like `lean`, into whatever calls it instead of by itself.

    For what an event loop does all the time: the calls themselves were a quarter of its time.
    Whatever is called from many places and is itself long is better left out, or compiling takes
    several times as long.
    """
    return _compiled(function, counted=False, inline=True)


# numba's own, which it does not annotate
_signature: Any = normalize_signature

#: what a function that is called by its address takes and returns
BY_ADDRESS = "int64(int64, int64, int64, float64)"


@functools.cache
def address_of(function: Callable[[int, int, int, float], int]) -> int:
    """Compile a function for `BY_ADDRESS` and return where it is.

    Compiled code that calls it by that number need not be compiled together with it.
    """
    # what the checked build says of an index is an object that is counted
    options = {"nopython": True, "fastmath": False, "error_model": "numpy", "_nrt": is_checked()}
    made: Any = CFunc(function, _signature(BY_ADDRESS), locals={}, options=options)
    _keep(made)
    made.compile()
    address: int = made.address
    return address


def py(function: F) -> F:
    """Return the pure Python original of a function decorated with `jit`."""
    original: F = getattr(function, "py_func", function)
    return original


def _compiled(
    function: F, signature: str | None = None, counted: bool = True, inline: bool | None = None
) -> F:
    # numpy's error model: dividing by zero gives inf or nan without a branch
    options: dict[str, Any] = {"nogil": True, "fastmath": False, "error_model": "numpy"}
    if is_checked():  # arrays count references to say what was wrong; and calls compile faster
        options["boundscheck"] = True
    else:
        options["_nrt"] = counted
        if inline is not None or counted:
            options["forceinline"] = bool(inline)
    dispatcher: Any = numba.njit(**options)(function)
    if hasattr(dispatcher, "enable_caching"):  # with NUMBA_DISABLE_JIT it is just the function
        _keep(dispatcher)
        if signature is not None:
            _declare(dispatcher, signature)
    compiled: F = dispatcher
    return compiled


def _declare(dispatcher: Any, signature: str) -> None:
    """Have `dispatcher` compiled for `signature` alone, when first used.

    numba itself compiles a function with a declared signature on import. These two methods of
    the dispatcher are where it turns when it knows no machine code for the arguments it has been
    given: from Python, and from another compiled function.
    """

    def settle() -> Any:
        vars(dispatcher).pop("_compile_for_args", None)
        vars(dispatcher).pop("get_call_template", None)
        entry = dispatcher.compile(signature)
        dispatcher.disable_compile()
        return entry

    def get_call_template(args: Any, kws: Any) -> Any:
        settle()
        return dispatcher.get_call_template(args, kws)

    dispatcher._compile_for_args = lambda *args, **kws: settle()
    dispatcher.get_call_template = get_call_template


def _keep(dispatcher: Any) -> None:
    """Keep the machine code of `dispatcher` in `_cache_folder`, if there is one."""
    folder = _cache_folder()
    if folder is None:
        return
    before = _CONFIG.CACHE_DIR
    _CONFIG.CACHE_DIR = str(folder)  # read while caching is enabled: other users unaffected
    try:
        dispatcher.enable_caching()
        _forgive(dispatcher._cache)
    except RuntimeError:
        pass  # no place numba can use, for example a module without a file: compile every time
    finally:
        _CONFIG.CACHE_DIR = before


def _forgive(cache: Any) -> None:
    """Let what is wrong with the kept code cost time: a full disk, a file cut short, one gone.

    A damaged file is found when it is read, as whatever error unpickling half of something makes;
    the index is then dropped, so that the function is compiled and kept again.
    """
    load, save = cache.load_overload, cache.save_overload

    def load_overload(signature: Any, context: Any) -> Any:
        try:
            return load(signature, context)
        except Exception:
            _drop(cache)
            return None

    def save_overload(signature: Any, compiled: Any) -> None:
        try:
            save(signature, compiled)
        except OSError:
            pass
        except Exception:
            _drop(cache)

    cache.load_overload, cache.save_overload = load_overload, save_overload


def _drop(cache: Any) -> None:
    """Forget what has been kept of a function: its index, without which no code is looked for."""
    with contextlib.suppress(OSError):
        os.unlink(cache._cache_file._index_path)


@functools.cache
def _cache_folder() -> Path | None:
    """Return the folder that machine code is kept in, or None where none can be written.

    numba notices a change in the file of a function, but not in what the function calls from
    other files. The folder is therefore named after the source of everything compiled.
    """
    root = _cache_root()
    if root is None:
        return None
    folder = root / _source_hash()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
        os.utime(folder)
    except OSError:
        return None
    _forget_unused(folder.parent)
    return folder


def _forget_unused(folder: Path) -> None:
    """Remove the machine code of versions that have not run for a while."""
    with contextlib.suppress(OSError):
        for version in folder.iterdir():
            if version.stat().st_mtime < time.time() - _KEPT_UNUSED:
                shutil.rmtree(version, ignore_errors=True)


def _cache_root() -> Path | None:
    if _CONFIG.CACHE_DIR:  # NUMBA_CACHE_DIR
        return Path(_CONFIG.CACHE_DIR) / "urgentflow"
    place = platformdirs.user_cache_path("urgentflow", appauthor=False)
    return place if place.is_absolute() else None  # "~" itself for a user without a home


def _source_hash() -> str:
    package = Path(__file__).parent.parent
    sources = [*(package / "plan").rglob("*.py"), *(package / "engine").rglob("*.py")]
    build = f"{numba.__version__}{' checked' if is_checked() else ''}"
    digest = hashlib.blake2b(build.encode(), digest_size=8)
    for source in sorted(sources):
        digest.update(source.read_bytes())
    return digest.hexdigest()
