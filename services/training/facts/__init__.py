"""What the European views tell of: certifications and offers as their sources have them."""
