"""Short addresses of questions, that never change."""
