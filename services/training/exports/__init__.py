"""Exports of all offers and all certifications, streamed; those of offers say what they lose."""
