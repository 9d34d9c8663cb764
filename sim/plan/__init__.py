"""The executable form of a scenario, and the random numbers it runs on."""
