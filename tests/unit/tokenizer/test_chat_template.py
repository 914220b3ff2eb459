"""The folder in other people's hands: `transformers` and the chat template."""

import json
import shutil
from pathlib import Path
from typing import Any

import jinja2
import pytest

from codeling.tokenizer import special
from codeling.tokenizer.bpe import Tokenizer
from codeling.tokenizer.training import chat_template

TOOL = {
    "type": "function",
    "function": {
        "name": "list_files",
        "description": 'List "files" <here>',
        "parameters": {"type": "object", "properties": {"path": {"type": "string"}}},
    },
}
CONVERSATION: list[dict[str, Any]] = [
    {"role": "system", "content": "Be brief."},
    {"role": "user", "content": "What is in /é?"},
    {
        "role": "assistant",
        "content": None,
        "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "list_files", "arguments": {"path": "/é"}}},
            {"id": "b", "type": "function", "function": {"name": "list_files", "arguments": '{"path": "/"}'}},
        ],
    },
    {"role": "tool", "tool_call_id": "a", "content": "x.py"},
    {"role": "tool", "tool_call_id": "b", "content": ""},
    {"role": "assistant", "content": [{"type": "text", "text": "Only "}, {"type": "text", "text": "x.py."}]},
]
EXPECTED = """<|im_start|>system
Be brief.
<tools>
{"name": "list_files", "description": "List \\"files\\" <here>", \
"parameters": {"type": "object", "properties": {"path": {"type": "string"}}}}
</tools><|im_end|>
<|im_start|>user
What is in /é?<|im_end|>
<|im_start|>assistant
<tool_call>
{"name": "list_files", "arguments": {"path": "/é"}}
</tool_call>
<tool_call>
{"name": "list_files", "arguments": {"path": "/"}}
</tool_call><|im_end|>
<|im_start|>user
<tool_response>
x.py
</tool_response>
<tool_response>

</tool_response><|im_end|>
<|im_start|>assistant
Only x.py.<|im_end|>
"""


def render(messages: list[dict[str, Any]], **values: Any) -> str:
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined)
    environment.filters["tojson"] = lambda value: json.dumps(value, ensure_ascii=False)
    values = {"tools": None, "add_generation_prompt": False} | values
    # StrictUndefined also rejects a missing key, which OpenAI's message shapes allow: fill it in as null.
    messages = [{"tool_calls": None} | message for message in messages]
    return environment.from_string(chat_template()).render(messages=messages, **values)


@pytest.fixture(scope="module", params=["tokenizer alone", "beside a Qwen3 model"])
def auto(request: pytest.FixtureRequest, tokenizer_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    transformers = pytest.importorskip("transformers", reason="transformers is a development dependency")
    folder = tmp_path_factory.mktemp("model")
    shutil.copytree(tokenizer_folder, folder, dirs_exist_ok=True)
    if "Qwen3" in request.param:
        (folder / "config.json").write_text('{"model_type": "qwen3", "architectures": ["Qwen3ForCausalLM"]}')
    return transformers.AutoTokenizer.from_pretrained(folder)


def test_transformers_gives_the_same_ids(auto: Any, tokenizer: Tokenizer, corpus: list[str]):
    assert len(auto) == tokenizer.vocab_size
    for text in [*corpus, f"{''.join(special.SPECIAL_TOKENS)} {''.join(special.ADDED_TOKENS)} e\u0301 ﬁ Å  "]:
        ids = auto(text)["input_ids"]
        assert ids == tokenizer.encode_with_special(text)
        assert auto.decode(ids) == text


def test_transformers_knows_the_roles_of_the_special_tokens(auto: Any, tokenizer: Tokenizer):
    assert auto.eos_token_id == tokenizer.end_of_text
    assert auto.pad_token_id == tokenizer.token_id(special.FIM_PAD)
    assert auto.bos_token is None and auto.unk_token is None
    assert set(auto.all_special_tokens) == set(special.SPECIAL_TOKENS)
    # Tool calls are part of the answer and must survive skip_special_tokens.
    ids = tokenizer.encode_with_special("<tool_call>x</tool_call><|im_end|>")
    assert auto.decode(ids, skip_special_tokens=True) == "<tool_call>x</tool_call>"


def test_the_whole_conversation(auto: Any, tokenizer: Tokenizer):
    assert auto.apply_chat_template(CONVERSATION, tools=[TOOL], tokenize=False) == EXPECTED
    assert render(CONVERSATION, tools=[TOOL]) == EXPECTED
    ids = auto.apply_chat_template(CONVERSATION, tools=[TOOL], tokenize=True, return_dict=True)["input_ids"]
    assert ids == tokenizer.encode_with_special(EXPECTED)


def test_the_generation_prompt_continues_the_text():
    for end in range(1, len(CONVERSATION) + 1):
        text = render(CONVERSATION[:end])
        assert render(CONVERSATION[:end], add_generation_prompt=True) == text + "<|im_start|>assistant\n"


def test_a_growing_conversation_only_appends():
    """A prefix cache and multi-turn training rest on this; results of several tools close one user turn together."""
    whole = render(CONVERSATION, tools=[TOOL])
    for end in (1, 2, 3, 5, 6):
        assert whole.startswith(render(CONVERSATION[:end], tools=[TOOL]))


def test_system_prompts():
    user = {"role": "user", "content": "hi"}
    turn = "<|im_start|>user\nhi<|im_end|>\n"
    assert render([user]) == turn
    for role in ("system", "developer"):
        assert render([{"role": role, "content": "S"}, user]) == f"<|im_start|>system\nS<|im_end|>\n{turn}"
        assert render([user, {"role": role, "content": "S"}]) == f"{turn}<|im_start|>system\nS<|im_end|>\n"
    with_tools = render([user], tools=[TOOL])
    assert with_tools.startswith("<|im_start|>system\n<tools>\n") and with_tools.endswith(turn)


def test_text_before_a_call_and_a_call_without_arguments():
    message = {
        "role": "assistant",
        "content": "Let me look.",
        "tool_calls": [{"function": {"name": "now", "arguments": ""}}],
    }
    expected = (
        '<|im_start|>assistant\nLet me look.\n<tool_call>\n{"name": "now", "arguments": {}}\n</tool_call><|im_end|>\n'
    )
    assert render([message]) == expected
