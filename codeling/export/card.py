"""The model card, README.md of an export, filled in from what the checkpoint knows about itself.

What a checkpoint does not say (one that was made before Codeling recorded it, say) is called not recorded; nothing is
guessed. A card shows the prompts of those abilities only that the model's stages trained.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from codeling.chat.messages import Message
from codeling.chat.render import render
from codeling.checkpoint import LoadedModel
from codeling.export.shapes import shape_of
from codeling.tokenizer.special import FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX
from codeling.tools.calls import ToolCall
from codeling.tools.schema import Tool

_METRICS = {
    "val_bits_per_byte": "bits per byte, validation",
    "val_loss": "loss (nats per token), validation",
    "best_val_loss": "best loss, validation",
    "train_loss": "loss, training",
}
_WEATHER = Tool(
    "get_weather",
    "Current weather in a city",
    {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
)
_CONVERSATION = (
    Message("user", "What is the weather in Oslo?"),
    Message("assistant", "", (ToolCall("get_weather", {"city": "Oslo"}),)),
    Message("tool", '{"temperature_c": 4, "sky": "clear"}'),
)


def fills_in(info: Mapping[str, Any]) -> bool:
    """Whether the model has learned to fill in the middle: from stage code on."""
    return info.get("stage") != "language"


def chats(info: Mapping[str, Any]) -> bool:
    """Whether the model has learned conversations and tool calls: from stage tools on."""
    return info.get("stage") not in ("language", "code")


def model_card(loaded: LoadedModel, *, name: str) -> str:
    """The text of README.md."""
    info = loaded.info
    tags = ["codeling", "code"] + ["fill-in-the-middle"] * fills_in(info) + ["tool-calling"] * chats(info)
    sections = [
        _front_matter(tags),
        f"# {name}\n\nA language model for code, trained from scratch with Codeling. Last stage: {_stage(info)}.",
        _facts(loaded),
        _training(info),
        _usage(name, info),
        _limits(loaded),
    ]
    return "\n\n".join(sections) + "\n"


def _front_matter(tags: Iterable[str]) -> str:
    lines = ["---", "library_name: transformers", "pipeline_tag: text-generation", "tags:"]
    return "\n".join([*lines, *(f"- {tag}" for tag in tags), "---"])


def _stage(info: Mapping[str, Any]) -> str:
    return f"`{info.get('stage', 'not recorded')}`"


def _facts(loaded: LoadedModel) -> str:
    config = loaded.model.config
    return "## The model\n\n" + _table(
        ("", ""),
        [
            ("Shape", f"`{shape_of(config).hugging_face_class}`"),
            ("Parameters", f"{loaded.model.num_parameters():,}"),
            ("Layers, width", f"{config.num_layers}, {config.d_model:,}"),
            ("Heads (of keys and values)", f"{config.num_heads} ({config.num_kv_heads})"),
            ("Context", f"{config.max_sequence_length:,} tokens"),
            ("Vocabulary", f"{config.vocab_size:,} tokens, byte-level BPE, lossless on any bytes"),
            ("Tokenizer's SHA-256", f"`{loaded.tokenizer.content_hash}`"),
        ],
    )


def _training(info: Mapping[str, Any]) -> str:
    parts = ["## Training"]
    for stage in (*(info.get("earlier") or ()), info):
        parts += [f"### Stage {_stage(stage)}", _run(stage), _sources(stage)]
    parts.append(
        "The licences are those that the sources state. Whoever publishes these weights chooses a licence for them, "
        "with those of the data in mind."
    )
    return "\n\n".join(parts)


def _run(stage: Mapping[str, Any]) -> str:
    rows = [(meaning, f"{stage[key]:,}") for key, meaning in (("step", "steps"), ("tokens", "tokens")) if key in stage]
    metrics = stage.get("metrics") or {}
    rows += [(text, f"{metrics[key]:.4g}") for key, text in _METRICS.items() if metrics.get(key) is not None]
    return _table(("Measure", "Value"), rows) if rows else "Length and losses: not recorded."


def _sources(stage: Mapping[str, Any]) -> str:
    data = stage.get("data") or {}
    sources = data.get("sources") or []
    if not sources:
        return "Data: not recorded in the checkpoint."
    head = ("Data", "Language", "Licence", "Documents", "Tokens")
    rows = [
        (row["source"] or "-", row["language"], row["licence"], f"{row['documents']:,}", f"{row['tokens']:,}")
        for row in sources
    ]
    return _table(head, rows)


def _usage(name: str, info: Mapping[str, Any]) -> str:
    parts = [
        "## Use",
        "```python\n"
        "from transformers import AutoModelForCausalLM, AutoTokenizer\n\n"
        f'model = AutoModelForCausalLM.from_pretrained("{name}")  # this folder\n'
        f'tokenizer = AutoTokenizer.from_pretrained("{name}")\n'
        'inputs = tokenizer("def fibonacci(n):", return_tensors="pt")\n'
        "print(tokenizer.decode(model.generate(**inputs, max_new_tokens=64)[0]))\n"
        "```",
    ]
    if fills_in(info):
        parts += [
            "### Fill in the middle",
            "The model writes what belongs between prefix and suffix:",
            "```python\n"
            f'prefix, suffix = "def add(a, b):\\n    return ", "\\n\\nprint(add(1, 2))\\n"\n'
            f'prompt = "{FIM_PREFIX}" + prefix + "{FIM_SUFFIX}" + suffix + "{FIM_MIDDLE}"\n'
            "```",
        ]
    if chats(info):
        prompt = render(_CONVERSATION, [_WEATHER], add_generation_prompt=True)
        parts += [
            "### Tool calls",
            "ChatML with tool calls in the Hermes form, made by `tokenizer.apply_chat_template(messages, tools)`; "
            "`tokenizer.parse_response` reads them back. vLLM: `--enable-auto-tool-choice --tool-call-parser hermes`. "
            "A question, the model's call, the tool's answer, and where the model goes on:",
            _fenced(prompt),
        ]
    return "\n\n".join(parts)


def _limits(loaded: LoadedModel) -> str:
    config = loaded.model.config
    return (
        "## Limits\n\n"
        f"A small model: {loaded.model.num_parameters():,} parameters, {config.max_sequence_length:,} tokens of "
        "context, the data above and nothing else. It states falsehoods with confidence, writes code that does not "
        "run, and may repeat what it was trained on. Read what it writes before you run it, and run tools that it "
        "calls in a sandbox. It has not been tested for any use in which a mistake harms somebody."
    )


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |" for line in lines)


def _fenced(text: str) -> str:
    return f"```text\n{text}{'' if text.endswith(chr(10)) else chr(10)}```"
