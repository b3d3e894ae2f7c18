"""Exports of the whole catalogue of offers, streamed, each with the report of what it loses."""
