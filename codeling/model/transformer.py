"""The decoder: embeddings, blocks, final norm, head. Plain modules; parallelism is applied from outside.

With the default configuration this is exactly Qwen3; with LayerNorm, learned positions, GELU and biases exactly
GPT-2 (both are proved against `transformers` in the tests).

Shapes: B batch, T time, S slots, D width, V vocabulary.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from codeling.errors import UsageError
from codeling.model.attention import Attention, AttentionContext, step_context, visibility
from codeling.model.blocked_attention import causal_biases
from codeling.model.cache import KVCache
from codeling.model.config import ModelConfig
from codeling.model.induction import can_plant, plant_induction_heads
from codeling.model.linear import Linear
from codeling.model.loss import Exponentiate, exponentiate_rows, linear_cross_entropy
from codeling.model.mlp import MLPS
from codeling.model.norms import NORMS, LayerNorm, RMSNorm
from codeling.model.positions import POSITIONS, LearnedPositions, RotaryPositions
from codeling.model.precision import compute_dtype
from codeling.model.quantized import QuantizedMatrix


class Block(nn.Module):
    """Pre-norm residual block: attention, then MLP, each added to the stream."""

    def __init__(self, config: ModelConfig, layer: int) -> None:
        super().__init__()
        norm = NORMS[config.norm]
        self.attention_norm = norm(config.d_model, epsilon=config.norm_epsilon)
        self.attention = Attention(config, layer)
        self.mlp_norm = norm(config.d_model, epsilon=config.norm_epsilon)
        self.mlp = MLPS[config.mlp](config)
        self.dropout = config.dropout

    def forward(self, x: Tensor, context: AttentionContext) -> Tensor:
        dtype = self.attention.output.compute_dtype
        x = x + self._drop(self.attention(self.attention_norm(x, dtype), context))
        return x + self._drop(self.mlp(self.mlp_norm(x, dtype)))

    def _drop(self, x: Tensor) -> Tensor:
        return F.dropout(x, self.dropout, self.training) if self.dropout else x


class Transformer(nn.Module):
    """A decoder-only language model.

    >>> model = Transformer(ModelConfig(vocab_size=1000)).init_weights(seed=0)  # doctest: +SKIP
    >>> logits = model(torch.zeros(1, 8, dtype=torch.int64))  # (1, 8, 1000)  # doctest: +SKIP

    ``gradient_checkpointing``: keep only each block's input for the backward pass and compute the rest again.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocab_size, config.d_model)
        self.positions: RotaryPositions | LearnedPositions = POSITIONS[config.positions](config)
        self.blocks = nn.ModuleList(Block(config, layer) for layer in range(config.num_layers))
        self.norm = NORMS[config.norm](config.d_model, epsilon=config.norm_epsilon)
        self.head = None if config.tie_embeddings else Linear(config.d_model, config.vocab_size, bias=False)
        self.gradient_checkpointing = False
        # What training runs; codeling.model.compile replaces both.
        self.run_block: Callable[..., Tensor] = nn.Module.__call__
        self.exponentiate: Exponentiate = exponentiate_rows
        self.init_weights(seed=0)

    @property
    def head_weight(self) -> Tensor:
        """The (V, D) matrix that turns hidden states into logits: the head's, or the embedding's when tied."""
        return self.embedding.weight if self.head is None else self.head.weight

    def init_weights(self, seed: int) -> Transformer:
        """Fill every parameter, a pure function of ``seed`` (on one kind of device); returns self.

        Blocks start as the identity: the matrices that write into the residual stream are zero, the others uniform
        with standard deviation 1/sqrt(fan in). A tied embedding has standard deviation 0.02, since it is the head as
        well; an untied one 1, with a head near zero, so that training starts at a loss of log(V). Where the
        architecture allows it a few heads of the first two blocks are induction heads (codeling.model.induction).
        """
        device = self.embedding.weight.device
        if device.type == "meta":
            return self
        generator = torch.Generator(device).manual_seed(seed)
        with torch.no_grad():
            self.positions.reset()
            for module in self.modules():
                if isinstance(module, RMSNorm | LayerNorm):
                    module.weight.fill_(1.0)
                if isinstance(bias := getattr(module, "bias", None), nn.Parameter):
                    bias.zero_()
                if isinstance(module, Linear):
                    bound = (3.0 / module.in_features) ** 0.5
                    module.weight.uniform_(-bound, bound, generator=generator)
            for block in self.blocks:
                assert isinstance(block, Block)
                block.attention.output.weight.zero_()
                block.mlp.down.weight.zero_()
            scale = 0.02 if self.head is None else 1.0
            self.embedding.weight.normal_(0.0, scale, generator=generator)
            if self.head is not None:
                self.head.weight.normal_(0.0, 0.001, generator=generator)
            if isinstance(self.positions, LearnedPositions):
                self.positions.weight.normal_(0.0, 0.02, generator=generator)
            if can_plant(self.config):
                first, second = self.blocks[0], self.blocks[1]
                assert isinstance(first, Block) and isinstance(second, Block)
                plant_induction_heads(
                    self.embedding.weight, first.attention, second.attention, scale=scale, generator=generator
                )
        return self

    def num_parameters(self) -> int:
        """Number of trained values; a tied head is counted once."""
        return sum(parameter.numel() for parameter in self.parameters())

    def forward(
        self,
        tokens: Tensor,
        *,
        positions: Tensor | None = None,
        document_ids: Tensor | None = None,
        cache: KVCache | None = None,
    ) -> Tensor:
        """Logits (B, T, V) for tokens (B, T), in the compute type. The other arguments: see ``hidden``."""
        hidden = self.hidden(tokens, positions=positions, document_ids=document_ids, cache=cache)
        return self.logits(hidden)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., V) from final hidden states (..., D); lets generation ask for the last position only."""
        if isinstance(head := self.head or self.embedding, QuantizedMatrix):
            return head.product(hidden)
        dtype = compute_dtype(self.head_weight)
        return F.linear(hidden.to(dtype), self.head_weight.to(dtype))

    def loss(
        self,
        tokens: Tensor,
        targets: Tensor,
        *,
        positions: Tensor | None = None,
        document_ids: Tensor | None = None,
    ) -> Tensor:
        """Cross-entropy summed over targets != -100, an fp32 scalar; divide by the global number of targets.

        targets (B, T): the token that follows each token (already shifted).
        """
        hidden = self.hidden(tokens, positions=positions, document_ids=document_ids)
        return linear_cross_entropy(hidden, self.head_weight, targets, exponentiate=self.exponentiate)

    def hidden(
        self,
        tokens: Tensor,
        *,
        positions: Tensor | None = None,
        document_ids: Tensor | None = None,
        cache: KVCache | None = None,
    ) -> Tensor:
        """Final normed hidden states (B, T, D) for tokens (B, T).

        positions (B, T): where each token stands in its document; default 0..T-1, or onwards from the cache.
        document_ids (B, T): tokens attend only within equal ids; default: the row is one document.
        cache: holds the tokens before these; the new ones are added. Excludes ``document_ids``.
        """
        self._check(tokens, document_ids, cache)
        context, positions = self._context(tokens, positions, document_ids, cache)
        x = self.positions.add(self.embedding(tokens), positions)  # (B, T, D)
        if self.config.dropout:
            x = F.dropout(x, self.config.dropout, self.training)
        training = torch.is_grad_enabled() and cache is None
        run_block = self.run_block if training else nn.Module.__call__
        for block in self.blocks:
            if training and self.gradient_checkpointing:
                x = checkpoint(run_block, block, x, context, use_reentrant=False)
            else:
                x = run_block(block, x, context)
        if cache is not None:
            cache.advance(tokens.shape[1])
        head = self.head or self.embedding
        dtype = head.compute_dtype if isinstance(head, QuantizedMatrix) else compute_dtype(self.head_weight)
        return self.norm(x, dtype)

    def _check(self, tokens: Tensor, document_ids: Tensor | None, cache: KVCache | None) -> None:
        if tokens.shape[1] > self.config.max_sequence_length:
            raise UsageError(
                f"{tokens.shape[1]} tokens in a row: the model was built for {self.config.max_sequence_length}; "
                f"use a shorter --sequence-length or a model with a longer maximum"
            )
        if cache is not None:
            assert document_ids is None, "a cache holds one document per row; document_ids are for packed training rows"
            cache.check_room(tokens.shape[1])

    def _context(
        self, tokens: Tensor, positions: Tensor | None, document_ids: Tensor | None, cache: KVCache | None
    ) -> tuple[AttentionContext, Tensor | None]:
        length, device = tokens.shape[1], tokens.device
        mask = biases = None
        if cache is not None and length == 1:
            positions = cache.positions(1) if positions is None else positions
            block = self.blocks[0]
            assert isinstance(block, Block)
            dtype = block.attention.output.compute_dtype  # of all products
            return step_context(cache, self.positions.rotation(1, positions), dtype), positions
        if cache is not None and cache.longest > 0:
            slots = cache.positions(length)
            positions = slots if positions is None else positions
            mask = visibility(slots, None, num_slots=cache.longest + length, length=length, device=device)
        elif document_ids is not None and device.type == "cpu":
            biases = causal_biases(document_ids, compute_dtype(self.embedding.weight))
        elif document_ids is not None:
            mask = visibility(None, document_ids, num_slots=length, length=length, device=device)
        return AttentionContext(self.positions.rotation(length, positions), mask, biases, cache), positions
