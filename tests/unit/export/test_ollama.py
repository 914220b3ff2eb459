"""The Modelfile; its template, in Go's own engine where there is one, makes the prompts of the training."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from codeling.chat.messages import Message
from codeling.chat.render import render
from codeling.checkpoint import LoadedModel
from codeling.export.gguf_file import quantization_of
from codeling.export.ollama import FILES, template, write_ollama
from codeling.export.parity import CONVERSATIONS
from codeling.tools.schema import Tool


def test_the_folder(loaded: LoadedModel, tmp_path: Path) -> None:
    write_ollama(loaded, tmp_path / "m", name="m", quantization="Q8_0", temperature=0.5)
    assert {path.name for path in (tmp_path / "m").iterdir()} == FILES
    text = (tmp_path / "m" / "Modelfile").read_text()
    assert re.match(r'FROM \./model\.gguf\n\nTEMPLATE """.*"""\n\nPARAMETER temperature 0\.5\n', text, re.DOTALL)
    assert "PARAMETER num_ctx 256\n" in text and "PARAMETER stop <|im_end|>\n" in text
    assert quantization_of(tmp_path / "m" / "model.gguf") == "Q8_0"


@pytest.mark.parametrize(
    ("stage", "suffix", "tools"), [("language", False, False), ("code", True, False), ("tools", True, True)]
)
def test_ollama_is_told_of_those_abilities_only_that_were_trained(stage: str, suffix: bool, tools: bool) -> None:
    text = template({"stage": stage})
    assert (".Suffix" in text, ".Tools" in text, ".Messages" in text) == (suffix, tools, tools)
    opened = re.findall(r"\{\{-? (?:if|range) ", text)
    assert len(opened) == len(re.findall(r"\{\{-? end ", text))


@pytest.fixture(scope="session")
def go_template(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """``(values)`` to text; the values are what Ollama gives a template."""
    go = shutil.which("go") or shutil.which("go", path="/usr/lib/go-1.19/bin:/usr/local/go/bin")
    if go is None:
        pytest.skip("needs Go, whose templates Ollama uses")
    folder = tmp_path_factory.mktemp("go")
    source = Path(__file__).with_name("ollama_template.go")
    environment = {"HOME": str(folder), "GOPATH": str(folder), "GOCACHE": str(folder / "cache"), "GOFLAGS": "-mod=mod"}
    subprocess.run([go, "build", "-o", folder / "render", source], check=True, env=environment, cwd=folder)

    def rendered(**values: Any) -> str:
        request = json.dumps({"Template": template({"stage": "tools"})} | values)
        return subprocess.run([folder / "render"], input=request, capture_output=True, text=True, check=True).stdout

    return rendered


def as_ollama(messages: list[Message], tools: list[Tool]) -> dict[str, Any]:
    """System messages also stand together in System, as Ollama puts them."""
    return {
        "System": "\n\n".join(message.content for message in messages if message.role == "system"),
        "Messages": [
            {
                "Role": message.role,
                "Content": message.content,
                "ToolCalls": [{"Function": {"Name": c.name, "Arguments": c.arguments}} for c in message.tool_calls],
            }
            for message in messages
        ],
        "Tools": [
            {"Function": {"Name": tool.name, "Description": tool.description, "Parameters": tool.parameters}}
            for tool in tools
        ],
    }


def without_spelling(text: str) -> list[Any]:
    """Lines, those of JSON as their values: how JSON is spaced, escaped and ordered is Go's."""
    return [json.loads(line) if line.startswith('{"') else line for line in text.split("\n")]


def test_chats(go_template: Callable[..., str]) -> None:
    for messages, tools in CONVERSATIONS:
        ours = render(messages, tools, add_generation_prompt=True)
        assert without_spelling(go_template(**as_ollama(list(messages), list(tools)))) == without_spelling(ours)


def test_an_unfinished_reply_is_gone_on_with(go_template: Callable[..., str]) -> None:
    messages = [Message("user", "Hi"), Message("assistant", "Good")]
    assert go_template(**as_ollama(messages, [])) == render(messages).removesuffix("<|im_end|>\n")


def test_fill_in_the_middle_and_plain_prompts(go_template: Callable[..., str]) -> None:
    fim = go_template(Prompt="a = ", Suffix="\n")
    assert fim == "<|fim_prefix|>a = <|fim_suffix|>\n<|fim_middle|>"
    assert go_template(Prompt="a = ") == "a = "
