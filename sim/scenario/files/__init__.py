"""From files to one merged tree: text, YAML, CSV, paths, merging, overriding."""
