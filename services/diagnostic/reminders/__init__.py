"""Reminders: what is due, late or stalled in a roadmap, told once."""
