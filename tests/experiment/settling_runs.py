"""Small scenarios that settle, and that do not, each in its own way."""

from __future__ import annotations

QUEUE = """
run: {{start: 2024-01-01, warm_up: {warm_up}, duration: {duration}, replications: 3, seed: {seed}}}
people: {{number: 1000000}}
crises: {{need: {{rate: {rate} per hour, first: serve}}}}
resources: {{server: {{capacity: 5}}}}
pathway: {{serve: {{seize: server, delay: {{exponential: {{mean: 1 h}}}}, route: home}}}}
"""


def queue(load: float, warm_up: str = "14 days", duration: str = "56 days", seed: int = 1) -> str:
    """Five servers who take an hour each, offered so much of what they can do."""
    return QUEUE.format(rate=round(5 * load, 6), warm_up=warm_up, duration=duration, seed=seed)


#: two wards that swap half of their patients, each keeping the bed until the other has one
SWAP = """
run: {start: 2024-01-01, warm_up: 1 day, duration: 60 days, replications: 3}
people: {number: 1000000}
crises: {a: {rate: 2 per day, first: ward_a}, b: {rate: 2 per day, first: ward_b}}
resources: {bed_a: {capacity: 5}, bed_b: {capacity: 5}}
pathway:
  ward_a: {seize: bed_a, PATIENCE delay: 1 day, hold: next, route: {ward_b: 0.5, home: rest}}
  ward_b: {seize: bed_b, PATIENCE delay: 1 day, hold: next, route: {ward_a: 0.5, home: rest}}
"""

SWAP_FOR_EVER = SWAP.replace("PATIENCE ", "")
SWAP_PATIENTLY = SWAP.replace("PATIENCE", "patience: 1000 days, renege_to: home,")

#: ambulances wait for a cubicle, cubicles for a ward bed, of which there are too few
CHAIN = """
run: {start: 2024-01-01, warm_up: 7 days, duration: 28 days, replications: 3}
people: {number: 1000000}
crises: {call: {rate: 14 per day, first: ambulance}}
resources: {crews: {capacity: 4}, cubicles: {capacity: 6}, beds: {capacity: 20}}
pathway:
  ambulance: {seize: crews, delay: 40 min, hold: next, route: cubicle}
  cubicle: {seize: cubicles, delay: {exponential: {mean: 3 h}}, hold: next, route: ward}
  ward: {seize: beds, delay: {exponential: {mean: 2 days}}, route: home}
"""

#: the first keeps its only server until the second has room: at most 2/3 a minute get through
TANDEM = """
run: {start: 2024-01-01, warm_up: 1 day, duration: 10 days, replications: 3, seed: 1}
people: {number: 1000000}
crises: {need: {rate: 0.72 per min, first: first}}
resources: {a: {capacity: 1}, b: {capacity: 1}}
pathway:
  first: {seize: a, delay: {exponential: {mean: 1 min}}, hold: next, route: second}
  second: {seize: b, delay: {exponential: {mean: 1 min}}, route: home}
"""

#: half again as many come as can be seen; one in ten gives up
STAYING = """
run: {start: 2024-01-01, warm_up: 1 day, duration: 28 days, replications: 3}
people: {number: 1000000}
crises:
  need: {rate: 15 per hour, first: doctor, attributes: {prio: {shares: {stays: 0.9, leaves: 0.1}}}}
resources: {doctors: {capacity: 4}}
pathway:
  doctor:
    seize: doctors
    patience: {by: prio, leaves: 15 min, stays: 1000 days}
    renege_to: home
    delay: {exponential: {mean: 24 min}}
    route: home
"""

#: places that people keep for four weeks, of which there are enough, after a warm-up of one
PLACES = """
run: {start: 2024-01-01, warm_up: WARM_UP, duration: 84 days, replications: 3}
people: {number: 1000000}
crises: {need: {rate: 30 per day, GROWTH first: stay}}
resources: {places: {capacity: 2000}}
pathway: {stay: {seize: places, delay: {exponential: {mean: 28 days}}, route: home}}
"""


def places(warm_up: str, growth: str = "") -> str:
    """People who stay four weeks where there is always a place."""
    return PLACES.replace("WARM_UP", warm_up).replace("GROWTH", growth)
