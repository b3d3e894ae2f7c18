"""What the rest of the platform shows of a company, in one statement."""
