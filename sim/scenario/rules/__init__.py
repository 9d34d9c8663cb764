"""What a scenario must satisfy beyond the types of its fields."""
