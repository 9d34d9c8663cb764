"""One's own place: the local figures that matter, and a place on the base written from them."""
