"""The catalogue as universities read theirs: the Open Education API 6.0, read only."""
