"""PPO and GRPO: what they ask of the networks about a rollout, and what they make of a batch of episodes.

PPO (https://arxiv.org/abs/1707.06347, for language models https://arxiv.org/abs/2009.01325): the score at the last
token, a KL penalty at every token, a critic, generalised advantages. GRPO (https://arxiv.org/abs/2402.03300): the score
above the mean of the prompt's other samples, for all tokens alike. Both end in `update_policy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from codeling.model.transformer import Transformer
from codeling.rlhf import estimators
from codeling.rlhf.episodes import Episode, measure
from codeling.rlhf.policy_update import ActorCritic, Clips, Lessons, PolicyObjective, UpdateResult, update_policy
from codeling.rlhf.response_batch import all_logprobs, all_values
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.rlhf.rollout import Rollout
from codeling.runtime.distributed import Processes
from codeling.train.precision import Precision
from codeling.train.progress import Plan


@dataclass(frozen=True)
class Networks:
    """What a run trains (``trained``), what it is held to, and how it is computed."""

    trained: ActorCritic
    reference: Transformer
    optimizer: torch.optim.Optimizer
    precision: Precision


@dataclass(frozen=True)
class Lesson:
    """What an update reports: its own numbers, and those of the algorithm."""

    update: UpdateResult | None
    """None: there was nothing to learn from."""
    extra: dict[str, float]


class Learner:
    """What PPO and GRPO share; holds no state of its own besides ``beta``."""

    def __init__(self, config: RlhfConfig, networks: Networks, *, plan: Plan, processes: Processes) -> None:
        self.config = config
        self.networks = networks
        self.plan = plan
        self.processes = processes
        self.beta = config.first_beta
        clips = Clips(config.clip_low, config.highest_clip, config.value_clip, config.value_coefficient)
        self._objective = PolicyObjective(clips, temperature=config.temperature, device=networks.precision.device)

    def judge(
        self, rollouts: Sequence[Rollout], scores: Sequence[float], parts: dict[str, list[float]]
    ) -> list[Episode]:
        """Episodes of this process's rollouts, with what the networks have to say about them."""
        asked = [i for i, rollout in enumerate(rollouts) if self.asks_reference(rollout)]
        reference = dict(zip(asked, self._logprobs(self.networks.reference, [rollouts[i] for i in asked]), strict=True))
        old = [rollout.logprobs for rollout in rollouts]
        if self.networks.precision.dtype != torch.float32:
            # The engine's batches are not the training's, and in 16 bits that shows; so the same code is asked again.
            old = self._logprobs(self.networks.trained.policy, rollouts)
        values = self._values(rollouts)
        return [
            Episode(
                rollout=rollout,
                score=scores[i],
                parts={name: column[i] for name, column in parts.items()},
                logprobs=old[i],
                reference=reference.get(i),
                values=None if values is None else values[i],
            )
            for i, rollout in enumerate(rollouts)
        ]

    def asks_reference(self, rollout: Rollout) -> bool:
        """Whether the reference's opinion of this rollout is worth its cost."""
        raise NotImplementedError

    def learn(self, episodes: Sequence[Episode], *, iteration: int) -> Lesson:
        """Change the weights; ``episodes`` are those of all processes, ``iteration`` counts from 0."""
        raise NotImplementedError

    def _logprobs(self, model: Transformer, rollouts: Sequence[Rollout]) -> list[list[float]]:
        with self.networks.precision.autocast():
            return all_logprobs(
                model,
                [rollout.pair for rollout in rollouts],
                temperature=self.config.temperature,
                max_tokens=self.config.micro_batch_tokens,
            )[0]

    def _values(self, rollouts: Sequence[Rollout]) -> list[list[float]] | None:
        critic = self.networks.trained.critic
        if critic is None:
            return None
        with self.networks.precision.autocast():
            pairs = [rollout.pair for rollout in rollouts]
            return all_values(critic, pairs, max_tokens=self.config.micro_batch_tokens)

    def _update(self, lessons: Lessons, *, iteration: int) -> UpdateResult:
        return update_policy(
            self.networks.trained,
            self.networks.optimizer,
            lessons,
            objective=self._objective,
            epochs=self.config.passes,
            minibatches=self.config.steps_per_pass,
            max_approx_kl=self.config.max_approx_kl,
            max_tokens=self.config.micro_batch_tokens,
            plan=self.plan,
            iteration=iteration,
            precision=self.networks.precision,
            processes=self.processes,
        )

    def state_dict(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        return {"beta": self.beta}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Inverse of ``state_dict``."""
        self.beta = state["beta"]


class PpoLearner(Learner):
    """Proximal policy optimisation with a critic and an adaptive KL penalty."""

    def asks_reference(self, rollout: Rollout) -> bool:
        return True

    @property
    def warmup_iterations(self) -> int:
        """Rollout batches that train the critic alone."""
        if self.config.critic_warmup is not None:
            return self.config.critic_warmup
        return min(10, self.plan.total_steps // 10)

    def learn(self, episodes: Sequence[Episode], *, iteration: int) -> Lesson:
        config = self.config
        lengths = torch.tensor([len(episode.logprobs) for episode in episodes])
        mask = torch.arange(int(lengths.max())) < lengths[:, None]
        logprobs = estimators.padded([episode.logprobs for episode in episodes])
        reference = estimators.padded([episode.reference or [] for episode in episodes])
        values = estimators.padded([episode.values or [] for episode in episodes])
        rewards = estimators.token_rewards(
            torch.tensor([self._score(episode) for episode in episodes]),
            estimators.kl_k1(logprobs, reference),
            mask,
            beta=self.beta,
        )
        if config.whiten_rewards:
            rewards = estimators.scale_rewards(rewards)
        advantages, returns = estimators.generalized_advantages(rewards, values, mask, smoothing=config.smoothing)
        lessons = Lessons(
            pairs=[episode.rollout.pair for episode in episodes],
            mask=mask,
            old_logprobs=logprobs,
            advantages=estimators.whiten(advantages, mask),
            old_values=values,
            returns=returns,
        )
        self._objective.train_policy = iteration >= self.warmup_iterations
        self.networks.trained.policy.requires_grad_(self._objective.train_policy)
        update = self._update(lessons, iteration=iteration)
        extra = {
            "beta": self.beta,
            "explained_variance": float(estimators.explained_variance(values, returns, mask)),
            "critic_only": float(not self._objective.train_policy),
        }
        kl = measure(episodes).kl_per_token
        if config.kl_target and self._objective.train_policy and kl is not None:
            self.beta = estimators.adapted_beta(
                self.beta, kl, target=config.kl_target, num_samples=len(episodes), horizon=config.kl_horizon
            )
        return Lesson(update, extra)

    def _score(self, episode: Episode) -> float:
        if episode.rollout.ended or self.config.missing_end_score is None:
            return episode.score
        return self.config.missing_end_score


class GrpoLearner(Learner):
    """Group-relative policy optimisation: no critic; a KL penalty only where ``beta`` is above 0.

    The penalty is taken off the score (k1 of the whole completion), because the gradient of k3 as a loss is that of
    the other divergence, KL(reference || policy) (https://arxiv.org/abs/2506.09477).
    """

    def asks_reference(self, rollout: Rollout) -> bool:
        # Without a penalty the divergence is only reported, and one sample of each prompt gives it without bias.
        return self.beta > 0 or rollout.sample % self.config.samples_per_prompt == 0

    def learn(self, episodes: Sequence[Episode], *, iteration: int) -> Lesson:
        config = self.config
        scores = torch.tensor([self._score(episode) for episode in episodes])
        ended = torch.tensor([episode.rollout.ended for episode in episodes])
        counts = ended if config.mask_truncated else torch.ones_like(ended)
        advantages, informative = estimators.group_advantages(scores, counts, group_size=config.samples_per_prompt)
        taught = (counts & informative.repeat_interleave(config.samples_per_prompt)).nonzero().squeeze(1).tolist()
        extra = {
            "beta": self.beta,
            "zero_variance_groups": 1.0 - float(informative.float().mean()),
            "masked_truncated": float((~counts).float().mean()),
        }
        if not taught:
            return Lesson(None, extra)
        chosen = [episodes[i] for i in taught]
        lengths = torch.tensor([len(episode.logprobs) for episode in chosen])
        mask = torch.arange(int(lengths.max())) < lengths[:, None]
        lessons = Lessons(
            pairs=[episode.rollout.pair for episode in chosen],
            mask=mask,
            old_logprobs=estimators.padded([episode.logprobs for episode in chosen]),
            advantages=torch.where(mask, advantages[taught, None], 0.0),
        )
        return Lesson(self._update(lessons, iteration=iteration), extra)

    def _score(self, episode: Episode) -> float:
        if not self.beta or episode.reference is None:
            return episode.score
        penalty = sum(ours - theirs for ours, theirs in zip(episode.logprobs, episode.reference, strict=True))
        return episode.score - self.beta * penalty
