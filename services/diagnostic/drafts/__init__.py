"""Writing grids: drafts, their lint, their review and their publication by four eyes."""
