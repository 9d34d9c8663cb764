"""What an experiment found, as tables."""
