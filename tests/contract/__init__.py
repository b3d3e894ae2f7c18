"""The typed clients against the real services."""
