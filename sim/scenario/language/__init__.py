"""What the language consists of: its words, their fields, attributes and tags."""
