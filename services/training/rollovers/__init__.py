"""A year's offer copied to the next: drafts that their provider confirms, corrects or discards."""
