"""Observations in versions: what is selected, how it is read, and how much it would be."""
