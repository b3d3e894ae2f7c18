"""HTTP itself, through the real door: what every client may rely on whatever it asks."""

import socket

import httpx

from tests.e2e.machine import Machine

CERTIFICATION = "/v1/training/certifications/RNCP37827"


def test_head_is_get_without_its_body_at_the_door(machine: Machine) -> None:
    with httpx.Client(base_url=machine.door, timeout=10) as client:
        for path in (CERTIFICATION, "/v1/training/certifications", "/docs", "/openapi.json"):
            got, head = client.get(path), client.head(path)
            assert (head.status_code, head.content) == (200, b""), path
            for name in ("content-type", "content-length", "etag", "cache-control"):
                assert head.headers.get(name) == got.headers.get(name), (path, name)
        assert client.head("/v1/training/certifications/XX").status_code == 422
        assert client.get(CERTIFICATION).status_code == 200  # the connection is whole


def test_a_message_that_is_not_http_gets_a_problem_with_a_trace_id(machine: Machine) -> None:
    with socket.create_connection(("127.0.0.1", machine.ports["gateway"]), timeout=5) as wire:
        wire.sendall(b"NOT HTTP AT ALL\r\n\r\n")
        said = b""
        while piece := wire.recv(65536):
            said += piece
    head, _, body = said.partition(b"\r\n\r\n")
    answer = httpx.Response(400, content=body)
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"application/problem+json" in head
    assert answer.json()["code"] == "message-malformed"
    assert len(answer.json()["trace_id"]) == 32
