"""Companies that take a diagnostic, each seen only by the tenant that registered it."""
