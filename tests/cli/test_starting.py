"""The first minutes: a scenario of one's own, and what an installed package brings along."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from sim.cli.main import main
from sim.experiment import shipped
from sim.experiment.starting import beginnings

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("beginning", beginnings())
def test_every_beginning_is_a_scenario_that_checks_clean(
    beginning: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "mine"
    assert main(["init", str(folder), "--from", beginning]) == 0
    said = capsys.readouterr().out
    (first,) = [line.split()[-1] for line in said.splitlines() if "urgentflow check" in line]
    assert main(["check", first]) == 0
    assert " 0 errors" not in capsys.readouterr().out


def test_the_first_option_shortens_the_wait_of_the_first_scenario(tmp_path: Path) -> None:
    import sim

    folder = tmp_path / "mine"
    assert main(["init", str(folder)]) == 0
    comparison = sim.compare(folder / "scenario.yaml", folder / "option.yaml", replications=3)
    wait = comparison.differences.query("measure == 'wait_mean' and by == '' and of == 'see_nurse'")
    assert (wait["difference"] < 0).all()


def test_nothing_that_is_there_is_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine").mkdir()
    kept = tmp_path / "mine" / "scenario.yaml"
    kept.write_text("title: mine\n")
    assert main(["init", str(tmp_path / "mine")]) == 2
    assert kept.read_text() == "title: mine\n"
    assert list(tmp_path.iterdir()) == [tmp_path / "mine"]
    assert "there already" in capsys.readouterr().err


def test_an_unknown_beginning_is_refused_with_the_known_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["init", str(tmp_path / "mine"), "--from", "sussx"]) == 2
    said = capsys.readouterr().err
    assert "did you mean `sussex`" in said and "quickstart" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("shell", ["bash", "zsh", "tcsh"])
def test_completion_knows_every_command(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    from sim.cli.main import COMMANDS

    assert main(["completion", shell]) == 0
    said = capsys.readouterr().out
    assert all(command in said for command in COMMANDS)


def test_bash_accepts_its_completion(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", "bash"]) == 0
    script = capsys.readouterr().out
    done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_path_leads_to_the_scenarios(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["path", "scenarios"]) == 0
    assert (Path(capsys.readouterr().out.strip()) / "quickstart.yaml").is_file()


@pytest.mark.slow
def test_an_installed_package_brings_every_scenario_along(tmp_path: Path) -> None:
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", str(tmp_path), str(ROOT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    inside = tmp_path / "site" / "sim" / "shipped" / "scenarios"
    ours = {file.relative_to(shipped.scenarios()) for file in shipped.scenarios().rglob("*.yaml")}
    assert {file.relative_to(inside) for file in inside.rglob("*.yaml")} == ours
    # away from the checkout, so that only what is installed can be found
    command = "import sys; from sim.cli.main import main; sys.exit(main(sys.argv[1:]))"
    first = ["check", str(inside / "verification" / "mm1.yaml")]
    for words in (first, ["path", "scenarios"], ["init", "new", "--from", "sussex"]):
        done = subprocess.run(
            [sys.executable, "-c", command, *words],
            cwd=tmp_path,
            env=_only(tmp_path / "site"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert str(ROOT) not in done.stdout
        if words[0] == "path":
            assert done.stdout.strip() == str(inside)


def _only(site: Path) -> dict[str, str]:
    """An environment in which `sim` is the installed one."""
    import os

    return {**os.environ, "PYTHONPATH": str(site)}
