"""Indicator sheets: what a figure is, how it is made, how good it is, and from which sources."""
