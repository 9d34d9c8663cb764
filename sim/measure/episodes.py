"""Measures of episodes: how many began, ended, are under way, and how they ended.

Side tasks are part of the episode that spawned them and are not counted here.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from sim.engine.logs import Fate
from sim.measure import statistics as take
from sim.measure.arrays import Index
from sim.measure.context import DAY
from sim.measure.definition import Definition
from sim.measure.directions import FEWER_DEATHS, FEWER_UNSERVED
from sim.measure.facts import Facts, system_facts
from sim.measure.joined_logs import Reading, starts_of_runs
from sim.measure.rows import rows_where

YEARLY = "per 1,000 people a year"


def began(reading: Reading) -> Facts:
    """Episodes that began in the measured time."""
    episodes = reading.logs.episodes
    return system_facts(np.flatnonzero(reading.is_main & reading.in_window(episodes.onset)))


def began_by_crisis(reading: Reading) -> Facts:
    """The same, by crisis."""
    facts = reading.once(began)
    crisis = reading.logs.episodes.crisis.take(facts.episode)
    return replace(facts, names=reading.context.crises, of=crisis)


def _ended_rows(reading: Reading) -> Index:
    return np.flatnonzero(reading.is_main & reading.in_window(reading.logs.episodes.ended))


def ended(reading: Reading) -> Facts:
    """Episodes that ended in the measured time."""
    return system_facts(_ended_rows(reading))


def ended_by_outcome(reading: Reading) -> Facts:
    """The same, by outcome, with their length in minutes."""
    episodes, rows = reading.logs.episodes, _ended_rows(reading)
    length = episodes.ended.take(rows) - episodes.onset.take(rows)
    return Facts(reading.context.outcomes, episodes.outcome.take(rows), rows, length)


def died(reading: Reading) -> Facts:
    """People who died in the measured time; each dies once, though it end several tasks."""
    episodes, outcomes = reading.logs.episodes, reading.context.outcomes
    if "died" not in outcomes:
        return system_facts(np.zeros(0, dtype=np.intp))
    rows = np.flatnonzero(episodes.outcome == outcomes.index("died"))
    rows = rows[np.lexsort((episodes.ended[rows], episodes.person[rows]))]
    first = rows[starts_of_runs(episodes.person[rows])] if len(rows) else rows
    return system_facts(first[reading.in_window(episodes.ended[first])])


def never_seen(reading: Reading) -> Facts:
    """Episodes that ended after somebody gave up or was turned away, and was seen by nobody since.

    To be seen is to start a visit that seizes a resource.
    """
    visits, episodes = reading.logs.visits, reading.logs.episodes
    seizes = np.array(reading.context.step_resource, dtype=np.int64) >= 0
    unserved = np.flatnonzero((visits.fate == Fate.RENEGED) | (visits.fate == Fate.BALKED))
    served = np.flatnonzero(seizes.take(visits.step) & ~np.isnan(visits.started))
    # visits are in order of queueing, and of several the last one stays
    left = np.full(len(episodes.onset), -1, dtype=np.intp)
    seen = left.copy()
    left[visits.episode.take(unserved)] = unserved
    seen[visits.episode.take(served)] = served
    rows = np.flatnonzero((left > seen) & reading.is_main & reading.in_window(episodes.ended))
    return system_facts(rows)


def under_way_at_start(reading: Reading) -> Facts:
    """Episodes under way when the measured time began."""
    episodes, start = reading.logs.episodes, reading.context.warm_up
    over = episodes.ended < start
    return system_facts(np.flatnonzero(reading.is_main & (episodes.onset < start) & ~over))


def unfinished(reading: Reading) -> Facts:
    """Episodes still under way at the horizon."""
    return system_facts(np.flatnonzero(reading.is_main & np.isnan(reading.logs.episodes.ended)))


def present(reading: Reading) -> Facts:
    """Minutes each episode was under way in the measured time."""
    episodes, rows = reading.logs.episodes, np.flatnonzero(reading.is_main)
    minutes = reading.minutes_in_window(episodes.onset[rows], episodes.ended[rows])
    return system_facts(rows, minutes)


def absorbed(reading: Reading) -> Facts:
    """Crises absorbed in the measured time, each with the person's latest episode before it."""
    absorbed, episodes = reading.logs.absorbed, reading.logs.episodes
    rows = np.flatnonzero(reading.in_window(absorbed.at))
    concerned = np.zeros(1 + int(episodes.person.max(initial=0)), dtype=np.bool_)
    concerned[absorbed.person[rows]] = True
    main = rows_where(concerned, episodes.person)
    main = main[reading.is_main.take(main)]
    person = np.concatenate([episodes.person[main], absorbed.person[rows]])
    time = np.concatenate([episodes.onset[main], absorbed.at[rows]])
    episode = np.concatenate([main, np.full(len(rows), -1)])
    order = np.lexsort((episode == -1, time, person))
    # the latest episode at or before each row; the first row of a person is an episode
    latest = np.maximum.accumulate(np.where(episode[order] >= 0, np.arange(len(order)), -1))
    last_episode = episode[order][latest]
    return system_facts(last_episode[episode[order] == -1])


DEFINITIONS = (
    Definition(
        "arrivals",
        "Episodes begun",
        "episodes",
        "Number of episodes whose crisis began in the measured time.",
        "Demand",
        began,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "arrivals_per_1000",
        f"Episodes begun {YEARLY}",
        YEARLY,
        "Episodes begun, times 1,000, over the person-years of the people of that level in the "
        "measured time. People are counted as they were drawn; deaths are not taken off.",
        "Demand",
        began,
        take.per_1000_a_year,
    ),
    Definition(
        "arrivals_by_crisis",
        "Episodes begun, by crisis",
        "episodes",
        "Number of episodes of each crisis that began in the measured time.",
        "Demand",
        began_by_crisis,
        take.count,
        of="crisis",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "absorbed",
        "Crises absorbed",
        "crises",
        "Number of crises that fell due in the measured time while the same person had an open "
        "episode, or after death. In a breakdown they stand at the levels of that person's "
        "latest episode.",
        "Demand",
        absorbed,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "under_way_at_start",
        "Episodes under way when measuring began",
        "episodes",
        "Number of episodes that began before the end of the warm-up and had not ended by then. "
        "Together with the episodes begun they make up the completed and the unfinished.",
        "Demand",
        under_way_at_start,
        take.count,
        adds_up=True,
    ),
    Definition(
        "present_mean",
        "Episodes under way, on average",
        "episodes",
        "Time average, over the measured time, of the number of episodes under way.",
        "Demand",
        present,
        take.time_average,
        adds_up=True,
    ),
    Definition(
        "completed",
        "Episodes completed",
        "episodes",
        "Number of episodes that reached an outcome in the measured time.",
        "Outcomes",
        ended,
        take.count,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "unfinished",
        "Episodes unfinished at the end",
        "episodes",
        "Number of episodes, whenever begun, that had reached no outcome at the horizon.",
        "Outcomes",
        unfinished,
        take.count,
        adds_up=True,
    ),
    Definition(
        "deaths",
        "Deaths",
        "deaths",
        "Number of people of whom an episode, or a side task, first reached the outcome `died` "
        "in the measured time.",
        "Outcomes",
        died,
        take.count,
        better=FEWER_DEATHS,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "never_seen",
        "Gave up or were turned away, and were not seen after",
        "episodes",
        "Number of episodes that ended in the measured time and in which somebody reneged or "
        "balked, and started no visit that seizes a resource after that.",
        "Outcomes",
        never_seen,
        take.count,
        better=FEWER_UNSERVED,
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "outcomes",
        "Episodes completed, by outcome",
        "episodes",
        "Number of episodes that reached each outcome in the measured time.",
        "Outcomes",
        ended_by_outcome,
        take.count,
        of="outcome",
        adds_up=True,
        accumulates=True,
    ),
    Definition(
        "days_to_outcome_mean",
        "Time from onset to outcome, mean",
        "days",
        "Mean time from the onset of the crisis to the outcome, over episodes that reached it "
        "in the measured time. `of` home it is the time to home.",
        "Outcomes",
        ended_by_outcome,
        take.mean_of(DAY),
        of="outcome",
    ),
    Definition(
        "days_to_outcome_median",
        "Time from onset to outcome, median",
        "days",
        "Median of the same times.",
        "Outcomes",
        ended_by_outcome,
        take.quantile(0.5, DAY),
        of="outcome",
    ),
)
