"""The clients that others use, against the running platform."""
