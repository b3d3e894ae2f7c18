"""Charts of indicators: the specification, and the picture drawn from it."""
