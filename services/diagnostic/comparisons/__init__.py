"""What changed for a company between two of its diagnostics."""
