"""How values are written: one reader for each kind of value, and the values they give."""
