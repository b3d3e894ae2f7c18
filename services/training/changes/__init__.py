"""Pages of the change feed, signed."""
