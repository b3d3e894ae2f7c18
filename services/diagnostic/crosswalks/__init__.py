"""Other methods read off the answers that a company has already given."""
