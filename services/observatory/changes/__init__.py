"""What moved between two releases, years or methods, and why: splits without a remainder."""
