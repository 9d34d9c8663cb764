"""Workload W in Cimba Python: one process per server, stores of arrival times as queues.

Needs `pip install cimba`; the model is compiled by numba for the Cimba engine when first run.
"""

from __future__ import annotations

import cimba as cb
import cimba.random
import numpy as np
from workload import (
    AE,
    ARRIVALS_PER_MINUTE,
    CALL_BACK,
    COMMUNITY,
    DAY,
    GP,
    GROUPS,
    NODES,
    SHARE_HIGH,
    TRIAGE,
    WARD,
    Statistics,
    statistics,
)

GAP = 1.0 / ARRIVALS_PER_MINUTE
MEANS = tuple(node.mean for node in NODES)
SHARES = {node.name: dict(node.routes) for node in NODES}
TO_GP = SHARES["triage"][GP]
TO_CALL_BACK = TO_GP + SHARES["triage"][CALL_BACK]
CALL_BACK_TO_AE = SHARES["call_back"][AE]
AE_TO_WARD = SHARES["ae"][WARD]
WARD_TO_COMMUNITY = SHARES["ward"][COMMUNITY]
MU, SIGMA = NODES[AE].mu_sigma
HIGH, LOW = 2, 1  # higher first


class Hospital(cb.Model):
    """A patient in a queue is the time of joining it; in A&E, low urgency is a negative time."""

    horizon: cb.Param[float]
    triage: cb.Store[float]
    gp: cb.Store[float]
    call_back: cb.Store[float]
    ae: cb.PriorityStore[float]
    ward: cb.Store[float]
    community: cb.Store[float]
    wait_triage: cb.Dataset
    wait_gp: cb.Dataset
    wait_call_back: cb.Dataset
    wait_ae_high: cb.Dataset
    wait_ae_low: cb.Dataset
    wait_ward: cb.Dataset
    wait_community: cb.Dataset
    busy_triage: cb.Output[float]
    busy_gp: cb.Output[float]
    busy_call_back: cb.Output[float]
    busy_ae: cb.Output[float]
    busy_ward: cb.Output[float]
    busy_community: cb.Output[float]

    @cb.on_start
    def nobody_served(self):
        self.busy_triage = 0.0
        self.busy_gp = 0.0
        self.busy_call_back = 0.0
        self.busy_ae = 0.0
        self.busy_ward = 0.0
        self.busy_community = 0.0

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(cimba.random.exponential(GAP))
            self.triage.put(cb.now())

    @cb.process(copies=NODES[TRIAGE].servers)
    def serve_triage(self):
        while True:
            queued = self.triage.get()
            self.wait_triage.record(cb.now() - queued)
            service = cimba.random.exponential(MEANS[0])
            self.busy_triage += min(service, self.horizon - cb.now())
            cb.hold(service)
            u = cimba.random.uniform(0.0, 1.0)
            if u < TO_GP:
                self.gp.put(cb.now())
            elif u < TO_CALL_BACK:
                self.call_back.put(cb.now())
            elif cimba.random.uniform(0.0, 1.0) < SHARE_HIGH:
                self.ae.put(cb.now(), HIGH)
            else:
                self.ae.put(-cb.now(), LOW)

    @cb.process(copies=NODES[GP].servers)
    def serve_gp(self):
        while True:
            queued = self.gp.get()
            self.wait_gp.record(cb.now() - queued)
            service = cimba.random.exponential(MEANS[1])
            self.busy_gp += min(service, self.horizon - cb.now())
            cb.hold(service)

    @cb.process(copies=NODES[CALL_BACK].servers)
    def serve_call_back(self):
        while True:
            queued = self.call_back.get()
            self.wait_call_back.record(cb.now() - queued)
            service = cimba.random.exponential(MEANS[2])
            self.busy_call_back += min(service, self.horizon - cb.now())
            cb.hold(service)
            if cimba.random.uniform(0.0, 1.0) < CALL_BACK_TO_AE:
                if cimba.random.uniform(0.0, 1.0) < SHARE_HIGH:
                    self.ae.put(cb.now(), HIGH)
                else:
                    self.ae.put(-cb.now(), LOW)

    @cb.process(copies=NODES[AE].servers)
    def serve_ae(self):
        while True:
            queued = self.ae.get()
            if queued > 0.0:
                self.wait_ae_high.record(cb.now() - queued)
            else:
                self.wait_ae_low.record(cb.now() + queued)
            service = cimba.random.lognormal(MU, SIGMA)
            self.busy_ae += min(service, self.horizon - cb.now())
            cb.hold(service)
            if cimba.random.uniform(0.0, 1.0) < AE_TO_WARD:
                self.ward.put(cb.now())

    @cb.process(copies=NODES[WARD].servers)
    def serve_ward(self):
        while True:
            queued = self.ward.get()
            self.wait_ward.record(cb.now() - queued)
            service = cimba.random.exponential(MEANS[4])
            self.busy_ward += min(service, self.horizon - cb.now())
            cb.hold(service)
            if cimba.random.uniform(0.0, 1.0) < WARD_TO_COMMUNITY:
                self.community.put(cb.now())

    @cb.process(copies=NODES[COMMUNITY].servers)
    def serve_community(self):
        while True:
            queued = self.community.get()
            self.wait_community.record(cb.now() - queued)
            service = cimba.random.exponential(MEANS[5])
            self.busy_community += min(service, self.horizon - cb.now())
            cb.hold(service)


def replicate(days: float, seed: int) -> Statistics:
    """Simulate and summarise one replication."""
    model = Hospital()
    model.horizon = days * DAY
    for group in GROUPS:  # keep every wait
        dataset = cb.Dataset()
        dataset.capture()
        setattr(model, f"wait_{group}", dataset)
    window = cb.Window(duration=days * DAY)
    results = cb.Experiment(model, replications=1, window=window, seed=seed).run(workers=1)
    found = results[model]
    waits = [getattr(found, f"wait_{group}").trial(0, 0)[1] for group in GROUPS]
    busy = [float(np.asarray(getattr(found, f"busy_{node.name}"))[0, 0]) for node in NODES]
    return statistics(waits, busy, days)
