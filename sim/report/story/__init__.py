"""A named person's story: the timeline of one case, and how it is told."""
