"""Public facts shipped with the service as compact tables; SOURCES.md says where each is from."""
