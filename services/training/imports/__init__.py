"""Imports of national files: runs, their anomalies, and the engine that carries them out."""
