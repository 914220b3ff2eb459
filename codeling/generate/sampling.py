"""From logits to a token: pure functions on a batch, every row with its own settings and its own randomness.

Shapes: ``B`` rows (requests), ``V`` vocabulary. Settings are tensors of shape (B, 1), so that requests with
different settings share one pass. Sources: top-p, Holtzman et al. 2019 (arXiv 1904.09751); min-p, Nguyen et al. 2024
(arXiv 2407.01082); repetition penalty, Keskar et al. 2019 (arXiv 1909.05858).
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from codeling.errors import Failure
from codeling.generate.config import Sampling

# Below it the most likely token has all the probability anyway, and logits divided by it may not fit into float32.
_SMALLEST_TEMPERATURE = 1e-6


def penalize_repetition(logits: Tensor, seen: Tensor, penalty: Tensor) -> Tensor:
    """Make tokens that were already used less likely: positive logits are divided by the penalty, others multiplied.

    ``logits`` (B, V), ``seen`` (B, V) bool, ``penalty`` (B, 1); a penalty of 1 changes nothing.
    """
    return torch.where(seen, torch.where(logits > 0, logits / penalty, logits * penalty), logits)


def keep_top_k(logits: Tensor, k: Tensor) -> Tensor:
    """Set all but the ``k`` largest logits of each row to -inf; ``k`` (B, 1) int, 0 keeps all, ties are kept."""
    vocabulary = logits.shape[-1]
    k = torch.where(k > 0, k, vocabulary).clamp(max=vocabulary)
    largest = logits.topk(int(k.max()), dim=-1).values
    return logits.masked_fill(logits < largest.gather(-1, k - 1), -torch.inf)


def keep_top_p(logits: Tensor, p: Tensor) -> Tensor:
    """Keep the smallest set of most likely tokens whose probabilities reach ``p`` (B, 1); at least one is kept."""
    ordered, order = logits.sort(dim=-1, descending=True, stable=True)
    probabilities = ordered.softmax(-1)
    before = probabilities.cumsum(-1) - probabilities  # the probability of everything more likely
    drop = (before >= p) & (p < 1)
    drop[..., 0] = False
    return logits.masked_fill(torch.zeros_like(drop).scatter(-1, order, drop), -torch.inf)


def keep_min_p(logits: Tensor, min_p: Tensor) -> Tensor:
    """Drop tokens whose probability is below ``min_p`` (B, 1) times that of the most likely one; 0 drops none."""
    # log(0) is -inf: the threshold then lies below every finite logit.
    return logits.masked_fill(logits < logits.amax(-1, keepdim=True) + min_p.log(), -torch.inf)


def choose(logits: Tensor, uniform: Tensor) -> Tensor:
    """The token at quantile ``uniform`` (B,) in [0, 1) of each row's distribution; (B,) int64.

    Inverting the distribution needs one random number per row, so that a row's stream of numbers (and thereby its
    text) does not depend on which other rows are in the batch.
    """
    # Summed in float64, where target < total holds exactly: a token of probability zero can never be chosen.
    cumulative = logits.softmax(-1).cumsum(-1, dtype=torch.float64)
    target = uniform.double().unsqueeze(-1) * cumulative[..., -1:]
    return torch.searchsorted(cumulative, target, right=True).squeeze(-1)


class Sampler:
    """Draws tokens for a fixed group of requests; owns their random generators and which tokens they have used.

    >>> sampler = Sampler([Sampling(seed=1)], [[5, 6]], vocab_size=100, device=torch.device("cpu"))  # doctest: +SKIP
    >>> sampler.draw(logits)  # (1, 100) -> [17]  # doctest: +SKIP
    """

    def __init__(
        self, settings: Sequence[Sampling], prompts: Sequence[Sequence[int]], *, vocab_size: int, device: torch.device
    ) -> None:
        self.settings = tuple(settings)
        self.vocab_size = vocab_size
        self.device = device
        self._generators = [_generator(setting.seed) for setting in settings]
        self._seen: Tensor | None = None
        if any(setting.repetition_penalty != 1 for setting in settings):
            self._seen = torch.zeros(len(settings), vocab_size, dtype=torch.bool, device=device)
            for row, prompt in enumerate(prompts):
                self._seen[row, torch.tensor(list(prompt), dtype=torch.long, device=device)] = True
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
        self._all_greedy = all(value == 0 for value in temperature)
        divisors = [max(value, _SMALLEST_TEMPERATURE) for value in temperature]
        self._temperature = torch.tensor(divisors, device=self.device).unsqueeze(-1)
        self._top_k, self._top_p = column("top_k", off=0), column("top_p", off=1)
        self._min_p, self._penalty = column("min_p", off=0), column("repetition_penalty", off=1)

    def select(self, rows: Sequence[int]) -> Sampler:
        """A sampler of only these rows, in this order; their randomness goes on where it was."""
        other = object.__new__(Sampler)
        other.settings = tuple(self.settings[row] for row in rows)
        other.vocab_size, other.device = self.vocab_size, self.device
        other._generators = [self._generators[row] for row in rows]
        other._seen = None if self._seen is None else self._seen[torch.tensor(list(rows), device=self.device)]
        other._prepare()
        return other

    def extend(self, other: Sampler) -> Sampler:
        """A sampler of these rows followed by ``other``'s."""
        both = object.__new__(Sampler)
        both.settings = self.settings + other.settings
        both.vocab_size, both.device = self.vocab_size, self.device
        both._generators = self._generators + other._generators
        both._seen = None
        if self._seen is not None or other._seen is not None:
            both._seen = torch.cat([self._seen_or_none_used(), other._seen_or_none_used()])
        both._prepare()
        return both

    def _seen_or_none_used(self) -> Tensor:
        # A group without penalties keeps no record, and its rows' penalty of 1 makes any record right.
        if self._seen is not None:
            return self._seen
        return torch.zeros(len(self.settings), self.vocab_size, dtype=torch.bool, device=self.device)

    def draw(self, logits: Tensor, allowed: Tensor | None = None) -> list[int]:
        """One token per row from ``logits`` (B, V); a NaN or an infinite logit is a Failure.

        ``allowed`` (B, V) bool, at least one True in a row: the other tokens do not exist, for filters neither.
        """
        logits = logits.float()
        if not bool(torch.isfinite(logits.amax(-1)).all()):
            raise Failure("the model's logits are not finite: its weights are damaged or its training diverged")
        if allowed is not None:
            logits = torch.where(allowed.to(self.device), logits, -torch.inf)
        if self._penalty is not None and self._seen is not None:
            logits = penalize_repetition(logits, self._seen, self._penalty)
        tokens = logits.argmax(-1)
        if not self._all_greedy:
            filtered = logits / self._temperature
            if self._top_k is not None:
                filtered = keep_top_k(filtered, self._top_k)
            if self._top_p is not None:
                filtered = keep_top_p(filtered, self._top_p)
            if self._min_p is not None:
                filtered = keep_min_p(filtered, self._min_p)
            # The numbers are drawn on the CPU: the same seed then means the same numbers on every device.
            uniform = torch.cat([torch.rand(1, generator=one) for one in self._generators])
            tokens = torch.where(self._greedy, tokens, choose(filtered.cpu(), uniform).to(self.device))
        if self._seen is not None:
            self._seen.scatter_(1, tokens.unsqueeze(-1), True)
        return tokens.tolist()


def _generator(seed: int | None) -> torch.Generator:
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed % 2**63)
    return generator
