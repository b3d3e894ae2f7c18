"""Constraints of the models that the European views are in, as graphs and tables."""
