"""A real Chromium, and pages in it that are watched: what the browser complains about fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from fake_model_server import FakeModelServer

ARGUMENTS = [
    "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
PATIENCE_MS = 60_000
"""For what must come; how long it takes depends on what else the machine does."""


@pytest.fixture(scope="module")  # its event loop must be gone before other tests run one of their own
def browser() -> Iterator[Any]:
    needed = Path(__file__).with_name("requirements.txt")
    api = pytest.importorskip("playwright.sync_api", reason=f"the page's tests need: pip install -r {needed}")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("the page's tests need a Chromium: apt-get install chromium")
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with FakeModelServer().running() as server:
        yield server


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., Any]]:
    """``open_page(url, refusals=False, **context options)``.

    At the end no page may have had an error, a violation of its content security policy among them; with ``refusals``
    the browser may note requests that a server refused.
    """
    contexts, problems = [], []

    def opened(url: str, *, refusals: bool = False, **options: Any):
        context = browser.new_context(**{"viewport": {"width": 1200, "height": 800}, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()

        def note(message) -> None:
            is_refusal = message.text.startswith("Failed to load resource") and refusals
            if message.type in ("error", "warning") and not is_refusal:
                problems.append(f"{message.type}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: problems.append(f"error: {error}"))
        page.goto(url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def page(open_page, server):
    return open_page(server.url)
