"""The search index: written with what it finds, read by the slice `search`."""
