"""Links with which a company shows its report to whom it likes, for a while."""
