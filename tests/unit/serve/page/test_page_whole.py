"""The page as a whole: keys, problems, keyboard, colours, small screens."""

import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
from fake_model_server import PAGE, FakeModelServer, Reply
from page_actions import answers, ask

import codeling
from codeling.config import tomllib

pytestmark = pytest.mark.slow  # a browser takes seconds to start


def test_the_key_is_asked_for_and_kept_for_this_tab_only(server, open_page):
    server.key = "right"
    page = open_page(server.url, refusals=True)
    page.fill("#key", "wrong")
    page.click("text=Use it")
    page.wait_for_selector("#key-text:has-text('not accepted')")
    page.fill("#key", "right")
    page.press("#key", "Enter")
    page.wait_for_selector("#facts:has-text('tiny')")
    server.say("Hello.")
    ask(page, "Hi")
    answers(page, 1)
    page.reload()
    page.wait_for_selector("#facts:has-text('tiny')")
    assert page.evaluate("Object.values(localStorage).some((value) => value.includes('right'))") is False
    assert page.evaluate("document.cookie") == ""
    other = page.context.new_page()
    other.goto(server.url)
    other.wait_for_selector("#key-dialog[open]")
    other.keyboard.press("Escape")
    other.wait_for_selector("#banner:has-text('wants a key')")


@pytest.mark.parametrize(
    ("reply", "title", "remedy"),
    [
        (Reply(status=400, error={"message": "600", "code": "context_length_exceeded"}), "longer than", "/reset"),
        (Reply(status=429, error={"message": "full"}, headers={"Retry-After": "7"}), "busy", "in 7 seconds"),
        (Reply(status=500, error={"message": "it failed"}), "The server failed", "log"),
        (Reply(["half "], breaks_off=True), "connection was lost", "What had come is kept"),
    ],
    ids=["too long", "busy", "failed", "broken off"],
)  # fmt: skip
def test_problems_are_said_in_words_and_can_be_tried_again(server, open_page, reply, title, remedy):
    page = open_page(server.url, refusals=True)
    server.replies.append(reply)
    ask(page, "Hi")
    page.wait_for_selector("#chat-problem [role=alert]")
    told = page.inner_text("#chat-problem")
    assert title in told
    assert remedy in told
    assert reply.error.get("message", "") in told
    server.say("There.")
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".is-assistant:has-text('There.')")
    assert not page.is_visible("#chat-problem [role=alert]")
    assert server.last_request["messages"][0] == {"role": "user", "content": "Hi"}


def test_a_server_that_is_gone_and_one_that_is_loading(open_page):
    with FakeModelServer().running() as server:
        server.num_refusals = 1
        page = open_page(server.url, refusals=True)
        page.wait_for_selector("#banner:has-text('not ready yet')")
        page.wait_for_selector("#facts:has-text('tiny')")
        assert not page.is_visible("#banner [role=alert]")
    ask(page, "Anybody?")
    page.wait_for_selector("#chat-problem:has-text('does not answer')")


def test_a_model_that_cannot_chat_begins_with_code(server, open_page):
    server.meta |= {"stage": "code", "chat": False}
    page = open_page(server.url)
    page.wait_for_selector("#view-code:not([hidden])")
    page.click("#tab-chat")
    assert "has not learnt to chat" in page.inner_text("#welcome-text")


def test_everything_with_the_keyboard_alone(page, server):
    keyboard = page.keyboard
    page.wait_for_selector("#facts:has-text('6.51 million')")
    keyboard.press("?")
    assert page.is_visible("#shortcuts")
    keyboard.press("Escape")
    assert not page.is_visible("#shortcuts")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keyboard.press("Escape")
    keyboard.press("/")
    keyboard.type("What is / ?, p 12")
    server.say("A question.")
    keyboard.press("Enter")
    answers(page, 1)
    assert server.last_request["messages"][0]["content"] == "What is / ?, p 12"
    keyboard.press("ArrowUp")  # edit the last message
    keyboard.press("Control+a")
    keyboard.type("Again")
    server.say("Yes.")
    keyboard.press("Control+Enter")
    page.wait_for_selector(".is-assistant:has-text('Yes.')")
    keyboard.press("Escape")
    keyboard.press("p")
    assert page.is_checked("#probabilities")
    keyboard.press("2")
    assert page.evaluate("document.activeElement.id") == "code"
    keyboard.type("x = ")
    server.say("1")
    keyboard.press("Control+Enter")
    page.wait_for_selector("#code-status:has-text('1 token')")
    keyboard.press("Tab")
    assert page.input_value("#code") == "x = 1"
    keyboard.press("Escape")
    keyboard.press(",")
    assert not page.is_visible("#panel")
    page.focus("#tab-code")
    keyboard.press("ArrowLeft")
    assert page.is_visible("#view-chat")


def test_every_stop_of_the_tab_key_is_seen_and_has_a_name(page, server):
    page.click("#tools-section summary")
    page.check("#probabilities")
    server.say("Hello ", "you.")
    ask(page, "Hi")
    answers(page, 1)
    page.focus(".skip")
    seen = []
    for _ in range(60):
        page.keyboard.press("Tab")
        name, outline, described = page.evaluate(
            """() => {
                const one = document.activeElement, style = getComputedStyle(one);
                const around = getComputedStyle(one.parentElement);
                const name = one.getAttribute("aria-label") || [...(one.labels ?? [])].map((l) => l.textContent).join()
                    || one.textContent;
                const told = one.getAttribute("aria-describedby") ?? one.getAttribute("aria-controls") ?? "";
                return [one === document.body ? null : name.trim(),
                        style.outlineStyle !== "none" || around.outlineStyle !== "none",
                        told.split(" ").every((id) => !id || document.getElementById(id))];
            }"""
        )
        if name is None:
            break
        assert name, seen
        assert outline, name
        assert described, name
        seen.append(name)
    assert len(seen) > 30
    assert {"Send", "Message", "Temperature", "Tools as JSON", "Copy", "Chat"} <= set(seen)


LONG = "a" * 300


def test_no_sideways_scrolling_on_a_phone(server, open_page):
    server.name = "a-model-with-a-name-that-is-longer-than-any-telephone-is-wide"
    page = open_page(server.url, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)

    def fits() -> bool:
        return page.evaluate(
            "document.documentElement.scrollWidth <= 360 && [...document.querySelectorAll('button, select, textarea')]"
            ".every((one) => one.closest('pre, .editor, [hidden]') || one.getBoundingClientRect().right <= 360.5)"
        )

    assert fits()
    assert not page.is_visible("#panel")
    server.say(LONG, f"\n```\n{LONG}\n```\n", LONG)
    ask(page, LONG)
    answers(page, 1)
    server.replies.append(Reply(calls=[("get_" + LONG[:60], f'{{"a": "{LONG}"}}')]))
    ask(page, "call")
    page.wait_for_selector(".results")
    assert fits()
    page.click("#panel-toggle")
    assert page.is_visible("#panel")
    assert fits()
    assert page.evaluate("document.getElementById('main').inert")
    page.check("#probabilities")
    page.keyboard.press("Escape")
    assert not page.is_visible("#panel")
    server.say(LONG, LONG)
    ask(page, "tokens")
    answers(page, 3)
    page.locator(".token").first.tap()
    assert page.is_visible(".alternatives")
    assert page.evaluate("document.getElementById('alternatives').getBoundingClientRect().right <= 360")
    assert fits()
    page.click("#tab-code")
    page.fill("#code", LONG)
    server.say(LONG)
    page.click("#code-continue")
    page.wait_for_selector("#suggestion-actions:not([hidden])")
    assert fits()
    page.click("#help")
    assert fits()


def _luminance(colour: str) -> float:
    """Of `rgb(r, g, b)`. Source: https://www.w3.org/TR/WCAG22/#dfn-relative-luminance"""
    channels = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def test_light_and_dark_can_be_read(server, open_page):
    page = open_page(server.url, color_scheme="dark")
    server.say("Hello.")
    ask(page, "Hi")
    answers(page, 1)
    backgrounds = {}

    def look(name: str) -> None:
        colours = page.evaluate(
            """() => {
                const ground = (one) => {
                    const colour = getComputedStyle(one).backgroundColor;
                    return colour === "rgba(0, 0, 0, 0)" ? ground(one.parentElement) : colour;
                };
                return [...document.querySelectorAll("h2, h3, p, small, button, label, dt, dd, textarea, select")]
                    .filter((one) => one.checkVisibility() && one.textContent.trim())
                    .map((one) => [one.textContent.trim().slice(0, 30), getComputedStyle(one).color, ground(one)]);
            }"""
        )
        assert len(colours) > 40
        for text, ink, ground in colours:
            lighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (name, text, ink, ground)
        backgrounds[name] = _luminance(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    look("dark system")
    page.click("#theme")
    look("light chosen")
    page.emulate_media(color_scheme="light")
    page.click("#theme")
    page.reload()
    look("dark chosen")
    page.click("#theme")
    look("light system")
    assert backgrounds["dark system"] == backgrounds["dark chosen"] < 0.05
    assert backgrounds["light system"] == backgrounds["light chosen"] > 0.9


def test_nothing_moves_for_those_who_do_not_want_it(server, open_page):
    page = open_page(server.url, reduced_motion="reduce")
    server.say("a", "b", hold_after=2)
    ask(page, "Hi")
    page.wait_for_selector(".is-growing .body:has-text('a')")
    assert page.evaluate("document.getAnimations().length") == 0
    server.released.set()
    answers(page, 1)


def test_every_file_of_the_page_is_packaged():
    project = tomllib.loads((Path(codeling.__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["codeling"]
    names = [f"serve/page/{path.name}" for path in PAGE.iterdir()]
    assert "serve/page/index.html" in names
    assert [name for name in names if not any(fnmatch(name, pattern) for pattern in patterns)] == []
