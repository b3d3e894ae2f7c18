"""From one figure to the release, the formula and the source files that it comes from."""
