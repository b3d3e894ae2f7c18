"""Aggregates of the figures of an indicator: of what anybody may see, and of nothing else."""
