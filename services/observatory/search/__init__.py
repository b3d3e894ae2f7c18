"""One question to all names of the observatory: of things, of structures, of codes."""
