"""Reads of a client whose headers are known: sent on to the service, and back, without a task."""
