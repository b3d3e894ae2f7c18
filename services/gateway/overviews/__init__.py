"""Answers made of several services, each part with its source, gaps said aloud."""
