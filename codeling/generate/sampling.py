"""From logits to a token: pure functions on a batch, every row with its own settings and its own randomness.

The i-th token of a request is drawn with a number that depends on the request's seed and on i, and on nothing else:
its text is the same alone and in any company, on every device, and in every version of PyTorch.

Shapes: ``B`` rows (requests), ``V`` vocabulary. Settings are tensors of shape (B, 1), so that requests with
different settings share one pass. Sources: top-p, Holtzman et al. 2019 (arXiv 1904.09751); min-p, Nguyen et al. 2024
(arXiv 2407.01082); the random numbers, SplitMix64, Steele et al. 2014 (https://doi.org/10.1145/2660193.2660195).
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from codeling.errors import Failure
from codeling.generate.adjustments import Adjustment
from codeling.generate.config import Sampling

# Below it the most likely token has all the probability anyway, and logits divided by it may not fit into float32.
_SMALLEST_TEMPERATURE = 1e-6
# Tokens whose probabilities are summed as one while looking for a quantile; near the root of usual vocabularies.
_BLOCK = 128
_BELOW_ONE = 1 - 2**-53


def keep_top_k(logits: Tensor, k: Tensor) -> Tensor:
    """Set all but the ``k`` largest logits of each row to -inf; ``k`` (B, 1) int, 0 keeps all, ties are kept."""
    vocabulary = logits.shape[-1]
    k = torch.where(k > 0, k, vocabulary).clamp(max=vocabulary)
    largest = logits.topk(int(k.max()), dim=-1).values
    return logits.masked_fill(logits < largest.gather(-1, k - 1), -torch.inf)


def keep_top_p(logits: Tensor, p: Tensor) -> Tensor:
    """Keep the smallest set of most likely tokens whose probabilities reach ``p`` (B, 1); at least one, ties are kept.

    Sorting a whole vocabulary is slow. Tokens less likely than (1 - p) / V hold less than 1 - p together, so the
    others suffice.
    """
    vocabulary = logits.shape[-1]
    weights = masses(logits)
    total = weights.sum(-1, keepdim=True)
    floor = torch.where(p < 1, total * (1 - p) / vocabulary, torch.inf)
    count = max(1, int((weights >= floor).sum(-1).max()))
    largest = logits.topk(count, dim=-1).values if count < vocabulary else logits.sort(-1, descending=True).values
    probabilities = masses(largest) / total  # of the same largest logit, so the same factor
    before = probabilities.cumsum(-1) - probabilities  # the probability of everything more likely
    kept = ((before < p).sum(-1, keepdim=True) - 1).clamp(min=0)
    return torch.where((logits < largest.gather(-1, kept)) & (p < 1), -torch.inf, logits)


def keep_min_p(logits: Tensor, min_p: Tensor) -> Tensor:
    """Drop tokens whose probability is below ``min_p`` (B, 1) times that of the most likely one; 0 drops none."""
    # log(0) is -inf: the threshold then lies below every finite logit.
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) + min_p.log(), -torch.inf)


def uniform_numbers(seeds: np.ndarray, places: np.ndarray) -> np.ndarray:
    """The number in [0, 1) at ``places`` (B,) of the streams that belong to ``seeds`` (B,); all uint64, out float64.

    SplitMix64: a counter in steps of an odd number near 2^64 / golden ratio, hashed. The counter of a stream begins
    at a hash of its seed, so that neighbouring seeds do not give shifted copies of one stream.
    """
    step = np.uint64(0x9E3779B97F4A7C15)
    with np.errstate(over="ignore"):  # arithmetic modulo 2^64 is what is meant
        bits = _mix(_mix(seeds + step) + (places + np.uint64(1)) * step)
    return (bits >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return x ^ (x >> np.uint64(31))


def masses(logits: Tensor) -> Tensor:
    """Probabilities of each row times a factor of its own: exp(logit - the row's largest), (B, V); 0 for -inf."""
    return (logits - logits.amax(-1, keepdim=True)).exp_()


def choose(weights: Tensor, uniform: Tensor) -> Tensor:
    """The token at quantile ``uniform`` (B,) float64 in [0, 1) of each row's ``weights`` (B, V) >= 0; (B,) int64, CPU.

    Inverting the distribution needs one random number per row, so that a row's stream of numbers (and thereby its
    text) does not depend on which other rows are in the batch. First the block of tokens is found, then the token in
    it: one pass over the weights, and little of them leaves an accelerator.

    A token of weight zero is never chosen: all sums run in float64, one after the other on the CPU, so that a zero
    leaves a sum as it is, and u < 1 makes u * total < total, also when rounded; the first sum above that belongs to a
    weight above zero. (Sums of blocks are of float32 and can round, but not to zero.)
    """
    padding = -weights.shape[-1] % _BLOCK
    blocks = (F.pad(weights, (0, padding)) if padding else weights).unflatten(-1, (-1, _BLOCK))  # (B, N, _BLOCK)
    sums = blocks.sum(-1).cpu().double().cumsum(-1)  # (B, N)
    target = uniform.unsqueeze(-1) * sums[:, -1:]
    block = torch.searchsorted(sums, target, right=True)  # (B, 1)
    end = sums.gather(-1, block)
    begin = torch.where(block > 0, sums.gather(-1, (block - 1).clamp(min=0)), 0.0)
    share = ((target - begin) / (end - begin)).clamp(max=_BELOW_ONE)
    rows = torch.arange(len(blocks), device=weights.device)
    inside = blocks[rows, block.squeeze(-1).to(weights.device)].cpu().double().cumsum(-1)  # (B, _BLOCK)
    return (block * _BLOCK + torch.searchsorted(inside, share * inside[:, -1:], right=True)).squeeze(-1)


Alternatives = tuple[tuple[int, float], ...]
"""Tokens and their log-probabilities, the most likely one first."""


def log_probabilities(
    logits: Tensor, tokens: Tensor, counts: Sequence[int]
) -> tuple[list[float], list[Alternatives] | None]:
    """Those of ``tokens`` (B,) under the softmax of ``logits`` (B, V), and in each row the ``counts`` most likely ones.

    None when no row wants any. A token that is among the most likely ones has there exactly the same number.
    """
    total = logits.logsumexp(-1, keepdim=True)
    logprobs = (logits.gather(-1, tokens.unsqueeze(-1)) - total).squeeze(-1).tolist()
    if not any(counts):
        return logprobs, None
    best = logits.topk(min(max(counts), logits.shape[-1]), dim=-1)
    likely, ids = (best.values - total).tolist(), best.indices.tolist()
    rows = zip(ids, likely, counts, strict=True)
    return logprobs, [tuple(zip(row[:k], values[:k], strict=True)) for row, values, k in rows]


class Drawn(NamedTuple):
    """One token per row."""

    tokens: list[int]
    logprobs: list[float] | None
    """How likely each token was, as `Sampling.logprobs` says; None when no row asked."""
    alternatives: list[Alternatives] | None = None
    """The most likely tokens, for each row as many as it asked for; None when no row asked."""


class Sampler:
    """Draws tokens for a fixed group of requests; owns their random streams and which tokens they have used.

    >>> sampler = Sampler([Sampling(seed=1)], [[5, 6]], vocab_size=100, device=torch.device("cpu"))  # doctest: +SKIP
    >>> sampler.draw(logits).tokens  # (1, 100) -> [17]  # doctest: +SKIP
    """

    def __init__(
        self, settings: Sequence[Sampling], prompts: Sequence[Sequence[int]], *, vocab_size: int, device: torch.device
    ) -> None:
        self.settings = tuple(settings)
        self.vocab_size = vocab_size
        self.device = device
        seeds = [secrets.randbits(64) if s.seed is None else s.seed % 2**64 for s in settings]
        self._seeds = np.array(seeds, np.uint64)
        self._places = np.zeros(len(settings), np.uint64)  # tokens drawn so far
        self._adjustments = [
            Adjustment(setting, prompt, vocab_size=vocab_size, device=device) if Adjustment.is_needed(setting) else None
            for setting, prompt in zip(settings, prompts, strict=True)
        ]
        self._prepare()

    def _prepare(self) -> None:
        """Stack the rows' settings; a filter that no row uses is skipped altogether."""

        def column(name: str, *, off: float) -> Tensor | None:
            values = [getattr(setting, name) for setting in self.settings]
            if all(value == off for value in values):
                return None
            return torch.tensor(values, device=self.device).unsqueeze(-1)

        temperature = [setting.temperature for setting in self.settings]
        self._greedy = torch.tensor([value == 0 for value in temperature], device=self.device)
        self._all_greedy, self._any_greedy = all(v == 0 for v in temperature), any(v == 0 for v in temperature)
        divisors = [max(value, _SMALLEST_TEMPERATURE) if value else 1.0 for value in temperature]
        self._temperature = torch.tensor(divisors, device=self.device).unsqueeze(-1)
        self._top_k, self._top_p = column("top_k", off=0), column("top_p", off=1)
        self._min_p = column("min_p", off=0)
        self._logprobs = any(setting.logprobs for setting in self.settings)
        self._adjusted = [(row, one) for row, one in enumerate(self._adjustments) if one is not None]

    def select(self, rows: Sequence[int]) -> Sampler:
        """A sampler of only these rows, in this order; their randomness goes on where it was."""
        other = object.__new__(Sampler)
        other.settings = tuple(self.settings[row] for row in rows)
        other.vocab_size, other.device = self.vocab_size, self.device
        other._seeds, other._places = self._seeds[list(rows)], self._places[list(rows)]
        other._adjustments = [self._adjustments[row] for row in rows]
        other._prepare()
        return other

    def extend(self, other: Sampler) -> Sampler:
        """A sampler of these rows followed by ``other``'s."""
        both = object.__new__(Sampler)
        both.settings = self.settings + other.settings
        both.vocab_size, both.device = self.vocab_size, self.device
        both._seeds = np.concatenate([self._seeds, other._seeds])
        both._places = np.concatenate([self._places, other._places])
        both._adjustments = self._adjustments + other._adjustments
        both._prepare()
        return both

    def draw(self, logits: Tensor, allowed: Tensor | None = None) -> Drawn:
        """One token per row from ``logits`` (B, V); a NaN or an infinite logit is a Failure.

        ``allowed`` (B, V) bool, at least one True in a row: the other tokens do not exist, for filters neither.
        """
        logits = logits.float()
        if not bool(torch.isfinite(logits.amax(-1)).all()):
            raise Failure("the model's logits are not finite: its weights are damaged or its training diverged")
        shaped = logits
        if allowed is not None:
            shaped = torch.where(allowed.to(self.device), shaped, -torch.inf)
        if self._adjusted:
            shaped = shaped.clone() if shaped is logits else shaped
            for row, adjustment in self._adjusted:
                shaped[row] = adjustment.apply(shaped[row])
        tokens = shaped.argmax(-1) if self._any_greedy else None
        if not self._all_greedy:
            weights = masses(self._filter(shaped / self._temperature))
            uniform = torch.from_numpy(uniform_numbers(self._seeds, self._places))
            chosen = choose(weights, uniform).to(self.device)
            tokens = chosen if tokens is None else torch.where(self._greedy, tokens, chosen)
        assert tokens is not None
        self._places += np.uint64(1)
        drawn = tokens.tolist()
        for row, adjustment in self._adjusted:
            adjustment.note(drawn[row])
        return self._measure(logits, tokens, drawn) if self._logprobs else Drawn(drawn, None)

    def _filter(self, logits: Tensor) -> Tensor:
        if self._top_k is not None:
            logits = keep_top_k(logits, self._top_k)
        if self._top_p is not None:
            logits = keep_top_p(logits, self._top_p)
        if self._min_p is not None:
            logits = keep_min_p(logits, self._min_p)
        return logits

    def _measure(self, logits: Tensor, tokens: Tensor, drawn: list[int]) -> Drawn:
        counts = [setting.top_logprobs if setting.logprobs else 0 for setting in self.settings]
        return Drawn(drawn, *log_probabilities(logits / self._temperature, tokens, counts))
