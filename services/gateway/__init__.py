"""The one door: authenticates, forwards, and gathers answers of several services."""
