"""What the indicators say of one territory."""
