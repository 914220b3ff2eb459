"""What is minimised over pairs, as pure functions of scores and log-probabilities.

Shapes: P pairs. Everything is fp32, or fp64 where it comes in as that.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def reward_losses(chosen: Tensor, rejected: Tensor, margins: Tensor, *, centering: float) -> Tensor:
    """(P,) ``-log sigmoid(chosen - rejected - margin) + centering * (chosen + rejected)^2`` of raw scores (P,).

    The first part is Bradley and Terry's likelihood (InstructGPT, https://arxiv.org/abs/2203.02155, equation 1) with
    the margin of Llama 2 (https://arxiv.org/abs/2307.09288, equation 2). It says nothing about the scores' mean; the
    second part keeps that near zero (https://arxiv.org/abs/2312.09244, section 3).
    """
    return F.softplus(-(chosen - rejected - margins)) + centering * (chosen + rejected).square()


def dpo_losses(
    chosen: Tensor,
    rejected: Tensor,
    reference_chosen: Tensor,
    reference_rejected: Tensor,
    *,
    beta: float,
    label_smoothing: float = 0.0,
) -> Tensor:
    """(P,) loss of direct preference optimisation (https://arxiv.org/abs/2305.18290, equation 7).

    All four are log-probabilities (P,) of whole responses, of the policy and of the frozen reference. With
    ``label_smoothing`` a share of the labels is taken to be wrong (https://arxiv.org/abs/2305.18290, appendix;
    cDPO, https://ericmitchell.ai/cdpo.pdf).
    """
    advantage = beta * dpo_margins(chosen, rejected, reference_chosen, reference_rejected)
    return (1 - label_smoothing) * F.softplus(-advantage) + label_smoothing * F.softplus(advantage)


def dpo_margins(chosen: Tensor, rejected: Tensor, reference_chosen: Tensor, reference_rejected: Tensor) -> Tensor:
    """(P,) by how many nats the policy prefers the chosen response more than the reference does."""
    return (chosen - reference_chosen) - (rejected - reference_rejected)


def preferred(differences: Tensor) -> Tensor:
    """(P,) 1 where a difference is above zero, 1/2 where it is zero."""
    return (differences > 0).to(torch.float64) + 0.5 * (differences == 0)
