"""What a pathway can do and how much work comes to it, before anything is simulated."""
