"""The language and a scenario in words: schema, reference, differences, numbers without sources."""
