"""Skills of jobs, and which offers and certifications teach them: how we know, and how surely."""
