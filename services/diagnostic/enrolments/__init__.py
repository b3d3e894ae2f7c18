"""Seats in cohorts, and the waiting list."""
