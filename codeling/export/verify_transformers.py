"""A Hugging Face folder, asked through `transformers`: logits, greedy tokens, ids, chat template, tool calls."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from codeling.chat.encode import stop_ids
from codeling.chat.render import render
from codeling.errors import Failure
from codeling.export.parity import CONVERSATIONS, TEXTS, Check, Reference, equal, renderings, within
from codeling.runtime.files import read_json

TOLERANCE = 1e-4
"""Largest difference of two logits in float32."""


def verify_hugging_face(reference: Reference, folder: Path) -> Iterator[Check]:
    """The checks, in the order in which they are made."""
    import transformers
    from safetensors import SafetensorError

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    dtype = getattr(torch, read_json(folder / "config.json").get("torch_dtype", "float32"))
    reference.model.to(dtype).float()
    try:
        both: Any = transformers.AutoModelForCausalLM.from_pretrained(
            folder, dtype=torch.float32, output_loading_info=True, local_files_only=True
        )
        tokenizer = transformers.AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (ValueError, OSError, RuntimeError, KeyError, SafetensorError) as error:
        raise Failure(f"{folder}: transformers cannot load it: {str(error).splitlines()[0]}") from None
    model, info = both
    model.eval()
    loose = [key for kind in ("missing_keys", "unexpected_keys", "mismatched_keys") for key in info[kind]]
    yield Check("weights", not loose, f"{type(model).__name__}, {loose or 'no parameter missing or left over'}")
    ends = model.generation_config.eos_token_id, list(stop_ids(reference.tokenizer))
    yield equal("ends of a generation", [ends], unit="lists")
    yield from _numbers(reference, model)
    yield from _texts(reference, tokenizer)


def _numbers(reference: Reference, model: Any) -> Iterator[Check]:
    differences = []
    with torch.no_grad():
        for ids in (*reference.prompts, reference.random_row()):
            theirs = model(torch.tensor([ids])).logits[0]
            differences.append((theirs - reference.logits(ids)).abs().max())
    yield within("largest difference of two logits", float(torch.stack(differences).max()), TOLERANCE)
    model.generation_config.eos_token_id = None  # so that nothing ends early
    pairs = []
    for prompt, ours in zip(reference.prompts, reference.greedy(), strict=True):
        ids = torch.tensor([prompt])
        made = model.generate(
            ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=reference.num_tokens
        )
        pairs += zip(made[0, len(prompt) :].tolist(), ours, strict=True)
    yield equal("greedy tokens", pairs, unit="tokens")


def _texts(reference: Reference, tokenizer: Any) -> Iterator[Check]:
    ids = [(tokenizer(text)["input_ids"], reference.tokenizer.encode_with_special(text)) for text in TEXTS]
    yield equal("ids of texts", ids, unit="texts")
    decoded = [(tokenizer.decode(ours), text) for text, (_, ours) in zip(TEXTS, ids, strict=True)]
    yield equal("texts of ids", decoded, unit="texts")
    rendered = [
        (tokenizer.apply_chat_template(messages, tools, tokenize=False, add_generation_prompt=True), text)
        for messages, tools, text in renderings()
    ]
    yield equal("chat template", rendered, unit="conversations")
    yield equal("tool calls read back", list(_replies(tokenizer)), unit="replies")


def _replies(tokenizer: Any) -> Iterator[tuple[object, object]]:
    """Every reply of the conversations, as the tokenizer reads it and as it was."""
    for messages, tools in CONVERSATIONS:
        for i, message in enumerate(messages):
            if message.role == "assistant":
                prompt = render(messages[:i], tools, add_generation_prompt=True)
                reply = render(messages[: i + 1], tools).removeprefix(prompt).rstrip("\n")
                parsed = tokenizer.parse_response(reply, prefix=prompt)
                functions = [call["function"] for call in parsed.get("tool_calls") or []]
                theirs = parsed.get("content") or "", [(call["name"], call["arguments"]) for call in functions]
                yield theirs, (message.content, [(call.name, call.arguments) for call in message.tool_calls])
