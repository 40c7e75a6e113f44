"""Browser tests: `page` and `new_context` come from pytest-playwright, here with addresses relative to the live server.

A test fails when anything in its browser asks for something from another host (patients in China would not get it, and
neither would a hospital's intranet), when the content security policy refuses something, and when a script breaks.
"""

import os
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Route, expect
from pytest_django.live_server_helper import LiveServer

# Playwright's synchronous interface keeps an event loop in this thread, which Django would take for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

# What is waited for comes on a slow machine too; a longer wait costs nothing where it does not.
expect.set_options(timeout=20_000)

QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """PAINSITE_CHROMIUM names a browser that is there already; else Playwright's own is used."""
    args = list(QUIET)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        args.append("--no-sandbox")  # Chromium refuses to run as root with it
    chosen = {**browser_type_launch_args, "args": args}
    if path := os.environ.get("PAINSITE_CHROMIUM"):
        chosen["executable_path"] = path
    return chosen


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any], live_server: LiveServer) -> dict[str, Any]:
    return {**browser_context_args, "base_url": live_server.url}


@pytest.fixture
def new_context(
    new_context: Callable[..., BrowserContext], live_server: LiveServer
) -> Iterator[Callable[..., BrowserContext]]:
    """Watches every context of a test, `page`'s too; `new_context()` is one more person, with cookies of their own."""
    home = urlsplit(live_server.url).netloc
    complaints: list[str] = []

    def is_outside(url: str) -> bool:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != home

    def refuse(route: Route, request: Request) -> None:
        complaints.append(f"{request.frame.url} asked another host: {request.url}")
        route.abort()

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(f"{message.page.url if message.page else 'a page'}: {message.text}")

    def watched(**kwargs: Any) -> BrowserContext:
        context = new_context(**kwargs)
        context.route(is_outside, refuse)
        context.on("console", listen)
        context.on("weberror", lambda error: complaints.append(f"a script broke: {error.error}"))
        return context

    yield watched
    assert not complaints, "\n".join(complaints)
