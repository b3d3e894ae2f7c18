"""Exposure by several indices: classes on one scale, the range across them, and the arithmetic."""
