"""Training providers: the public list of declared organisations, and what Qualiopi certifies."""
