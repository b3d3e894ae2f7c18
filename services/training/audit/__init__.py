"""The append-only trail of who sent what into the catalogue, and who took what out."""
