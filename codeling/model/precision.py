"""Which number type the arithmetic runs in; the one place that reads autocast.

Parameters keep their own type (fp32 in training). Under ``torch.autocast`` the matrix products run in its type
(bf16, say) while norms, softmax, the residual stream and the loss stay in fp32; without it everything runs in the
parameters' type. Casting explicitly, instead of leaving it to autocast's dispatcher, costs nothing in eager mode,
fuses with its neighbours when compiled, and makes both paths the same arithmetic.
"""

from __future__ import annotations

import torch
from torch import Tensor


def compute_dtype(weight: Tensor) -> torch.dtype:
    """The type of matrix products with ``weight`` here and now: autocast's where it is on, else the weight's own."""
    kind = weight.device.type
    if weight.dtype == torch.float32 and torch.is_autocast_enabled(kind):
        return torch.get_autocast_dtype(kind)
    return weight.dtype


def accumulation_dtype(dtype: torch.dtype) -> torch.dtype:
    """The type for sums and exponentials of ``dtype`` values: never below fp32."""
    return torch.promote_types(dtype, torch.float32)
