"""Disclosure control: no published figure, nor any difference of figures, tells of one unit."""
