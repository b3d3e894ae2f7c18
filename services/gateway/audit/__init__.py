"""The append-only, hash-chained trail of who was let in, who was refused, and who changed that."""
