"""Replications, comparisons and their stores: plans run many times and set side by side."""
