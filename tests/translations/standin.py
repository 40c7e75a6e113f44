"""A server that speaks OpenAI's protocol as badly as a test wants it to."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    server: "StandIn"

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.server.asked.append(json.loads(self.rfile.read(length)))
        self.server.seen.append((self.path, dict(self.headers)))
        answers = self.server.answers
        (answers.pop(0) if len(answers) > 1 else answers[0])(self)

    def send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class StandIn(ThreadingHTTPServer):
    daemon_threads = True
    answers: list[Answer]

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Any] = []
        self.seen: list[tuple[str, dict[str, str]]] = []
        self.is_over = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    @property
    def questions(self) -> list[Any]:
        """What the model was to read as the user's words."""
        return [json.loads(asked["messages"][1]["content"]) for asked in self.asked]

    def handle_error(self, request: Any, address: Any) -> None:
        """Who asked has gone; that is what some tests are about."""


@contextmanager
def running(*answers: Answer) -> Iterator[StandIn]:
    """Gives one answer after the other, the last one for good."""
    with StandIn() as server:
        server.answers = list(answers)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.is_over.set()
            server.shutdown()
            thread.join()


def says(content: Any) -> Answer:
    """As a model's whole message."""
    message = {"role": "assistant", "content": content}
    return raw(json.dumps({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}]}).encode())


def translates(text: str) -> Answer:
    return says(json.dumps({"translation": text}, ensure_ascii=False))


def raw(body: bytes, status: int = 200, **headers: str) -> Answer:
    return lambda handler: handler.send(body, status, **headers)


def stalls(handler: Handler) -> None:
    handler.server.is_over.wait()


def drips(handler: Handler) -> None:
    """Headers, a byte at a time, each long before any time between two bytes is over."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not handler.server.is_over.wait(0.02):
        handler.wfile.write(b"x")


def drips_its_answer(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    while not handler.server.is_over.wait(0.02):
        handler.wfile.write(b" ")


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


def babbles(handler: Handler) -> None:
    handler.wfile.write(b"hello\r\n\r\n")
