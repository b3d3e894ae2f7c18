"""Invitations of companies to a cohort: signed, expiring, revocable; none holds a seat."""
