"""Small hand-made and larger invented worlds and logs for the tests of reports.

The invented logs look like a run of a small urgent-care system: the same people have the same
crises in both arms, and in the second some of them are looked after in the community.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from sim.engine.logs import (
    Absorbed,
    Bookings,
    Capacities,
    Episodes,
    Fate,
    Holds,
    Interruptions,
    Logs,
    Visits,
)
from sim.report.world import CaseView, ResourceView, StepView, World

NAN = float("nan")
HOUR, DAY = 60.0, 1440.0

STEPS = (
    ("call_999", "999 call", {"call_999"}, "call_handlers"),
    ("crew", "Ambulance crew on scene", {"crew_on_scene"}, "crews"),
    ("handover", "Handover at A&E", {"conveyance", "handover"}, None),
    ("ae", "A&E: assessed and treated in a cubicle", {"ae_attendance", "in_ae"}, "cubicles"),
    ("ward", "Acute ward", {"emergency_admission"}, "ward_beds"),
    ("package_wait", "Ready to leave, care package not ready", {"delayed_discharge"}, None),
    ("paramedic", "Paramedic practitioner assesses at home", {"crew_on_scene"}, "crews"),
    ("spa", "Single point of access", {"spa_call"}, "call_handlers"),
    ("community_bed", "Community bed", {"community_admission"}, "community_beds"),
    ("gp", "GP appointment", {"gp_contact"}, "gps"),
    ("nhs_111", "NHS 111", {"contact_111"}, None),
    ("tell_gp", "GP and care co-ordinator are told", set(), "gps"),
    ("review", "Care of the elderly review in the community", set(), "gps"),
)
RESOURCES = (
    ("call_handlers", "Call handlers", None, 12),
    ("crews", "Ambulance crews", None, 30),
    ("cubicles", "A&E cubicles", None, 40),
    ("ward_beds", "Acute ward bed", "acute", 260),
    ("community_beds", "Community bed", "community", 60),
    ("gps", "GP", None, "unlimited"),
)
OUTCOMES = (("died", "Died"), ("home", "At home"))


def world(title: str = "Before", warm_up: float = 28 * DAY, duration: float = 91 * DAY) -> World:
    """A world of the steps above; `After` has more community beds from the start."""
    beds = {"community_beds": 90} if title == "After" else {}
    return World(
        title=title,
        start=date(2024, 4, 1),
        warm_up=warm_up,
        duration=duration,
        steps=tuple(StepView(n, t, frozenset(tags), r) for n, t, tags, r in STEPS),
        resources=tuple(
            ResourceView(n, t, bed, ((date.min, beds.get(n, capacity)),))  # type: ignore[arg-type]
            for n, t, bed, capacity in RESOURCES
        ),
        crises=("fall", "infection"),
        outcomes=OUTCOMES,
        cases=(
            CaseView(
                "mrs_b",
                "Mrs B, 85, who lives alone",
                (("age", "85+"), ("frailty", "severe"), ("lives_alone", "yes")),
                "Infection with a fall",
            ),
        ),
    )


class Writer:
    """Writes logs row by row, by name."""

    def __init__(self, here: World) -> None:
        self.world = here
        self.visits: list[tuple[int, int, float, float, float, int]] = []
        self.holds: list[tuple[int, int, float, float, float]] = []
        self.episodes: list[list[float]] = []

    def episode(
        self,
        person: int,
        crisis: str,
        onset: float,
        *,
        ordinal: int = 0,
        parent: int = -1,
        case: int = -1,
    ) -> int:
        """Begin an episode; returns its row."""
        code = self.world.crises.index(crisis)
        self.episodes.append([person, code, 0, ordinal, onset, NAN, -1, parent, case])
        return len(self.episodes) - 1

    def visit(
        self,
        row: int,
        step: str,
        queued: float,
        started: float,
        ended: float,
        fate: Fate = Fate.ENDED,
    ) -> float:
        """Write a visit; returns its end."""
        code = [item.name for item in self.world.steps].index(step)
        self.visits.append((row, code, queued, started, ended, int(fate)))
        return ended

    def hold(self, row: int, resource: str, seized: float, released: float) -> None:
        """Write a hold."""
        code = [item.name for item in self.world.resources].index(resource)
        self.holds.append((row, code, seized, released, released))

    def end(self, row: int, at: float, outcome: str) -> None:
        """End an episode."""
        self.episodes[row][5] = at
        self.episodes[row][6] = [name for name, _ in self.world.outcomes].index(outcome)

    def logs(self) -> Logs:
        """All that was written, with everything after the horizon not reached."""
        horizon = self.world.horizon
        visits = np.array(sorted(self.visits, key=lambda v: v[2]), dtype=float).reshape(-1, 6)
        visits = visits[visits[:, 2] < horizon]
        visits[visits[:, 3] >= horizon, 5] = Fate.WAITING
        visits[(visits[:, 3] < horizon) & (visits[:, 4] >= horizon), 5] = Fate.STARTED
        visits[:, 2:5][visits[:, 2:5] >= horizon] = NAN
        holds = np.array(sorted(self.holds, key=lambda h: h[2]), dtype=float).reshape(-1, 5)
        holds = holds[holds[:, 2] < horizon]
        holds[:, 3:][holds[:, 3:] >= horizon] = NAN
        rows = np.array(self.episodes, dtype=float).reshape(-1, 9)
        late = rows[:, 5] >= horizon
        rows[late, 5], rows[late, 6] = NAN, -1
        i32, i16 = np.int32, np.int16
        return Logs(
            Visits(
                visits[:, 0].astype(i32),
                visits[:, 1].astype(i16),
                visits[:, 2],
                visits[:, 3],
                visits[:, 4],
                visits[:, 5].astype(np.int8),
            ),
            Holds(
                holds[:, 0].astype(i32),
                np.zeros(len(holds), dtype=i32),  # which visit it was matters to no picture
                holds[:, 1].astype(i16),
                *holds[:, 2:].T,
            ),
            Interruptions(*(np.zeros(0, dtype=kind) for kind in (i32, float, float, i32))),
            Capacities(np.zeros(0, i16), np.zeros(0), np.zeros(0, i32)),
            Bookings(np.zeros(0, i32), np.zeros(0, i16), np.zeros(0), np.zeros(0, i16)),
            Episodes(
                rows[:, 0].astype(i32),
                rows[:, 1].astype(i16),
                rows[:, 2].astype(i16),
                rows[:, 3].astype(i32),
                rows[:, 4],
                rows[:, 5],
                rows[:, 6].astype(i16),
                rows[:, 7].astype(i32),
                rows[:, 8].astype(i16),
                np.zeros((len(rows), 0), dtype=np.int8),
            ),
            Absorbed(np.zeros(0, i32), np.zeros(0, i16), np.zeros(0)),
            horizon,
        )


def case_logs(here: World, onset: float) -> Logs:
    """Mrs B by hand: the old way in `Before`, the new one in `After`."""
    writer = Writer(here)
    write_case(writer, onset)
    return writer.logs()


def write_case(writer: Writer, onset: float, luck: float = 1.0) -> None:
    """Write the case study as one episode with its side tasks."""
    row = writer.episode(900_000, "infection", onset, case=0)
    at = writer.visit(row, "call_999", onset, onset + 2, onset + 9)
    writer.hold(row, "call_handlers", onset + 2, onset + 9)
    if writer.world.title == "After":
        at = _new_way(writer, row, at, luck)
    else:
        at = _old_way(writer, row, at, luck)
    writer.end(row, at, "home")


def _old_way(writer: Writer, row: int, at: float, luck: float) -> float:
    start = writer.visit(row, "crew", at, at + 25, at + 70)
    writer.hold(row, "crews", at + 25, start + 50)
    cubicle = start + 50
    start = writer.visit(row, "handover", start, start, cubicle)
    done = writer.visit(row, "ae", start, cubicle, cubicle + 4 * HOUR)
    bed = done + 7 * HOUR
    writer.hold(row, "cubicles", cubicle, bed)
    ready = writer.visit(row, "ward", done, bed, bed + 9 * DAY * luck)
    home = writer.visit(row, "package_wait", ready, ready, ready + 5 * DAY * luck)
    writer.hold(row, "ward_beds", bed, home)
    return writer.visit(row, "gp", home, home + 3 * DAY, home + 3 * DAY + 12)


def _new_way(writer: Writer, row: int, at: float, luck: float) -> float:
    start = writer.visit(row, "paramedic", at, at + 40, at + 120)
    writer.hold(row, "crews", at + 40, start + 10)
    side = writer.episode(900_000, "infection", start, parent=row)
    writer.visit(side, "tell_gp", start, start + 3 * HOUR, start + 3 * HOUR + 10)
    writer.end(side, start + 3 * HOUR + 10, "home")
    start = writer.visit(row, "spa", start, start + 4, start + 22)
    bed = start + 2 * HOUR
    home = writer.visit(row, "community_bed", start, bed, bed + 11 * DAY * luck)
    writer.hold(row, "community_beds", bed, home)
    return writer.visit(row, "review", home, home + 2 * DAY, home + 2 * DAY + 40)


def run_logs(here: World, replication: int, people: int = 4000) -> Logs:
    """Invent one replication: about `people` episodes over the run, the same in every arm."""
    luck = np.random.default_rng(replication)
    writer = Writer(here)
    onsets = np.sort(luck.uniform(0, here.horizon, people))
    draws = luck.uniform(size=(people, 3))
    after = here.title == "After"
    for person, (onset, (kind, way, stay)) in enumerate(zip(onsets, draws, strict=True)):
        if after and kind > 0.985:
            continue
        _one(writer, person, float(onset), kind, way, stay, after)
    write_case(writer, here.warm_up + 10 * DAY + 9.5 * HOUR, 0.6 + 0.8 * float(luck.uniform()))
    return writer.logs()


def _one(
    writer: Writer, person: int, onset: float, kind: float, way: float, stay: float, after: bool
) -> None:
    row = writer.episode(person, "fall" if kind < 0.5 else "infection", onset)
    length = -np.log(1 - stay) * 7 * DAY
    if way < 0.25:
        at = writer.visit(row, "nhs_111", onset, onset, onset + 10)
        if way > (0.12 if after else 0.2):
            at = writer.visit(row, "gp", at, at, at + 15)
    elif way < 0.6:
        at = writer.visit(row, "gp", onset, onset, onset + 15)
    else:
        at = writer.visit(row, "call_999", onset, onset, onset + 8)
        if after and 0.82 < way < 0.86:
            at = writer.visit(row, "community_bed", at, at + 90, at + 90 + length)
            writer.hold(row, "community_beds", at - length, at)
        elif way > (0.8 if not after else 0.81):
            at = writer.visit(row, "ae", at, at + 30, at + 5 * HOUR)
            at = writer.visit(row, "ward", at, at + HOUR, at + HOUR + length)
            writer.hold(row, "ward_beds", at - length, at)
            if way > 0.95:
                at = writer.visit(row, "community_bed", at, at, at + 2 * length)
                writer.hold(row, "community_beds", at - 2 * length, at)
        elif way > (0.66 if not after else 0.68):
            at = writer.visit(row, "ae", at, at + 30, at + 3 * HOUR)
        else:
            at = writer.visit(row, "crew", at, at + 20, at + 70)
    writer.end(row, at, "home" if stay < 0.98 else "died")
