"""Prompts of the completion endpoints to token ids: text, ids, and gaps in code as editors ask for them.

Text is plain text, whatever it spells, with one exception: editors that know only raw completions write the markers of
fill-in-the-middle into the prompt, ours (which are Qwen's) or those of the StarCoder family, the default of Continue
and Zed for a model that they do not know. A prompt that has exactly that form is read as it is meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from codeling.errors import UsageError
from codeling.serve.model import ServedModel
from codeling.tokenizer.fim_format import SENTINELS, FimFormat
from codeling.tokenizer.special import FIM_MIDDLE, FIM_PREFIX, FIM_SUFFIX

MARKERS = ((FIM_PREFIX, FIM_SUFFIX, FIM_MIDDLE), ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"))
"""Before the prefix, before the suffix, before the middle."""

_MARKED = [
    re.compile(f"{re.escape(p)}(.*?){re.escape(s)}(.*){re.escape(m)}", re.DOTALL) for p, s, m in MARKERS
]  # fmt: skip


def text_prompt(prompt: str | Sequence[int], suffix: str, model: ServedModel) -> list[int]:
    """The ids to go on from; with a ``suffix``, those that ask for what belongs between the two. Never none."""
    tokenizer = model.tokenizer
    if not isinstance(prompt, str):
        wrong = next((one for one in prompt if not 0 <= one < tokenizer.vocab_size), None)
        if wrong is not None:
            raise UsageError(f"prompt holds the id {wrong}; this model's are 0 to {tokenizer.vocab_size - 1}")
        ids = list(prompt)
    elif not suffix and (marked := next((m for one in _MARKED if (m := one.fullmatch(prompt))), None)):
        return gap_prompt(marked[1], marked[2], model)
    else:
        ids = tokenizer.encode(prompt)
    if suffix:
        return FimFormat.of(tokenizer).psm_prompt(ids, tokenizer.encode(suffix))
    return ids or [tokenizer.end_of_text]


def gap_prompt(prefix: str, suffix: str, model: ServedModel, *, room: int | None = None, line: str = "") -> list[int]:
    """The ids that ask for what belongs between ``prefix`` and ``suffix``.

    ``line``: the end of the prefix, where it is given apart (by editors, the cursor's line up to it) and so encoded by
    itself, as llama.cpp does. ``room``: at most so many ids, keeping what stands nearest to the gap; otherwise all.
    """
    tokenizer = model.tokenizer
    before, after = tokenizer.encode(prefix) + tokenizer.encode(line), tokenizer.encode(suffix)
    if room is not None:
        left = max(2, room - SENTINELS)
        # Half each, and what one side does not need goes to the other.
        kept = max(left - left // 2, left - len(after))
        before = before[-kept:]
        after = after[: max(0, left - len(before))]
    return FimFormat.of(tokenizer).psm_prompt(before, after)
