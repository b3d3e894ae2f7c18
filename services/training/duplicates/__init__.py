"""Offers that are given twice: found by rule, explained, and left to their provider to settle."""
