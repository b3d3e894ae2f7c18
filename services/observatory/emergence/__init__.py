"""New jobs and new skills: a test of dated counts, and a life that people decide on."""
