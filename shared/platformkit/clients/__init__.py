"""Typed clients of the services, and the few wire models that cross them."""
