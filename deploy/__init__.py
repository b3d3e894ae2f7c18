"""Runs the platform: on one machine, in containers; watches it."""
