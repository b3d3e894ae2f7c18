"""Refusals as exceptions."""

from dataclasses import dataclass
from typing import Any

import httpx

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a request: where (RFC 6901), which rule, and what to do."""

    where: str
    pointer: str
    code: str
    detail: str


class VigieProblem(Exception):
    """A refusal (RFC 9457). Compare `code`; quote `trace_id` to the operators."""

    def __init__(self, response: httpx.Response) -> None:
        body: dict[str, Any] = {}
        if response.headers.get("content-type", "").startswith(MEDIA_TYPE):
            body = response.json()
        self.response = response
        self.status = response.status_code
        self.code: str = body.get("code", "")
        self.title: str = body.get("title", response.reason_phrase)
        self.detail: str | None = body.get("detail")
        self.trace_id: str | None = body.get("trace_id")
        self.faults = [
            Fault(one["in"], one["pointer"], one["code"], one["detail"])
            for one in body.get("errors", [])
        ]
        faults = "".join(f"; {one.pointer}: {one.detail}" for one in self.faults)
        super().__init__(f"{self.status} {self.code}: {self.detail or self.title}{faults}")


class TokenRefused(Exception):
    """The token endpoint knows no such client or scope (RFC 6749 §5.2); `error` says which."""

    def __init__(self, response: httpx.Response) -> None:
        is_json = response.headers.get("content-type", "").startswith("application/json")
        body: dict[str, Any] = response.json() if is_json else {}
        self.error: str = body.get("error", "")
        super().__init__(f"{self.error or response.status_code}: {body.get('error_description')}")
