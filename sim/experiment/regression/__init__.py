"""Does it still give the same? References kept in files, and where two runs part."""
