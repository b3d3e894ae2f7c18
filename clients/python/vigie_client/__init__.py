"""The Vigie API from Python, blocking (`Vigie`) and asynchronous (`AsyncVigie`)."""

from vigie_client.asynchronous import AsyncFeed, AsyncVigie
from vigie_client.blocking import Feed, Vigie
from vigie_client.credentials import ClientCredentials, Key
from vigie_client.problems import Fault, TokenRefused, VigieProblem

__all__ = [
    "AsyncFeed",
    "AsyncVigie",
    "ClientCredentials",
    "Fault",
    "Feed",
    "Key",
    "TokenRefused",
    "Vigie",
    "VigieProblem",
]
