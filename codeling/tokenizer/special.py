"""The one list of tokens that are not learned from text.

``SPECIAL_TOKENS`` steer the model and are dropped by readers that skip special tokens. ``ADDED_TOKENS`` are single
ids too, but ``special: false`` in ``tokenizer.json``: they are part of what the model says, and a reader that dropped
them would drop the tool calls with them. All of them take the last ids of the vocabulary, in this order.

Names and meaning are those of Qwen2.5-Coder and of the Hermes tool-call format, so that servers and editors know them.
"""

from __future__ import annotations

END_OF_TEXT = "<|endoftext|>"
"""Ends every document; also the end-of-sequence token of the base models."""
IM_START = "<|im_start|>"
IM_END = "<|im_end|>"
FIM_PREFIX = "<|fim_prefix|>"
FIM_SUFFIX = "<|fim_suffix|>"
FIM_MIDDLE = "<|fim_middle|>"
FIM_PAD = "<|fim_pad|>"
"""Padding, never trained on; kept apart from END_OF_TEXT, which is."""
REPO_NAME = "<|repo_name|>"
FILE_SEP = "<|file_sep|>"

TOOL_CALL_START = "<tool_call>"
TOOL_CALL_END = "</tool_call>"
TOOL_RESPONSE_START = "<tool_response>"
TOOL_RESPONSE_END = "</tool_response>"

SPECIAL_TOKENS: tuple[str, ...] = (
    END_OF_TEXT,
    IM_START,
    IM_END,
    FIM_PREFIX,
    FIM_SUFFIX,
    FIM_MIDDLE,
    FIM_PAD,
    REPO_NAME,
    FILE_SEP,
)
ADDED_TOKENS: tuple[str, ...] = (TOOL_CALL_START, TOOL_CALL_END, TOOL_RESPONSE_START, TOOL_RESPONSE_END)
