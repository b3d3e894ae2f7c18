"""What operators see of the door."""
