"""Exposure of jobs, sectors and territories to generative AI, computed when read."""
