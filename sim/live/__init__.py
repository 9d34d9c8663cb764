"""A page to ask a scenario on, live: served to a browser on this machine and to nobody else."""
