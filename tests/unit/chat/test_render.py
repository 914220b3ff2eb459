"""Our format and the template that ships with the tokenizer are one."""

import gzip
import itertools
import json
from pathlib import Path
from typing import Any

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_conversations import conversations

from codeling.chat.conversation import Conversation
from codeling.chat.messages import Message
from codeling.chat.render import render
from codeling.tokenizer.training import chat_template
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

DATA = Path(__file__).parents[3] / "../shared/data"

ADD = Tool("add", "Add two numbers", {"type": "object", "properties": {"a": {"type": "number"}}})
CONVERSATION = Conversation(
    (
        Message("system", "Be brief."),
        Message("user", "What is 1 + 2, and 3 + 4?"),
        Message("assistant", "Let me see.", (ToolCall("add", {"a": 1, "b": 2}), ToolCall("add", {"a": 3, "b": 4}))),
        Message("tool", "3"),
        Message("tool", "7"),
        Message("assistant", "3 and 7."),
    ),
    (ADD,),
)
EXPECTED = """<|im_start|>system
Be brief.
<tools>
{"name": "add", "description": "Add two numbers", "parameters": {"type": "object", "properties": {"a": {"type": "number"}}}}
</tools><|im_end|>
<|im_start|>user
What is 1 + 2, and 3 + 4?<|im_end|>
<|im_start|>assistant
Let me see.
<tool_call>
{"name": "add", "arguments": {"a": 1, "b": 2}}
</tool_call>
<tool_call>
{"name": "add", "arguments": {"a": 3, "b": 4}}
</tool_call><|im_end|>
<|im_start|>user
<tool_response>
3
</tool_response>
<tool_response>
7
</tool_response><|im_end|>
<|im_start|>assistant
3 and 7.<|im_end|>
"""  # noqa: E501


@pytest.fixture(scope="module")
def template() -> jinja2.Template:
    environment = jinja2.Environment()
    # jinja2's own tojson escapes for HTML and sorts keys; every reader of chat templates replaces it by this.
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    return environment.from_string(chat_template())


@pytest.fixture(scope="module")
def auto(chat_tokenizer_folder: Path) -> Any:
    transformers = pytest.importorskip("transformers", reason="transformers is a development dependency")
    return transformers.AutoTokenizer.from_pretrained(chat_tokenizer_folder)


def test_the_format():
    assert render(CONVERSATION.messages, CONVERSATION.tools) == EXPECTED


def test_without_a_system_message_the_tools_stand_alone():
    text = render([Message("user", "Hi")], [ADD, Tool("now")])
    assert text.startswith('<|im_start|>system\n<tools>\n{"name": "add", ')
    assert '\n{"name": "now", "description": "", "parameters": {"type": "object", "properties": {}}}\n</tools>' in text


@given(conversation=conversations(), prompt=st.booleans())
def test_the_template_renders_the_same(template: jinja2.Template, conversation: Conversation, prompt: bool):
    ours = render(conversation.messages, conversation.tools, add_generation_prompt=prompt)
    assert template.render(**conversation.to_openai(), add_generation_prompt=prompt) == ours


@given(conversation=conversations(), prompt=st.booleans())
def test_transformers_renders_the_same(auto: Any, conversation: Conversation, prompt: bool):
    ours = render(conversation.messages, conversation.tools, add_generation_prompt=prompt)
    values = conversation.to_openai()
    theirs = auto.apply_chat_template(
        values["messages"], tools=values.get("tools"), add_generation_prompt=prompt, tokenize=False
    )
    assert theirs == ours


@given(conversation=conversations())
def test_shapes_that_clients_send_render_the_same(template: jinja2.Template, conversation: Conversation):
    """Bare functions, arguments as objects, text in parts, null: what ``from_openai`` reads, the template reads."""
    values = conversation.to_openai()
    values["tools"] = [tool["function"] for tool in values.get("tools", [])]
    for message in values["messages"]:
        message["content"] = [{"type": "text", "text": message["content"]}] if message["content"] else None
        message["tool_calls"] = [
            {"name": call["function"]["name"], "arguments": json.loads(call["function"]["arguments"])}
            for call in message.get("tool_calls", [])
        ]
    read = Conversation.from_openai(values)
    assert template.render(**values) == render(read.messages, read.tools)
    assert render(read.messages, read.tools) == render(conversation.messages, conversation.tools)


@given(conversations(), st.data())
def test_a_growing_conversation_only_appends(conversation: Conversation, data: st.DataObject):
    """A prefix cache and training on all turns at once rest on this. Results close their turn together."""
    messages = conversation.messages
    ends = [i for i in range(1, len(messages) + 1) if not all(m.role == "tool" for m in messages[i - 1 : i + 1])]
    end = data.draw(st.sampled_from([*ends, len(messages)]))
    before = render(messages[:end], conversation.tools)
    assert render(messages, conversation.tools).startswith(before)
    assert render(messages[:end], conversation.tools, add_generation_prompt=True) == before + "<|im_start|>assistant\n"


@pytest.mark.parametrize("name", ["stage3_glaive_tools", "stage3_sgd_tools_valid"])
def test_real_conversations_render_the_same(template: jinja2.Template, name: str):
    path = DATA / f"{name}.jsonl.gz"
    if not path.exists():
        pytest.skip(f"{path} is not here; it lies beside the project in ../shared/data")
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in itertools.islice(lines, 300)]
    assert rows
    for row in rows:
        conversation = Conversation.from_openai(row)
        ours = render(conversation.messages, conversation.tools)
        assert template.render(messages=row["messages"], tools=row["tools"]) == ours
        assert Conversation.from_openai(conversation.to_openai()) == conversation
