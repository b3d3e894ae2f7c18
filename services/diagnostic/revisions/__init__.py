"""The past of a diagnostic: what was answered, and what was done, revision by revision."""
