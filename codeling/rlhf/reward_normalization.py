"""What a score of 0 and of 1 mean: mean and standard deviation of the raw scores of the language model's own texts.

A raw score has no zero and no unit. PPO's penalties and controls (a missing end scores -1, the clip at +-5) need both
(https://arxiv.org/abs/2403.17031, details 4 and 11).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from codeling.checkpoint import LoadedModel
from codeling.errors import Failure
from codeling.generate.config import Sampling
from codeling.generate.engine import Engine
from codeling.rlhf.preferences import prompt_key
from codeling.rlhf.prompts import Prompt, encode_prompt, end_id
from codeling.rlhf.reward_probes import score_texts
from codeling.rlhf.scalar_model import ScalarModel
from codeling.runtime.seeds import generator, stable_hash

_MIN_ENDED = 16
_BATCH = 32


@dataclass(frozen=True)
class Normalization:
    """What was set, and on how many texts it rests."""

    shift: float
    scale: float
    num_texts: int
    ended_share: float
    """Of the sampled texts; the others were left out, unless hardly any ended."""


def normalize_scores(
    reward_model: ScalarModel,
    language_model: LoadedModel,
    prompts: Sequence[Prompt],
    *,
    num_samples: int,
    max_tokens: int,
    seed: int,
) -> Normalization:
    """Sample ``num_samples`` texts at temperature 1, score them, and set the reward model's shift and scale."""
    texts, ended_share = sample_texts(
        language_model, prompts, num_samples=num_samples, max_tokens=max_tokens, seed=seed
    )
    raw = score_texts(reward_model, texts, normalized=False)
    shift, scale = float(raw.mean()), float(raw.std())
    if not scale > 1e-6:
        raise Failure(
            f"the reward model gives {len(texts)} different texts the same score, {shift:.4g}: it has learned nothing; "
            "train it longer or at a higher --learning-rate, or look at the pairs"
        )
    with torch.no_grad():
        reward_model.shift.fill_(shift)
        reward_model.scale.fill_(scale)
    return Normalization(shift, scale, len(texts), ended_share)


def sample_texts(
    model: LoadedModel, prompts: Sequence[Prompt], *, num_samples: int, max_tokens: int, seed: int
) -> tuple[list[list[int]], float]:
    """Prompt and response of the samples that ended, as ids, and their share of all.

    When hardly any ended, all of them with an end put after. A pure function of model, prompts and seed.
    """
    distinct = list({prompt_key(prompt): prompt for prompt in prompts}.values())
    order = generator(seed, "normalize").permutation(len(distinct))
    chosen = [distinct[order[number % len(distinct)]] for number in range(num_samples)]
    engine = Engine(model.model, max_batch=_BATCH)
    room = engine.context - max_tokens - 1
    ids = [encode_prompt(model.tokenizer, prompt)[-room:] for prompt in chosen]
    settings = [
        Sampling(temperature=1.0, max_tokens=max_tokens, seed=stable_hash(seed, "normalize", number) >> 1)
        for number in range(num_samples)
    ]
    ends = [end_id(model.tokenizer, prompt) for prompt in chosen]
    completions = engine.generate(ids, settings, stop_ids=set(ends))
    texts = [[*prompt, *completion.ids, end] for prompt, completion, end in zip(ids, completions, ends, strict=True)]
    ended = [text for text, completion in zip(texts, completions, strict=True) if completion.finish_reason == "stop"]
    share = len(ended) / num_samples
    return (ended if len(ended) >= min(_MIN_ENDED, num_samples) else texts), share
