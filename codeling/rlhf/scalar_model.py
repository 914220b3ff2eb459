"""A transformer that says one number per token: the reward model, and PPO's critic.

The trunk is the language model's, without its vocabulary head; the head is linear, and its initial standard deviation
1 / sqrt(d + 1) with bias 0 makes the first scores of unit size ("The N+ Implementation Details of RLHF with PPO",
https://arxiv.org/abs/2403.17031, detail 10). The raw number at the last token of a text is its score; after training,
``shift`` and ``scale`` turn it into one that is 0 with standard deviation 1 over the language model's own texts.

Shapes: B rows, T tokens, D width.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from codeling.checkpoint import load_checkpoint, load_tokenizer, load_weights
from codeling.config import from_mapping
from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.precision import accumulation_dtype
from codeling.model.transformer import Transformer
from codeling.tokenizer.bpe import Tokenizer

KIND = "reward"
"""``info["kind"]`` of a reward model's checkpoint."""

MAX_SCORE = 5.0
"""Normalised scores are clipped to +- this, so that no text pays without bound."""


class ScalarModel(nn.Module):
    """Transformer trunk and ``Linear(D, 1)``.

    >>> model = ScalarModel.from_language_model(loaded.model, seed=0)  # doctest: +SKIP
    >>> model.scores(tokens, lengths)  # (B,)  # doctest: +SKIP
    """

    shift: Tensor
    """() Mean raw score of the language model's own texts."""
    scale: Tensor
    """() Their standard deviation."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        # Tied means here: there is no vocabulary head, so nothing of it is kept or moved.
        self.config = dataclasses.replace(config, tie_embeddings=True)
        self.trunk = Transformer(self.config)
        self.head = nn.Linear(config.d_model, 1)
        self.register_buffer("shift", torch.zeros(()))
        self.register_buffer("scale", torch.ones(()))

    @staticmethod
    def from_language_model(model: Transformer, *, zero_head: bool = False, seed: int) -> ScalarModel:
        """A copy of ``model``'s trunk (in its type, on its device) under a new head, a pure function of ``seed``.

        ``zero_head`` starts with the value 0 everywhere, which is what a critic without a reward model starts from.
        """
        weight = model.embedding.weight
        with torch.device("meta"):
            scalar = ScalarModel(model.config)
        scalar.to_empty(device=weight.device)
        scalar.to(weight.dtype)
        trunk = {name: tensor for name, tensor in model.state_dict().items() if not name.startswith("head.")}
        scalar.trunk.load_state_dict(trunk)
        generator = torch.Generator().manual_seed(seed)
        with torch.no_grad():
            width = model.config.d_model
            drawn = torch.randn(1, width, generator=generator) * (width + 1) ** -0.5
            scalar.head.weight.copy_(torch.zeros(1, width) if zero_head else drawn)
            scalar.head.bias.zero_()
            scalar.shift.zero_()
            scalar.scale.fill_(1.0)
        return scalar

    def forward(self, tokens: Tensor, *, positions: Tensor | None = None) -> Tensor:
        """Raw values (B, T), fp32, one after each of ``tokens`` (B, T); padding goes on the right."""
        return self._values(self.trunk.hidden(tokens, positions=positions))

    def raw_scores(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Raw values (B,) at the last real token of each row; ``lengths`` (B,) count the tokens without padding."""
        hidden = self.trunk.hidden(tokens)  # (B, T, D)
        rows = torch.arange(hidden.shape[0], device=hidden.device)
        return self._values(hidden[rows, lengths - 1])

    def packed_scores(self, tokens: Tensor, *, positions: Tensor, texts: Tensor, ends: Tensor) -> Tensor:
        """Raw values (N,) at the places ``ends`` (N,) of the flattened rows ``tokens`` (B, T), in which several texts
        stand one after the other: ``texts`` (B, T) says which one a token is of, ``positions`` (B, T) where in it."""
        hidden = self.trunk.hidden(tokens, positions=positions, document_ids=texts)
        return self._values(hidden.flatten(0, 1)[ends])

    def scores(self, tokens: Tensor, lengths: Tensor) -> Tensor:
        """Normalised scores (B,): raw scores, shifted, scaled and clipped to +-5."""
        return self.normalized(self.raw_scores(tokens, lengths))

    def normalized(self, raw: Tensor) -> Tensor:
        """Raw scores of any shape as normalised ones."""
        return ((raw - self.shift) / self.scale).clamp(-MAX_SCORE, MAX_SCORE)

    def _values(self, hidden: Tensor) -> Tensor:
        """(...,) of (..., D), outside of autocast: bf16 would keep three digits of a score."""
        dtype = accumulation_dtype(self.head.weight.dtype)
        with torch.autocast(hidden.device.type, enabled=False):
            return F.linear(hidden.to(dtype), self.head.weight.to(dtype), self.head.bias.to(dtype)).squeeze(-1)


@dataclass(frozen=True)
class LoadedRewardModel:
    """A reward model ready to score, with the tokenizer that it reads through."""

    model: ScalarModel
    tokenizer: Tokenizer
    info: dict[str, Any]


def load_reward_model(path: Path, *, device: str | torch.device = "cpu") -> LoadedRewardModel:
    """The reward model at ``path``, in evaluation mode on ``device``; a checkpoint of another kind is a UsageError."""
    saved = load_checkpoint(path, lazily=True)
    if saved.info.get("kind") != KIND:
        raise UsageError(
            f"{path}: is not a reward model but a checkpoint of stage {saved.info.get('stage')}; train one with: "
            f"python scripts/train_reward_model.py --checkpoint {path}"
        )
    config = from_mapping(ModelConfig, saved.info["model"], where=f"{path}: info.model")
    with torch.device("meta"):  # so that no time goes into initial weights
        model = ScalarModel(config)
    model.to_empty(device="cpu")
    load_weights(model, saved, path)
    return LoadedRewardModel(model.to(device).eval(), load_tokenizer(saved, path), saved.info)
