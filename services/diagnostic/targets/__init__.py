"""Where a company wants to be on each dimension, and how far that is."""
