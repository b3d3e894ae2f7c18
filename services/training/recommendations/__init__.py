"""Which training brings whom to which job: gaps, paths, and why; of the person nothing is kept."""
