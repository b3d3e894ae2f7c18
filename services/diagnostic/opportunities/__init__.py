"""Public funding and who is eligible for it."""
