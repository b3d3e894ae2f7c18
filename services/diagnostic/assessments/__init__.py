"""Diagnostics of a company: answers, submission, score."""
