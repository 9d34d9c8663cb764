"""Workload W at the practical limit: builds limit.cpp with g++ and calls it."""

from __future__ import annotations

import ctypes
import functools
import shutil
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from workload import DAY, GROUPS, NODES, Statistics, Waits

SOURCE = Path(__file__).with_name("limit.cpp")


def compiler() -> str:
    """Say which compiler builds the limit; raises `FileNotFoundError` if there is none."""
    path = shutil.which("g++")
    if path is None:
        raise FileNotFoundError("g++ is not installed")
    answer = subprocess.run([path, "-dumpfullversion"], capture_output=True, text=True, check=True)
    return f"g++ {answer.stdout.strip()}"


@functools.cache
def library() -> ctypes.CDLL:
    """Build the program, outside the source tree, and load it."""
    compiler()
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "limit.so"
        flags = ["-std=c++17", "-O3", "-march=native", "-shared", "-fPIC"]
        subprocess.run(["g++", *flags, str(SOURCE), "-o", str(target)], check=True)
        return ctypes.CDLL(str(target))


def replicate(days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication."""
    waits, busy = np.empty((len(GROUPS), 3)), np.empty(len(NODES))
    doubles = ctypes.POINTER(ctypes.c_double)
    library().replicate(
        ctypes.c_double(days),
        ctypes.c_uint64(seed),
        waits.ctypes.data_as(doubles),
        busy.ctypes.data_as(doubles),
    )
    summary = {
        name: Waits(visits=int(n), mean=float(mean), p95=float(p95))
        for name, (n, mean, p95) in zip(GROUPS, waits, strict=True)
    }
    in_use = {node.name: float(b) / (days * DAY) for node, b in zip(NODES, busy, strict=True)}
    return Statistics(visits=int(waits[:, 0].sum()), waits=summary, in_use=in_use)
