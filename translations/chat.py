"""Asks a server that speaks OpenAI's chat-completions protocol for one answer, in the time that it is given.

With the standard library's client, because it follows no redirect and heeds no proxy that the environment names. It
waits between bytes, though, so a server that drips could hold it for good: each request has a thread, and whoever asks
waits for that as long as they want to. Knows nothing of texts, and holds no transaction.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from socket import SHUT_RDWR
from urllib.parse import urlsplit

LARGEST = 256 * 1024
"""Bytes of an answer; a long article is a tenth of that."""
HERE = {"localhost", "127.0.0.1", "::1"}


class Failure(StrEnum):
    DOWN = "down"
    SLOW = "slow"
    REFUSES = "refuses"
    """Another status than 200, so a redirect, too."""
    UNREADABLE = "unreadable"


class Failed(Exception):
    """The server as a whole: whatever else is asked of it now, it would fail again."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


@dataclass(frozen=True)
class Server:
    url: str
    """Where `/chat/completions` is beneath, as in https://host/v1."""
    model: str
    key: str = field(default="", repr=False)
    seconds: float = 30.0
    """For the whole of one answer."""


def faults(server: Server) -> Iterator[str]:
    """What is wrong with the settings, by their names; never the key."""
    try:
        parts = urlsplit(server.url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        yield "SUGGESTIONS_URL is no address."
        return
    if not host or not server.url.isascii() or not server.url.isprintable() or " " in server.url:
        yield "SUGGESTIONS_URL is no address."
    elif parts.scheme != "https" and not (parts.scheme == "http" and host in HERE):
        yield "SUGGESTIONS_URL has to begin with https://; only a server of this machine may be asked by http://."
    if parts.username is not None or parts.query or parts.fragment:
        yield "SUGGESTIONS_URL holds more than host and path. A key belongs into SUGGESTIONS_KEY."
    if not server.model:
        yield "SUGGESTIONS_MODEL is missing."
    if not (server.key.isascii() and server.key.isprintable()) or " " in server.key:
        yield "SUGGESTIONS_KEY holds a character that no key has."
    if not 0 < server.seconds <= 600:
        yield "SUGGESTIONS_SECONDS has to be more than 0 and at most 600."


def ask(server: Server, instructions: str, question: str) -> str:
    """What the model says; `Failed` if nothing that is an answer came in time.

    Once more, in what is left of the time, where the connection broke.
    """
    said = {
        "model": server.model,
        "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": question}],
        "temperature": 0,
        "stream": False,
    }
    body = json.dumps(said).encode()
    over = time.monotonic() + server.seconds
    try:
        answer = _send(server, body, over)
    except ConnectionError:
        try:
            answer = _send(server, body, over)
        except ConnectionError as error:
            raise Failed(Failure.DOWN) from error
    return _content(answer)


def _send(server: Server, body: bytes, over: float) -> bytes:
    request = _Request(server, body)
    request.start()
    try:
        request.join(max(over - time.monotonic(), 0))
        if request.is_alive():
            raise Failed(Failure.SLOW)
    finally:
        request.abandon()
    match request.error:
        case None:
            pass
        case TimeoutError():
            raise Failed(Failure.SLOW)
        case OSError():
            raise ConnectionError from request.error
        case _:
            raise Failed(Failure.UNREADABLE) from request.error
    if request.status != 200:
        raise Failed(Failure.REFUSES)
    if len(request.answer) > LARGEST:
        raise Failed(Failure.UNREADABLE)
    return request.answer


def _content(answer: bytes) -> str:
    try:
        said = json.loads(answer)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise Failed(Failure.UNREADABLE) from error
    if not isinstance(said, str):
        raise Failed(Failure.UNREADABLE)
    return said


class _Request(threading.Thread):
    """One request and its answer; `abandon` ends it wherever it is."""

    def __init__(self, server: Server, body: bytes) -> None:
        super().__init__(daemon=True)
        parts = urlsplit(server.url)
        connection = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        # The time here is that of a single step; it ends a thread that nobody waits for any more.
        self.connection = connection(parts.hostname or "", parts.port, timeout=server.seconds)
        self.path = f"{parts.path.rstrip('/')}/chat/completions"
        self.body = body
        self.headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if server.key:
            self.headers["Authorization"] = f"Bearer {server.key}"
        self.is_abandoned = False
        self.status = 0
        self.answer = b""
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self.connection.connect()
            if not self.is_abandoned:
                self.connection.request("POST", self.path, self.body, self.headers)
                answer = self.connection.getresponse()
                self.status, self.answer = answer.status, answer.read(LARGEST + 1)
        except (OSError, HTTPException, ValueError) as error:
            self.error = error
        finally:
            self.connection.close()

    def abandon(self) -> None:
        self.is_abandoned = True
        if (socket := self.connection.sock) is not None:
            with suppress(OSError):
                socket.shutdown(SHUT_RDWR)
