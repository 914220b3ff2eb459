"""The chat, in a real browser, with a model whose words are chosen."""

import json

import pytest
from fake_model_server import Reply
from page_actions import answers, ask, texts

from codeling.chat.conversation import Conversation

pytestmark = pytest.mark.slow  # a browser takes seconds to start

NASTY = '<script>window.broken = true</script><img src=x onerror="window.broken = true"><b>bold</b> &amp;'


def test_an_answer_appears_while_it_is_written(page, server):
    server.say("First ", "second ", "third.", hold_after=3)
    ask(page, "Count")
    page.wait_for_selector(".is-assistant.is-growing .body:has-text('First second')")
    assert "third" not in page.inner_text(".is-assistant")
    server.released.set()
    page.wait_for_selector(".is-assistant:not(.is-growing) .body:has-text('third.')")
    assert "3 tokens" in page.inner_text(".is-assistant .speed")
    assert "23 of 512" in page.inner_text(".is-assistant .speed")
    assert "3 tokens" in page.inner_text("#facts")
    path, request = server.requests[0]
    assert path == "/v1/chat/completions"
    assert request == {
        "model": "tiny",
        "messages": [{"role": "user", "content": "Count"}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


@pytest.mark.parametrize("way", ["button", "Escape"])
def test_stopping_ends_the_request_and_keeps_what_came(page, server, way):
    server.say("begun ", "never", hold_after=2)
    ask(page, "Go")
    page.wait_for_selector(".is-growing .body:has-text('begun')")
    page.click("#chat-stop") if way == "button" else page.keyboard.press("Escape")
    page.wait_for_selector(".is-assistant:has-text('You stopped it.')")
    assert server.client_left.wait(20)
    server.say("again")
    ask(page, "More")
    answers(page, 2)
    assert [m["content"] for m in server.last_request["messages"]] == ["Go", "begun ", "More"]


def test_nothing_that_anybody_wrote_is_read_as_html(server, open_page):
    server.name = NASTY
    page = open_page(server.url)
    server.say(NASTY, "\n```html\n", NASTY, "\n```\n", f"`{NASTY}`")
    ask(page, NASTY)
    answers(page, 1)
    server.replies.append(Reply(calls=[(NASTY, json.dumps({NASTY: NASTY}))]))
    ask(page, "call")
    page.wait_for_selector(".results")
    assert page.inner_text(".is-user .body") == NASTY
    assert page.inner_text(".is-assistant .code-block pre") == NASTY
    assert page.inner_text(".call-name") == NASTY
    assert page.inner_text("#model-name") == NASTY
    assert page.locator("main script, main img, main b").count() == 0
    assert page.evaluate("window.broken") is None


def test_markup_in_a_refusal_and_in_tokens_is_text(server, open_page):
    page = open_page(server.url, refusals=True)
    page.check("#probabilities")
    server.say(NASTY, NASTY)
    ask(page, "Hi")
    answers(page, 1)
    page.hover(".token")
    server.replies.append(Reply(status=400, error={"message": NASTY}))
    ask(page, "Hi")
    assert page.inner_text("#chat-problem .said") == NASTY
    assert page.locator("main script, main img, main b, .alternatives b").count() == 0
    assert page.evaluate("window.broken") is None


def test_a_tool_call_its_result_and_the_answer(page, server):
    page.click("#tools-section summary")
    page.select_option("#tool-examples", "Weather")
    assert "get_weather" in page.inner_text("#tools-status")
    server.replies.append(Reply(calls=[("get_weather", '{"city":"Oslo"}'), ("get_weather", '{"city":"Rome"}')]))
    ask(page, "Weather in Oslo and Rome?")
    page.wait_for_selector(".results")
    assert page.locator(".call pre").first.inner_text() == '{\n  "city": "Oslo"\n}'
    assert page.locator(".call-name").all_inner_texts() == ["get_weather", "get_weather"]
    offered = server.last_request
    assert offered["tools"][0]["function"]["name"] == "get_weather"
    assert (offered["tool_choice"], offered["parallel_tool_calls"]) == ("auto", True)
    server.say("7 and 19 degrees.")
    results = page.locator(".results textarea")
    results.nth(0).fill('{"celsius": 7}')
    results.nth(1).fill("19")
    page.click(".results button")
    answers(page, 2)
    messages = server.last_request["messages"]
    assert [m["role"] for m in messages] == ["user", "assistant", "tool", "tool"]
    assert [call["id"] for call in messages[1]["tool_calls"]] == ["call_0", "call_1"]
    assert [(m["tool_call_id"], m["content"]) for m in messages[2:]] == [("call_0", '{"celsius": 7}'), ("call_1", "19")]
    assert page.locator(".results").count() == 0
    Conversation.from_openai({"messages": messages, "tools": offered["tools"]})


def test_tools_that_cannot_be_read_are_said_and_not_sent(page, server):
    page.click("#tools-section summary")
    for text, wrong in [
        ("[{", "not JSON"),
        ('{"name": "two words"}', 'tool 1 needs a "name"'),
        ('[{"name": "a"}, {"name": "a"}]', "two tools have the name a"),
        ('{"name": "a", "parameters": []}', "no JSON Schema"),
    ]:
        page.fill("#tools", text)
        assert wrong in page.inner_text("#tools-status")
    ask(page, "Hi")
    assert "cannot be offered" in page.inner_text("#chat-problem")
    assert server.requests == []
    # A bare function will do, and one tool can be demanded by name.
    page.fill("#tools", '{"name": "look", "parameters": {"type": "object"}}')
    page.select_option("#tool-choice", "tool:look")
    server.say("ok")
    page.click("#chat-problem button:has-text('Try again')")
    answers(page, 1)
    assert server.last_request["tools"] == [
        {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}
    ]
    assert server.last_request["tool_choice"] == {"type": "function", "function": {"name": "look"}}


def test_edit_again_and_go_on(page, server):
    for text in ("one", "two"):
        server.say(f"answer {text}")
        ask(page, text)
        answers(page, 1 if text == "one" else 2)
    server.say("another")
    page.locator(".is-assistant").last.get_by_role("button", name="Again").click()
    page.wait_for_selector(".is-assistant .speed >> nth=1")
    page.wait_for_selector(".is-assistant:has-text('another')")
    assert [m["content"] for m in server.last_request["messages"]] == ["one", "answer one", "two"]
    server.say(" and more")
    page.get_by_role("button", name="Go on").click()
    page.wait_for_selector(".is-assistant:has-text('another and more')")
    assert server.last_request["messages"][-1] == {"role": "assistant", "content": "another"}
    server.say("answer 1")
    page.locator(".is-user").first.get_by_role("button", name="Edit").click()
    page.fill(".edit", "uno")
    page.press(".edit", "Control+Enter")
    page.wait_for_selector(".is-assistant:has-text('answer 1')")
    assert server.last_request["messages"] == [{"role": "user", "content": "uno"}]
    assert texts(page) == ["uno", "answer 1"]
    page.locator(".is-assistant").get_by_role("button", name="Edit").click()
    page.fill(".edit", "mended")
    page.get_by_role("button", name="Keep").click()
    server.say("ok")
    ask(page, "so?")
    answers(page, 1)
    assert [m["content"] for m in server.last_request["messages"]] == ["uno", "mended", "so?"]


def test_a_conversation_survives_a_reload_until_it_is_reset(page, server):
    page.fill("#system", "Be brief.")
    server.say("Hello.")
    ask(page, "Hi")
    answers(page, 1)
    assert server.last_request["messages"][0] == {"role": "system", "content": "Be brief."}
    page.reload()
    assert texts(page) == ["Hi", "Hello."]
    ask(page, "/reset")
    assert page.locator(".entry").count() == 0
    assert page.is_visible("#welcome")
    page.reload()
    assert page.locator(".entry").count() == 0
    assert page.input_value("#system") == "Be brief."
    assert len(server.requests) == 1


def test_save_and_open(page, server, tmp_path):
    page.fill("#system", "Be kind.")
    page.click("text=What is the weather in Oslo?")
    server.replies.append(Reply(calls=[("get_weather", '{"city": "Oslo"}')]))
    page.press("#message", "Enter")
    page.wait_for_selector(".results")
    server.say("Cold.")
    page.fill(".results textarea", "-3")
    page.press(".results textarea", "Control+Enter")
    answers(page, 2)
    with page.expect_download() as download:
        ask(page, "/save")
    path = tmp_path / "conversation.json"
    download.value.save_as(path)
    value = json.loads(path.read_text(encoding="utf-8"))
    conversation = Conversation.from_openai(value)
    assert [m.role for m in conversation.messages] == ["system", "user", "assistant", "tool", "assistant"]
    assert conversation.problems() == []
    page.click("#chat-reset")
    page.fill("#system", "")
    page.set_input_files("#chat-file", path)
    page.wait_for_selector(".is-assistant:has-text('Cold.')")
    assert page.input_value("#system") == "Be kind."
    with page.expect_download() as download:
        page.click("#chat-save")
    download.value.save_as(path)
    assert json.loads(path.read_text(encoding="utf-8")) == value
    page.set_input_files("#chat-file", {"name": "x.json", "mimeType": "application/json", "buffer": b'{"a": 1}'})
    page.wait_for_selector("#chat-problem:has-text('no list')")  # the file is read in its own time
    assert page.locator(".entry").count() == 4


def test_code_in_an_answer_can_be_copied(open_page, server):
    page = open_page(server.url, permissions=["clipboard-read", "clipboard-write"])
    server.say("Try `ls`:\n\n```ba", "sh\nls -l\n", "pwd\n```\n", "Done.")
    ask(page, "How?")
    answers(page, 1)
    assert page.inner_text(".code-block figcaption span") == "bash"
    assert page.inner_text(".is-assistant p code") == "ls"
    page.click(".code-block button")
    page.wait_for_selector(".code-block button:has-text('Copied')")
    assert page.evaluate("navigator.clipboard.readText()") == "ls -l\npwd"


def test_sampling_is_sent_and_remembered(page, server):
    page.fill("#sampling-temperature", "0.25")
    page.fill("#sampling-top_k", "40")
    page.fill("#sampling-seed", "7")
    page.fill("#sampling-top_p", "1.5")
    assert "not sent" in page.inner_text("#sampling-top_p-hint")
    page.fill("#sampling-stop", "END\n\\n\\n")
    page.reload()
    server.say("ok")
    ask(page, "Hi")
    answers(page, 1)
    request = server.last_request
    assert (request["temperature"], request["top_k"], request["seed"]) == (0.25, 40, 7)
    assert request["stop"] == ["END", "\n\n"]
    assert "top_p" not in request
    page.click("#sampling-defaults")
    page.reload()
    assert page.input_value("#sampling-temperature") == ""
