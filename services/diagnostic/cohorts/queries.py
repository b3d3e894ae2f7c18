"""What is published of a cohort: its figures; who is in it stays here."""

TELL = "SELECT diagnostic.tell_cohort($1, $2)"
"""Publishes cohort $1; $2: what happened to it."""
