"""Proves the behaviour of the platform through its public interfaces."""
