"""Pictures drawn with matplotlib, one kind to a file."""
