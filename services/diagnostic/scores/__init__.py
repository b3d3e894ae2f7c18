"""Submission of a diagnostic and the frozen score it leaves."""
