"""The formulas of the observatory, pure: design document, part 5. They import nothing of ours."""
