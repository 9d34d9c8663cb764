"""Tasks: one replication of one world each, done anywhere, kept when done, never done twice."""
