"""Prices, dates and recruitment of many of one's own sessions at once, each judged on its own."""
