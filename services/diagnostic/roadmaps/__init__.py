"""Roadmaps (feuilles de route): recommendations in order, with certifications and funding."""
