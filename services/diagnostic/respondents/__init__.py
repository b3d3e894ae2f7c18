"""The people of a company who answer a diagnostic together, each from where they stand."""
