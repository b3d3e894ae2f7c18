"""What replaces a certification, and which of its blocs are recognised elsewhere."""
