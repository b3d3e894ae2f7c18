"""National figures: what the nodes of the registry publish, pulled and added up."""
