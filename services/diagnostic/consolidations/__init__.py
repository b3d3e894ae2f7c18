"""From what several respondents say to the one answer that is scored."""
