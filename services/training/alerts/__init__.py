"""Saved searches, and what newly matches each since its organisation last looked."""
