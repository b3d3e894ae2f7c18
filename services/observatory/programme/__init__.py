"""A programme's accounts: who pays, what for, what is committed and paid; milestones and events."""
