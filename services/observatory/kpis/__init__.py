"""Indicators of a programme, counted from the change feeds of the diagnostic and the training."""
