"""Versioned maturity grids (grilles de maturité)."""
