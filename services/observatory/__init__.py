"""Publishes the figures of the regional observatory, with their method and range."""
