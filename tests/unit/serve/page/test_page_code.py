"""Writing code, and token probabilities, in a real browser with a model whose words are chosen."""

import pytest
from page_actions import answers, ask

pytestmark = pytest.mark.slow

CODE = "def add(a, b):\n    return \n\nprint(add(1, 2))\n"
CURSOR = CODE.index("return ") + len("return ")


@pytest.fixture
def code_page(page):
    page.click("#tab-code")
    page.fill("#code", CODE)
    page.focus("#code")
    page.evaluate(f"document.getElementById('code').setSelectionRange({CURSOR}, {CURSOR})")
    return page


def suggestion(page) -> str:
    """The suggestion that is shown, once it is whole."""
    page.wait_for_selector("#code-status:has-text('token')")
    return page.text_content(".ghost")


def test_fill_in_is_shown_and_becomes_text_with_tab(code_page, server):
    page = code_page
    server.say("a", " + b", hold_after=1)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".ghost:has-text('a')")  # before the answer is whole
    server.released.set()
    assert suggestion(page) == "a + b"
    path, request = server.requests[0]
    assert path == "/v1/completions"
    assert (request["prompt"], request["suffix"]) == (CODE[:CURSOR], CODE[CURSOR:])
    assert page.input_value("#code") == CODE
    assert page.inner_text(".editor-layer").startswith("def add(a, b):\n    return a + b\n\nprint")
    page.keyboard.press("Tab")
    assert page.input_value("#code") == CODE[:CURSOR] + "a + b" + CODE[CURSOR:]
    assert page.evaluate("document.activeElement.id") == "code"
    page.keyboard.press("Control+z")
    assert page.input_value("#code") == CODE
    page.keyboard.press("Tab")  # nothing is suggested any more: on to the next thing
    assert page.evaluate("document.activeElement.id") != "code"


@pytest.mark.parametrize("way", ["Escape", "typing", "button"])
def test_a_suggestion_can_be_refused_while_it_comes(code_page, server, way):
    page = code_page
    server.say("wrong", "never", hold_after=1)
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".ghost:has-text('wrong')")
    {
        "Escape": lambda: page.keyboard.press("Escape"),
        "typing": lambda: page.keyboard.type("x"),
        "button": lambda: page.click("#code-discard"),
    }[way]()
    assert page.input_value("#code") == CODE[:CURSOR] + ("x" if way == "typing" else "") + CODE[CURSOR:]
    assert page.text_content(".ghost") == ""
    assert not page.is_visible("#suggestion-actions")
    assert server.client_left.wait(20)


def test_what_is_selected_is_replaced_word_by_word(code_page, server):
    page = code_page
    start = CODE.index("add(1, 2)")
    page.evaluate(f"document.getElementById('code').setSelectionRange({start}, {start + len('add(1, 2)')})")
    server.say("add(", "3, 4", ")")
    page.click("#code-fill")
    assert suggestion(page) == "add(3, 4)"
    assert (server.last_request["prompt"], server.last_request["suffix"]) == (CODE[:start], ")\n")
    page.keyboard.press("Control+ArrowRight")
    assert page.input_value("#code") == CODE[:start] + "add" + ")\n"
    assert page.text_content(".ghost") == "(3, 4)"
    page.keyboard.press("Tab")
    assert page.input_value("#code") == CODE[:start] + "add(3, 4)" + ")\n"


def test_escape_gives_the_selection_back(code_page, server):
    page = code_page
    page.evaluate("document.getElementById('code').setSelectionRange(4, 7)")
    server.say("sum")
    page.keyboard.press("Control+Enter")
    assert suggestion(page) == "sum"
    page.keyboard.press("Escape")
    assert page.evaluate("document.getElementById('code').selectionStart") == 4
    assert page.evaluate("document.getElementById('code').selectionEnd") == 7


def test_continue_at_the_end_and_nothing_to_add(code_page, server):
    page = code_page
    server.say("# end", finish="length")
    page.keyboard.press("Control+Shift+Enter")
    assert suggestion(page) == "# end"
    assert "ended at its limit" in page.inner_text("#code-status")
    assert server.last_request["prompt"] == CODE
    assert "suffix" not in server.last_request
    page.keyboard.press("Tab")
    assert page.input_value("#code") == CODE + "# end"
    server.say("\n")
    page.keyboard.press("Control+Shift+Enter")
    page.wait_for_selector("#code-status:has-text('Nothing to add')")
    assert not page.is_visible("#suggestion-actions")
    page.reload()
    assert page.input_value("#code") == CODE + "# end"


def test_an_example_puts_the_cursor_where_something_is_missing(page, server):
    page.click("#tab-code")
    page.select_option("#code-examples", "Bash: fill in a loop")
    server.say('mv "$file" "${file%.txt}.md"')
    page.keyboard.press("Control+Enter")
    assert suggestion(page).startswith("mv")
    assert server.last_request["prompt"].endswith("do\n    ")
    assert server.last_request["suffix"] == "\ndone\n"


def test_ghost_and_text_lie_exactly_on_each_other(code_page, server):
    page = code_page
    server.say("a + b")
    page.keyboard.press("Control+Enter")
    suggestion(page)
    both = page.evaluate(
        """() => ["pre", "textarea"].map((name) => {
            const element = document.querySelector("#editor > " + name), style = getComputedStyle(element);
            const { left, top } = element.getBoundingClientRect();
            return [left, top, style.paddingLeft, style.paddingTop, style.font, style.letterSpacing, style.tabSize,
                    style.whiteSpace];
        })"""
    )
    assert both[0] == both[1]


@pytest.mark.parametrize("view", ["chat", "code"])
def test_token_probabilities(page, server, view):
    pieces = ["if", " x", "\n", "    ", "return", " y", ";"]
    page.check("#probabilities")
    server.say(*pieces)
    if view == "chat":
        ask(page, "Write")
        answers(page, 1)
        assert (server.last_request["logprobs"], server.last_request["top_logprobs"]) == (True, 5)
    else:
        page.click("#tab-code")
        page.click("#code-fill")
        suggestion(page)
        assert server.last_request["logprobs"] == 5
    tokens = page.locator(".tokens .token")
    assert "".join(tokens.all_text_contents()).replace("↵", "") == "".join(pieces)
    levels = tokens.evaluate_all("(all) => all.map((one) => one.dataset.level)")
    assert levels == ["0", "1", "2", "3", "4", "5", "0"]
    colours = tokens.evaluate_all("(all) => all.map((one) => getComputedStyle(one).backgroundColor)")
    assert len(set(colours)) == 6
    tokens.nth(1).hover()
    assert page.inner_text(".alternatives").split() == [
        "␣x",
        "70",
        "%",
        "␣x",
        "70",
        "%",
        "␣other",
        "3.0",
        "%",
        "↵",
        "1.0",
        "%",
    ]
    # Without a pointer: one stop for Tab, arrows within.
    tokens.nth(0).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')").startswith("↵, 40 %. Likeliest here: ")
    assert page.is_visible(".alternatives")
    page.keyboard.press("End")
    assert page.inner_text(".alternatives .chosen") == "; 95 %"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") != "token"
    assert not page.is_visible(".alternatives")
