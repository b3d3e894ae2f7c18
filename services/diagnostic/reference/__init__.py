"""The grid, recommendations and funding shipped with the service, as JSON files of our own."""
