"""Releases: a file becomes versions of observations, seen from one instant on."""
