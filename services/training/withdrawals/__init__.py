"""Taking a certification out of the catalogue: a person's deed, never an import's."""
