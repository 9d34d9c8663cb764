"""The explicit order of events at one instant, the same in both engines.

At one time, events happen in the order of their kind, then of a number: nothing depends on the
accident of when they were put down.
"""

from __future__ import annotations

from enum import IntEnum


class Kind(IntEnum):
    """Kinds of event, in their order at one instant.

    They start above SimPy's own priorities (0 and 1): a process that has been started runs before
    anything else at that instant.
    """

    APPOINTMENT = 2  #: a booked slot begins, before anything else is served; numbered by visit
    #: the capacity of a resource changes; numbered by resource. Or it is time to look again at a
    #: signal, or at a capacity that takes time to change: numbered behind these, in this order
    CAPACITY = 3
    END = 4  #: a visit's delay is over; numbered by episode
    READY = 5  #: the turnaround of a unit is over; numbered by hold
    PATIENCE = 6  #: someone's patience runs out; numbered by visit
    MOVE = 7  #: someone interrupted, or turned away after a join, goes elsewhere; numbered by visit
    RISE = 8  #: the priority of someone who waits changes; numbered by visit
    ARRIVAL = 9  #: a candidate falls due, or a side task starts (numbered after all candidates)


#: how often at most signals and capacities that react are looked at when an event is over: those
#: that contradict each other would never come to rest
LOOKS = 8
