"""Structures and figures that an installation has at its first start, from the shipped facts."""
