"""Into which sessions of an offer one may enrol on a day, and why not into the others."""
