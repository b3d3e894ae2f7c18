"""Webhooks: what changed, told to those who asked, as Standard Webhooks 1.0 describes it."""
