"""The page as `codeling serve` gives it, with a real model behind it: random weights, real tokens."""

import pytest
from page_actions import answers, ask
from serve_running import running

from codeling.serve.config import ServeConfig

pytestmark = pytest.mark.slow  # a browser takes seconds to start


@pytest.fixture
def page(open_page, served):
    page = open_page(served.url)
    page.wait_for_selector("#facts dd")
    return page


def test_facts_chat_stop_and_probabilities(page, served):
    model = served.backend.model
    facts = page.inner_text("#facts")
    for fact in (model.name, "tools", f"{model.context} tokens", f"{model.tokenizer.vocab_size} tokens"):
        assert fact in facts
    page.fill("#sampling-max_tokens", "12")
    page.fill("#sampling-temperature", "0")
    ask(page, "Hello")
    answers(page, 1)
    assert "12 tokens" in page.inner_text(".is-assistant .speed")
    assert "ended at its limit" in page.inner_text(".is-assistant .foot")
    plain = page.inner_text(".is-assistant .body")
    page.check("#probabilities")
    page.get_by_role("button", name="Again").click()
    page.wait_for_selector(".token")
    answers(page, 1)
    tokens = page.locator(".tokens .token")
    assert tokens.count() == 12
    # The likeliest token was taken each time, so it is the first of its alternatives; greedy text does not change.
    labels = tokens.evaluate_all("(all) => all.map((one) => one.getAttribute('aria-label'))")
    for label in labels:
        chosen, _, rest = label.partition(". Likeliest here: ")
        assert rest.startswith(chosen.replace(", ", " ")), label
    if "‹" not in "".join(tokens.all_text_contents()):  # no token is a piece of a character
        shown = "".join(tokens.all_text_contents()).replace("↵", "")
        assert shown.split() == plain.split()
    page.fill("#sampling-max_tokens", "400")
    ask(page, "And now for long")
    page.wait_for_selector(".is-growing .token")
    page.keyboard.press("Escape")
    page.wait_for_selector(".is-assistant:has-text('You stopped it.')")


def test_a_tool_that_must_be_called_and_its_result(page):
    page.click("text=What is the weather in Oslo?")
    page.click("#tools-section summary")
    page.select_option("#tool-choice", "required")
    page.uncheck("#parallel-calls")
    page.press("#message", "Enter")
    page.wait_for_selector(".call")
    assert page.inner_text(".call-name") == "get_weather"
    page.fill(".results textarea", '{"celsius": 4}')
    page.select_option("#tool-choice", "none")
    page.fill("#sampling-max_tokens", "5")
    page.click(".results button")
    answers(page, 2)
    assert page.locator(".is-tool").inner_text().endswith('{"celsius": 4}')


def test_fill_in_and_a_prompt_that_is_too_long(open_page, served):
    page = open_page(served.url, refusals=True)
    page.click("#tab-code")
    page.fill("#sampling-max_tokens", "8")
    page.check("#probabilities")
    page.select_option("#code-examples", "Python: fill in a body")
    before = page.input_value("#code")
    page.keyboard.press("Control+Enter")
    page.wait_for_selector("#code-status:has-text('8 tokens'), #code-status:has-text('Nothing to add')")
    if page.is_visible("#suggestion-actions"):
        assert page.locator("#code-tokens .token").count() == 8
        suggestion = page.text_content(".ghost")
        page.keyboard.press("Tab")
        assert page.input_value("#code") == before.replace("\n    \n", f"\n    {suggestion}\n")
    page.fill("#code", "word " * 3000)
    page.click("#code-continue")
    page.wait_for_selector("#code-problem:has-text('longer than the model can read')")


def test_the_page_needs_no_key_but_the_model_does(open_page, tiny_checkpoint):
    with running(tiny_checkpoint, ServeConfig(api_key="secret-key")) as guarded:
        page = open_page(guarded.url, refusals=True)
        page.fill("#key", "secret-key")
        page.press("#key", "Enter")
        page.wait_for_selector(f"#facts:has-text('{guarded.backend.model.name}')")
        page.fill("#sampling-max_tokens", "3")
        ask(page, "Hello")
        answers(page, 1)
