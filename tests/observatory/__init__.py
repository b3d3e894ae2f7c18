"""Tests of the observatory service."""
