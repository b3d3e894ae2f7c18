"""The releases as a feed that any reader of news follows."""
