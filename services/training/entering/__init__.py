"""How offers that were made here, and came in no file, enter the catalogue."""
