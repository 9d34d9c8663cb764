"""Mutated scenarios: whatever a file says, it is refused in words or run alike by both engines.

``python -m tests.fuzz --count 20000 --seed 1`` mutates shipped, invented and broken scenarios,
reads and checks each, and runs what stays valid for a short time in both engines. Only a
`ScenarioError` may come of a file, and a `RunawayError` of a run.
"""
