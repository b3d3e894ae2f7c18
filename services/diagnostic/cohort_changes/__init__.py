"""Moving cohorts through their lives, and what their seats and sessions must follow."""
