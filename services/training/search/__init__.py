"""One search over offers and certifications: words, filters, facets, order."""
