"""Tests of the diagnostic service."""
