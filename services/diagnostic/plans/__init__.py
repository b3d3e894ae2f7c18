"""Plans: the least effort that reaches a target, quarter by quarter, under capacity."""
