"""The least (or most) of something that meets a target, found by few runs."""
