"""The merged OpenAPI document and its page, which needs no internet."""
