"""The rules of the house that a machine can check: layers, sizes, portability, the README."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "sim").rglob("*.py"))

#: top to bottom; a layer may import those below it
LAYERS = ("cli", "live", "report", "experiment", "measure", "engine", "plan", "scenario")

#: the same for the rooms of the language
ROOMS = (
    {"check"},
    {"explain"},
    {"loading"},
    {"validation"},
    {"rules"},
    {"analysis"},
    {"files"},
    {"language"},
    {"written"},
    {"problems"},
)

LONGEST_FILE = 450

#: what takes long to import and is not needed to answer `--help` or to check a file
HEAVY = ("pandas", "matplotlib", "scipy", "numba", "simpy", "pyarrow")

#: of these a check of offered loads needs numpy
COMMANDS_WITHOUT_HEAVY_IMPORTS = (
    ["--help"],
    ["compare", "--help"],
    ["--version"],
    ["check", "scenarios/verification/mm1.yaml"],
    ["diff", "scenarios/verification/mm1.yaml", "scenarios/verification/mm5.yaml"],
    ["schema"],
)


def names(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def dotted(path: Path) -> str:
    """The name a module is imported by."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {dotted(path): path for path in SOURCES}


def imported(path: Path) -> Iterator[str]:
    """What a module imports, wherever in it: `package.module` for a module of a package."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if whole in MODULES else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def layer(module: str) -> int | None:
    parts = module.split(".")
    return (
        LAYERS.index(parts[1]) if parts[0] == "sim" and parts[1:] and parts[1] in LAYERS else None
    )


def tracked_text() -> Iterator[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    files = listed.stdout.splitlines() if listed.returncode == 0 else map(names, ROOT.rglob("*"))
    for name in files:
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".yaml", ".toml", ".cff", ".csv", ""}:
            yield path


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_layers_import_downwards_only(path: Path) -> None:
    here = layer(".".join(path.relative_to(ROOT).with_suffix("").parts))
    if here is None:
        return  # sim/__init__.py is the API above all layers
    above = {name for name in imported(path) if (there := layer(name)) is not None and there < here}
    assert not above


def depth(module: str) -> int | None:
    """The place of a module of `sim.scenario` among its rooms."""
    parts = module.split(".")
    if parts[:2] != ["sim", "scenario"] or len(parts) < 3:
        return None
    return next((at for at, room in enumerate(ROOMS) if parts[2] in room), None)


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_rooms_of_the_language_import_downwards_only(path: Path) -> None:
    here = depth(dotted(path))
    if here is None:
        return
    above = {name for name in imported(path) if (there := depth(name)) is not None and there < here}
    assert not above


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Imports within functions and for types count as well: two such modules are one."""
    imports = {name: {*imported(path)} & {*MODULES} - {name} for name, path in MODULES.items()}
    graphlib.TopologicalSorter(imports).prepare()  # raises an error that shows the circle


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_files_are_short_enough_to_have_one_subject(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_FILE


@pytest.mark.parametrize("path", SOURCES, ids=names)
def test_every_module_says_what_it_is_for(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), f"{names(path)} has no docstring"


def test_no_path_of_one_machine_is_written_down() -> None:
    absolute = re.compile(r"(?<![\w.])/(?:home|root|work|Users|mnt)/\w")
    found = [
        f"{names(path)}: {line.strip()}"
        for path in tracked_text()
        if path != Path(__file__)
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
        if absolute.search(line)
    ]
    assert not found


def loaded_after(command: list[str]) -> set[str]:
    """Top-level packages in memory after a command."""
    script = (
        "import contextlib, io, sys\n"
        "from sim.cli.main import main\n"
        "with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):\n"
        f"    assert main({command!r}) == 0\n"
        "print(*sorted({name.split('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


@pytest.mark.parametrize("command", COMMANDS_WITHOUT_HEAVY_IMPORTS, ids=" ".join)
def test_quick_commands_import_nothing_heavy(command: list[str]) -> None:
    assert not loaded_after(command) & set(HEAVY)


def test_the_api_imports_nothing_until_it_is_used() -> None:
    script = "import sys, sim; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not set(done.stdout.split()) & {*HEAVY, "numpy", "pydantic", "ruamel"}


def readme_commands() -> list[list[str]]:
    spec = spec_from_file_location("readme_commands", ROOT / ".ci" / "readme_commands.py")
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    promised: list[list[str]] = module.promised((ROOT / "README.md").read_text(encoding="utf-8"))
    return promised


def test_the_readme_promises_two_commands_that_install_and_work() -> None:
    install, main_job = readme_commands()[0]
    test_extra, tests = readme_commands()[1]
    assert len(readme_commands()) == 2
    assert (install, test_extra, tests) == (
        "pip install .",
        "pip install '.[test]'",
        "pytest -n auto --dist loadfile",
    )
    assert main_job.startswith("urgentflow compare ")
    files = [word for word in main_job.split() if word.endswith(".yaml")]
    assert len(files) == 2 and all((ROOT / file).is_file() for file in files)
