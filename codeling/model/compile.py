"""torch.compile for the parts that gain from it."""

from __future__ import annotations

from codeling.model.transformer import Transformer


def compile_hot_parts(model: Transformer) -> None:
    """Compile each block in place; parameters and their names stay as they are."""
    for block in model.blocks:
        block.compile()
