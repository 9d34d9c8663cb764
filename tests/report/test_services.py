"""Episodes are followed from service to service; none is lost on the way."""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from sim.report.services import ONSET, UNFINISHED, moves, services_of
from sim.report.system import MOST_SERVICES, OTHERS, systems
from tests.report.fakes import DAY, case_logs, run_logs, world

BEFORE = world("Before")


def test_steps_of_one_service_are_folded_and_a_step_without_one_is_passed_over() -> None:
    named = tuple(
        replace(step, service="Hospital") if step.name in ("ae", "ward") else step
        for step in BEFORE.steps
    )
    services = services_of(replace(BEFORE, steps=named))
    codes = [step.name for step in named]
    hospital = services.titles.index("Hospital")
    assert services.of_step[codes.index("ae")] == services.of_step[codes.index("ward")] == hospital
    assert services.of_step[codes.index("package_wait")] == -1  # neither resource nor service
    assert services.titles[services.of_step[codes.index("crew")]] == "Ambulance crews"


def test_a_case_is_followed_from_onset_to_its_end() -> None:
    found = moves(BEFORE, case_logs(BEFORE, BEFORE.warm_up + DAY))
    way = (
        *(ONSET, "Call handlers", "Ambulance crews", "A&E cubicles"),
        *("Acute ward bed", "GP", "At home"),
    )
    pairs = {
        (found.nodes[a], found.nodes[b]): int(found.count[a, b])
        for a, b in zip(*found.count.nonzero(), strict=True)
    }
    assert pairs == dict.fromkeys(pairwise(way), 1)


def test_who_comes_to_a_service_leaves_it_again() -> None:
    found = moves(BEFORE, run_logs(BEFORE, 1, people=600))
    inside = slice(1, 1 + len(services_of(BEFORE).titles))
    assert found.count.sum(axis=0)[inside].tolist() == found.count.sum(axis=1)[inside].tolist()
    ends = found.count.sum(axis=0)[inside.stop :].sum()
    assert found.count[0].sum() == ends > 0
    assert found.nodes[-1] == UNFINISHED


def test_both_arms_have_the_same_services_in_the_same_places() -> None:
    after = world("After")
    arms = [
        [moves(here, run_logs(here, number, people=400)) for number in (1, 2)]
        for here in (BEFORE, after)
    ]
    one, other = systems(arms, frozenset({"At home", "Died"}))
    assert one.nodes == other.nodes
    assert one.columns == other.columns
    assert sorted(code for column in one.columns for code in column) == list(range(len(one.nodes)))
    mean = np.mean([item.count[0].sum() for item in arms[0]])
    assert one.count[0].sum() == mean


def test_services_beyond_about_a_dozen_stand_together_and_beds_stay() -> None:
    many = replace(
        BEFORE,
        steps=tuple(
            replace(BEFORE.steps[0], name=f"s{n}", service=f"Service {n}") for n in range(20)
        ),
    )
    size = 20
    logs = run_logs(BEFORE, 1, people=300)
    found = moves(many, replace(logs, visits=replace(logs.visits, step=logs.visits.step % size)))
    rare = min((int(v), n) for v, n in zip(found.visits, found.nodes, strict=True) if v)[1]
    (system,) = systems([[found]], frozenset({"At home", "Died"}), frozenset({rare}))
    kept = [node for node in system.nodes if node.startswith("Service") or node == OTHERS]
    assert len(kept) <= MOST_SERVICES
    assert rare in kept
