"""Five responses that a good reward model does not pay for, and what it pays for them.

Each is made from a held-out prompt and its chosen response: nothing at all, one line said again and again, a response
that does not end until the row is full, the prompt copied, and the chosen response without its end. A policy that is
trained against a model that pays for one of these finds out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch

from codeling.rlhf.preferences import Preference
from codeling.rlhf.prompts import decode_response, encode_prompt, encode_response, end_id
from codeling.rlhf.scalar_model import ScalarModel
from codeling.tokenizer.bpe import Tokenizer

PROBES = ("empty", "repeated", "very_long", "copied_prompt", "missing_end")
REPEATS = 8

_ROWS = 32


class ProbeResult(NamedTuple):
    """Of one probe over all prompts: its mean score, and how often it scored below the chosen response."""

    mean_score: float
    beaten: float


def probe_responses(
    tokenizer: Tokenizer, preference: Preference, others: Sequence[str], *, room: int
) -> dict[str, list[int]]:
    """Probe -> ids of the response, at most ``room``. ``others`` fill a very long one."""
    prompt, chosen = preference.prompt, preference.chosen
    end = end_id(tokenizer, prompt)
    lines = chosen.splitlines() or [chosen]
    line = max(lines, key=len) + "\n"
    copied = decode_response(tokenizer, encode_prompt(tokenizer, prompt))
    if not isinstance(prompt, str):
        copied = str(prompt[-1].get("content") or "")
    texts = {
        "empty": "",
        "repeated": line * REPEATS,
        "very_long": chosen + "".join(others),
        "copied_prompt": copied,
    }
    responses = {name: encode_response(tokenizer, prompt, text) for name, text in texts.items()}
    responses["missing_end"] = encode_response(tokenizer, prompt, chosen)[:-1] or [end]
    return {name: ids if len(ids) <= room else [*ids[: room - 1], ids[-1]] for name, ids in responses.items()}


def probe_scores(
    model: ScalarModel, tokenizer: Tokenizer, preferences: Sequence[Preference], *, max_length: int
) -> dict[str, ProbeResult]:
    """What ``model`` (in evaluation mode) pays for each probe over ``preferences``."""
    texts: dict[str, list[list[int]]] = {name: [] for name in (*PROBES, "chosen")}
    for number, preference in enumerate(preferences):
        prompt = encode_prompt(tokenizer, preference.prompt)[-max_length // 2 :]
        room = max_length - len(prompt)
        others = [preferences[(number + i) % len(preferences)].chosen for i in range(1, 9)]
        responses = probe_responses(tokenizer, preference, others, room=room)
        chosen = encode_response(tokenizer, preference.prompt, preference.chosen)
        responses["chosen"] = chosen if len(chosen) <= room else [*chosen[: room - 1], chosen[-1]]
        for name, ids in responses.items():
            texts[name].append(prompt + ids)
    scores = {name: score_texts(model, rows) for name, rows in texts.items()}
    return {
        name: ProbeResult(float(scores[name].mean()), float((scores[name] < scores["chosen"]).mean()))
        for name in PROBES
    }


@torch.no_grad()
def score_texts(model: ScalarModel, texts: Sequence[Sequence[int]], *, normalized: bool = True) -> np.ndarray:
    """Scores (N,) of whole texts as ids, in their order, read at the last id of each."""
    device = model.head.weight.device
    scores = np.zeros(len(texts))
    for places in _by_length(texts):
        rows = [texts[place] for place in places]
        lengths = torch.tensor([len(row) for row in rows])
        tokens = torch.zeros(len(rows), int(lengths.max()), dtype=torch.int64)
        for row, ids in enumerate(rows):
            tokens[row, : len(ids)] = torch.tensor(ids)
        read = model.scores if normalized else model.raw_scores
        scores[places] = read(tokens.to(device), lengths.to(device)).double().cpu().numpy()
    return scores


def _by_length(texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
    return (order[start : start + _ROWS] for start in range(0, len(order), _ROWS))
