"""Induction heads from the first step: weights that find what followed an earlier occurrence of the current tokens.

Code and tool calls repeat themselves, and a transformer predicts a repetition with attention heads in two layers
(https://arxiv.org/abs/2209.11895): some that write beside each token which tokens came before it, and some that look
for a place where the same tokens came before. Gradient descent needs a million tokens and more to find such pairs;
here they are part of the initial weights, and training goes on from there as from any others. Nothing about the
architecture changes. What it is worth: docs/LOG.md, section 5.

How they are built from plain Qwen3 weights, with orthonormal subspaces S0, S1, ... of the residual stream, each as
wide as a head:

- The embeddings get a direction in common. A query and a key that read only that depend on nothing but their distance,
  through RoPE: the key's vector is turned by n positions, in the fastest pairs of dimensions, so that their product is
  largest for the token n back. Head n of the first block reads S0 of that token and writes it to Sn.
- Head n of the second block compares the last n tokens here, S0 to S(n-1), with those before each other place, S1 to
  Sn, and so attends to the token that followed them there. It does so in slow pairs of dimensions, where a match looks
  the same at every distance. What it makes of that token is left to training: its output matrix is zero, as all are.

The idea of starting from the attention patterns that training finds is that of https://arxiv.org/abs/2305.09828.
"""

from __future__ import annotations

import torch
from torch import Tensor

from codeling.model.attention import Attention
from codeling.model.config import ModelConfig

PLANTED_HEADS = 2
"""Heads in each of the two blocks, at most one for each key/value head."""
COMMON_SHARE = 0.2
"""Share of an embedding's squared length along the common direction."""
QUERY_KEY_GAIN = 1.5
"""Of the QK-norms in both blocks, so that the heads are sharp: attention logits go up to sqrt(head_dim) x gain^2."""
WRITTEN = 2.0
"""How much larger an earlier token is written than the embedding has it, so that it stands out in the sum."""
FAST_PAIRS = 3
"""Pairs of rotary dimensions that tell neighbouring positions apart; slower ones would blur the peak."""
_UNRELATED = 0.1
"""What is left of the random weights in the heads that look at the distance only."""


def can_plant(config: ModelConfig) -> bool:
    """Whether the architecture has what the heads are made of: RoPE, QK-norm, a second block, heads that are wide."""
    return config.positions == "rope" and config.qk_norm and config.num_layers >= 2 and config.head_dim >= 16


def planted_heads(config: ModelConfig) -> int:
    """How many heads each of the two blocks gets; all subspaces together must fit into the width."""
    return min(PLANTED_HEADS, config.num_kv_heads, config.num_heads - 1)


def plant_induction_heads(
    embedding: Tensor, first: Attention, second: Attention, *, scale: float, generator: torch.Generator
) -> None:
    """Overwrite some heads of the blocks' attentions ``first`` and ``second`` and shift ``embedding`` (V, D), in place.

    ``scale``: standard deviation of the embedding, in whose units the first block writes. All other weights are
    drawn already.
    """
    config, device = first.config, embedding.device
    width, size, count = config.d_model, config.head_dim, planted_heads(config)
    common = torch.randn(width, generator=generator, device=device)
    common /= common.norm()
    embedding.mul_((1 - COMMON_SHARE) ** 0.5).add_(common, alpha=scale * (COMMON_SHARE * width) ** 0.5)

    drawn = torch.randn(width, (count + 1) * size, generator=generator, device=device)
    subspaces = list(torch.linalg.qr(drawn)[0].T.split(size))  # of (E, D)
    # What all tokens share says nothing about which one it is.
    read = subspaces[0] = subspaces[0] - torch.outer(subspaces[0] @ common, common)
    here, pair = _fast_vector(config, distance=0).to(device), torch.arange(size, device=device) % (size // 2)
    for head in range(count):
        kv_rows = slice(head * size, (head + 1) * size)
        query_head = head * (config.num_heads // config.num_kv_heads)  # the first that shares these keys and values
        rows = slice(query_head * size, (query_head + 1) * size)
        there = _fast_vector(config, distance=head + 1).to(device)
        first.query.weight[rows] = _UNRELATED * first.query.weight[rows] + torch.outer(here, common)
        first.key.weight[kv_rows] = _UNRELATED * first.key.weight[kv_rows] + torch.outer(there, common)
        first.value.weight[kv_rows] = read
        first.output.weight[:, rows] = WRITTEN * scale * subspaces[head + 1].T

        second.query.weight[rows] = second.key.weight[kv_rows] = 0.0
        for back in range(head + 1):
            own = ((pair >= size // 4) & (pair % (head + 1) == back))[:, None]  # the slow pairs, shared out
            second.query.weight[rows] += own * subspaces[back]
            second.key.weight[kv_rows] += own * subspaces[back + 1]
    for attention in (first, second):
        assert attention.query_norm is not None and attention.key_norm is not None
        attention.query_norm.weight.fill_(QUERY_KEY_GAIN)
        attention.key_norm.weight.fill_(QUERY_KEY_GAIN)


def _fast_vector(config: ModelConfig, *, distance: int) -> Tensor:
    """(E,) in the fastest rotary pairs, turned so that RoPE lines it up with a query's ``distance`` positions later."""
    half = config.head_dim // 2
    angles = distance * config.rope_theta ** (-torch.arange(FAST_PAIRS) / half)
    vector = torch.zeros(config.head_dim)
    vector[:FAST_PAIRS], vector[half : half + FAST_PAIRS] = angles.cos(), angles.sin()
    return vector
