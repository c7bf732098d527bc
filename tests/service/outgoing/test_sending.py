"""Requests to real servers on loopback: what is guarded, bounded, and told when it fails."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
import requests

from service.outgoing.guard import Guard, Refused, Unreachable
from service.outgoing.sending import GuardedAdapter, GuardedSession, send
from tests.service.outgoing.receiving import receiving

LOOPBACK = Guard.of(["127.0.0.0/8"])


@contextmanager
def raw_server(start: bytes, then: bytes = b"") -> Iterator[str]:
    """A server that sends some bytes, and then others forever, one each 20 milliseconds."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listener.accept()
            with connection:
                connection.sendall(start)
                while not over.wait(0.02):
                    connection.sendall(then)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
    finally:
        over.set()
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def test_a_request_is_sent_as_it_is() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _request: (201, {"X-Seen": "yes"}, b"thanks")
        answer = send(LOOPBACK, "POST", f"{receiver.url}/hook?a=1", headers={"X-Mine": "1"}, body=b"{}")
    assert (answer.status, answer.body, answer.complete, answer.headers["x-seen"]) == (201, b"thanks", True, "yes")
    (request,) = receiver.requests
    assert (request.method, request.path, request.body, request.headers["x-mine"]) == ("POST", "/hook?a=1", b"{}", "1")


def test_nothing_is_sent_where_nothing_may_go() -> None:
    with receiving() as receiver:
        with pytest.raises(Refused):
            send(Guard(), "GET", receiver.url)
        with pytest.raises(Refused):
            send(Guard(), "GET", receiver.url.replace("127.0.0.1", "localhost"))
    assert receiver.requests == []


def test_redirects_are_answers() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _request: (302, {"Location": "http://127.0.0.1:1/"}, b"")
        assert send(LOOPBACK, "GET", receiver.url).status == 302


def test_a_mounted_adapter_checks_redirects_too() -> None:
    with receiving() as receiver, requests.Session() as session:
        session.mount("http://", GuardedAdapter(LOOPBACK))
        receiver.answer = lambda _request: (302, {"Location": "http://169.254.169.254/"}, b"")
        with pytest.raises(Refused, match=r"169\.254"):
            session.get(receiver.url)


def test_a_mounted_adapter_goes_to_the_addresses_that_were_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, asked = socket.getaddrinfo, []

    def rebinding(host: str, port: int | None, *more: object, **named: object) -> object:
        if host == "rebinding.example":
            asked.append(host)
            return plain("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *more, **named)  # type: ignore[arg-type]
        return plain(host, port, *more, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    with receiving() as receiver:
        url = receiver.url.replace("127.0.0.1", "rebinding.example")
        assert send(Guard.of(["127.0.0.1"]), "GET", url).status == 204
        assert receiver.requests[0].headers["host"].startswith("rebinding.example:")
        with pytest.raises(Refused, match=r"127\.0\.0\.2"):
            send(Guard.of(["127.0.0.1"]), "GET", url)


def test_long_answers_are_cut() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _request: (200, {}, b"x" * 100_000)
        answer = send(LOOPBACK, "GET", receiver.url, most_bytes=1000)
    assert (len(answer.body), answer.complete) == (1000, False)


@pytest.mark.parametrize(
    ("start", "then"),
    [(b"", b""), (b"HTTP/1.1 200 OK\r\nX: ", b"x"), (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"x")],
    ids=["silence", "headers by the byte", "body by the byte"],
)
def test_slow_answers_are_given_up(start: bytes, then: bytes) -> None:
    with raw_server(start, then) as url, pytest.raises(Unreachable, match=r"within 0\.3 seconds"):
        send(LOOPBACK, "GET", url, seconds=0.3)


def test_what_does_not_listen_is_told() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        send(LOOPBACK, "GET", f"http://127.0.0.1:{port}/")


def test_what_does_not_speak_http_is_told() -> None:
    with raw_server(b"hello\r\n\r\n") as url, pytest.raises(Unreachable, match="cannot be reached"):
        send(LOOPBACK, "GET", url)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with receiving() as receiver, GuardedSession(LOOPBACK) as session:
        assert session.get(receiver.url).status_code == 204
