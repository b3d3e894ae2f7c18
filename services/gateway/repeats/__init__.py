"""Reads that were answered from the cache before, byte for byte: answered without being read."""
