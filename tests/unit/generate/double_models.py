"""Small models with random weights in float64, where the order of summation does not decide between two tokens."""

import random

import torch

from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer

VOCABULARY = 61
CONTEXT = 48


def random_model(**changes) -> Transformer:
    shape = {"d_model": 32, "num_layers": 2, "num_heads": 4, "num_kv_heads": 2, "d_ff": 48} | changes
    config = ModelConfig(vocab_size=VOCABULARY, max_sequence_length=CONTEXT, **shape)
    model = Transformer(config)
    generator = torch.Generator().manual_seed(random.randrange(2**32))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.3, generator=generator)
    return model.double().eval()


def random_prompt(longest: int = CONTEXT - 1, *, rng: random.Random | None = None) -> list[int]:
    rng = rng or random.Random()
    return [rng.randrange(VOCABULARY) for _ in range(rng.randint(1, longest))]


def random_prompts(count: int, longest: int = CONTEXT - 1) -> list[list[int]]:
    return [random_prompt(longest) for _ in range(count)]
