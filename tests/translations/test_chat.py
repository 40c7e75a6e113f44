import json
import socket

import pytest

from tests.translations import standin
from tests.translations.standin import running
from translations import chat
from translations.chat import Failed, Failure, Server

LONG = 60.0  # never waited for
SHORT = 1.0


def failure(server: Server) -> Failure:
    with pytest.raises(Failed) as caught:
        chat.ask(server, "Translate.", "疼痛")
    return caught.value.failure


def test_the_answer_is_what_the_model_says() -> None:
    with running(standin.says("Pain")) as there:
        assert chat.ask(Server(there.url, "qwen", "k-1", LONG), "Translate.", "疼痛") == "Pain"
    assert there.asked == [
        {
            "model": "qwen",
            "messages": [{"role": "system", "content": "Translate."}, {"role": "user", "content": "疼痛"}],
            "temperature": 0,
            "stream": False,
        }
    ]
    ((path, headers),) = there.seen
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer k-1"
    assert headers["Content-Type"] == "application/json"


def test_without_a_key_none_is_sent() -> None:
    with running(standin.says("Pain")) as there:
        chat.ask(Server(f"{there.url}/", "qwen", "", LONG), "Translate.", "疼痛")
    ((path, headers),) = there.seen
    assert path == "/v1/chat/completions"
    assert "Authorization" not in headers


def test_a_key_is_in_no_description() -> None:
    assert "k-1" not in repr(Server("https://host/v1", "qwen", "k-1"))


@pytest.mark.parametrize("answer", [standin.stalls, standin.drips, standin.drips_its_answer])
def test_nobody_waits_longer_than_they_want_to(answer: standin.Answer) -> None:
    with running(answer) as there:
        assert failure(Server(there.url, "qwen", "", SHORT)) == Failure.SLOW
    assert len(there.asked) == 1


def test_nor_for_the_beginning_of_a_secret_talk() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert failure(Server(f"https://127.0.0.1:{port}/v1", "qwen", "", SHORT)) == Failure.SLOW


def test_a_broken_connection_is_tried_once_more() -> None:
    with running(standin.hangs_up, standin.says("Pain")) as there:
        assert chat.ask(Server(there.url, "qwen", "", LONG), "Translate.", "疼痛") == "Pain"
    assert len(there.asked) == 2


def test_and_only_once() -> None:
    with running(standin.hangs_up) as there:
        assert failure(Server(there.url, "qwen", "", LONG)) == Failure.DOWN
    assert len(there.asked) == 2


def test_where_nobody_listens_is_down() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    assert failure(Server(f"http://127.0.0.1:{port}/v1", "qwen", "", LONG)) == Failure.DOWN


@pytest.mark.parametrize("status", [204, 400, 401, 429, 500, 503])
def test_another_status_is_a_refusal_and_not_tried_again(status: int) -> None:
    with running(standin.raw(b"", status)) as there:
        assert failure(Server(there.url, "qwen", "", LONG)) == Failure.REFUSES
    assert len(there.asked) == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(status: int) -> None:
    with (
        running(standin.says("Pain")) as other,
        running(standin.raw(b"", status, Location=f"{other.url}/chat/completions")) as there,
    ):
        assert failure(Server(there.url, "qwen", "k-1", LONG)) == Failure.REFUSES
    assert other.asked == []


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    huge = json.dumps({"choices": [{"message": {"content": "x" * chat.LARGEST}}]}).encode()
    with running(standin.raw(huge)) as there:
        assert failure(Server(there.url, "qwen", "", LONG)) == Failure.UNREADABLE


@pytest.mark.parametrize(
    "answer",
    [
        standin.babbles,
        standin.raw(b""),
        standin.raw(b"<html>Bad gateway</html>"),
        standin.raw(b"\xff\xfe\xfa"),
        standin.raw(b"[" * 100_000),
        standin.raw(b'{"choices": []}'),
        standin.raw(b'{"choices": {"0": 1}}'),
        standin.raw(b'{"choices": [{"text": "Pain"}]}'),
        standin.raw(b'{"choices": [{"message": "Pain"}]}'),
        standin.raw(b"null"),
        standin.says(None),
        standin.says(["Pain"]),
    ],
)
def test_what_is_no_answer_is_unreadable(answer: standin.Answer) -> None:
    with running(answer) as there:
        assert failure(Server(there.url, "qwen", "", LONG)) == Failure.UNREADABLE
    assert len(there.asked) == 1


@pytest.mark.parametrize(
    "url",
    ["https://models.hospital.cn/v1", "https://10.0.0.7:8443", "http://localhost:11434/v1", "http://127.0.0.1:8000",
     "http://[::1]:8000/v1"],
)  # fmt: skip
def test_https_and_this_machine_may_be_asked(url: str) -> None:
    assert list(chat.faults(Server(url, "qwen", "k-1", 30))) == []


IN_THE_CLEAR = "SUGGESTIONS_URL has to begin with https://; only a server of this machine may be asked by http://."
NO_ADDRESS = "SUGGESTIONS_URL is no address."
MORE = "SUGGESTIONS_URL holds more than host and path. A key belongs into SUGGESTIONS_KEY."
STRANGE_KEY = "SUGGESTIONS_KEY holds a character that no key has."
TIME = "SUGGESTIONS_SECONDS has to be more than 0 and at most 600."


@pytest.mark.parametrize(
    ("server", "told"),
    [
        (Server("http://models.hospital.cn/v1", "qwen"), [IN_THE_CLEAR]),
        (Server("http://localhost.evil.example/v1", "qwen"), [IN_THE_CLEAR]),
        (Server("http://127.0.0.1@evil.example/v1", "qwen"), [IN_THE_CLEAR, MORE]),
        (Server("ftp://localhost/v1", "qwen"), [IN_THE_CLEAR]),
        (Server("file:///etc/passwd", "qwen"), [NO_ADDRESS]),
        (Server("models.hospital.cn", "qwen"), [NO_ADDRESS]),
        (Server("https://host:port/v1", "qwen"), [NO_ADDRESS]),
        (Server("https://host/v1 x", "qwen"), [NO_ADDRESS]),
        (Server("https://[::1/v1", "qwen"), [NO_ADDRESS]),
        (Server("https://me:k-1@host/v1", "qwen"), [MORE]),
        (Server("https://host/v1?key=k-1", "qwen"), [MORE]),
        (Server("https://host/v1", ""), ["SUGGESTIONS_MODEL is missing."]),
        (Server("https://host/v1", "qwen", "k-1\r\nX: 1"), [STRANGE_KEY]),
        (Server("https://host/v1", "qwen", "钥匙"), [STRANGE_KEY]),
        (Server("https://host/v1", "qwen", "k-1", 0), [TIME]),
        (Server("https://host/v1", "qwen", "k-1", float("nan")), [TIME]),
        (Server("https://host/v1", "qwen", "k-1", 601), [TIME]),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(server: Server, told: list[str]) -> None:
    assert list(chat.faults(server)) == told
