"""What-if: the score of answers and actions that nobody gave or took yet; nothing is stored."""
