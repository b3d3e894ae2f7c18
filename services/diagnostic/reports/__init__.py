"""The report a company is handed at the end of its diagnostic."""
