"""Which numbers a reader sees, how they are rounded, and how a table is written."""
