"""Patients invented by hypothesis, whose logs are consistent because time only goes forward."""

from __future__ import annotations

from hypothesis import strategies as st

from tests.measure.hand import STEPS, Patient, Visit

HORIZON = 1000.0

minutes = st.integers(0, 40)


@st.composite
def patients(draw: st.DrawFn, most: int = 8) -> list[Patient]:
    """A few patients in order of onset, some of them unfinished at the horizon."""
    onsets = sorted(draw(st.lists(st.integers(0, 600), max_size=most)))
    return [draw(_patient(float(onset), person)) for person, onset in enumerate(onsets)]


@st.composite
def _patient(draw: st.DrawFn, onset: float, person: int) -> Patient:
    visits: list[Visit] = []
    number = draw(st.integers(1, 5))
    unfinished = draw(st.booleans())
    now = onset
    for left in reversed(range(number)):
        visit = draw(_visit(now, open_end=unfinished and left == 0))
        if visits and visit.started is not None and draw(st.booleans()):
            visits[-1] = _kept_until(visits[-1], visit.started)
        visits.append(visit)
        now = now if visit.ended is None else visit.ended
    return Patient(
        visits,
        outcome=draw(st.sampled_from(["home", "died"])),
        person=person,
        crisis=draw(st.sampled_from(["fall", "infection"])),
        levels=(draw(st.sampled_from(["old", "young"])), draw(st.sampled_from(["no", "yes"]))),
        unfinished=unfinished,
    )


@st.composite
def _visit(draw: st.DrawFn, now: float, open_end: bool) -> Visit:
    step = draw(st.sampled_from(sorted(STEPS)))
    seizes = bool(STEPS[step][0])
    waited = draw(minutes) if seizes else 0
    if seizes and draw(st.integers(0, 4)) == 0:  # unserved: still waiting, reneged or balked
        return Visit(step, now, None, None if open_end else now + waited)
    begun = now + waited
    if open_end:
        return Visit(step, now, begun)
    return Visit(step, now, begun, begun + draw(minutes), turnaround=draw(st.integers(0, 5)))


def _kept_until(visit: Visit, time: float) -> Visit:
    """The same visit with its unit given back only when the next has started."""
    return Visit(
        visit.step,
        visit.queued,
        visit.started,
        visit.ended,
        released=time,
        turnaround=visit.turnaround,
    )
