"""A programme's public figures: frozen aggregates that isolate no company, citable by their day."""
