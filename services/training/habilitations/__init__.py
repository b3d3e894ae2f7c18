"""Who may train and assess for a certification."""
