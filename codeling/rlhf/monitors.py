"""What goes wrong in learning from rewards, noticed early and said in words.

After each iteration and after each measurement on held-out prompts the monitors compare what they see with how the run
began. A finding is a warning, or the end of the run; the best checkpoint stays in both cases. (That the sampling policy
and the trained one agree before the first update is checked where it is known: codeling.rlhf.policy_update.)
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from typing import Any, Literal

from codeling.rlhf.episodes import BatchMeasures

WINDOW = 5
"""Iterations whose mean is compared; one batch says little."""

SILENCE = 20
"""Iterations before the same warning is given again."""


@dataclass(frozen=True)
class Finding:
    """One diagnosis."""

    kind: str
    text: str
    action: Literal["warn", "stop"] = "warn"


@dataclass(frozen=True)
class HeldOut:
    """A measurement on prompts that are not trained on."""

    measures: BatchMeasures
    objective: float
    """Mean reward less the penalty for the distance: what the best checkpoint has most of."""
    judge: float | None
    """What other tests than the reward's say; None where there are none."""


@dataclass
class Monitors:
    """Remembers the run's beginning and its last iterations; plain values, saved with the run."""

    kl_target: float
    kl_limit: float
    first: dict[str, float] = field(default_factory=dict)
    """Means over the first iterations."""
    recent: list[dict[str, float]] = field(default_factory=list)
    seen: int = 0
    started: dict[str, float] = field(default_factory=dict)
    """The first measurement on held-out prompts."""
    suspicious: int = 0
    """Measurements in a row that looked like reward hacking."""
    said: dict[str, int] = field(default_factory=dict)

    def state_dict(self) -> dict[str, Any]:
        """Plain values for a checkpoint."""
        return dataclasses.asdict(self)

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Continue where ``state`` was saved; the limits are this run's own."""
        for name, value in state.items():
            if name not in ("kl_target", "kl_limit"):
                setattr(self, name, value)

    def after_iteration(self, measures: BatchMeasures, extra: dict[str, float]) -> list[Finding]:
        """Look at one rollout batch; ``extra`` are the learner's own numbers."""
        self.seen += 1
        values = {
            "length": measures.length,
            "ended": measures.ended,
            "surprise": measures.surprise,
            "zero_variance_groups": extra.get("zero_variance_groups", 0.0),
        }
        if measures.kl_per_token is not None:
            values["kl"] = measures.kl_per_token
        self.recent = [*self.recent, values][-WINDOW:]
        if self.seen <= WINDOW:
            self.first = self._means()
            return self._fresh(self._limits(values))
        return self._fresh([*self._limits(values), *self._drifts(self._means())])

    def after_measurement(self, found: HeldOut) -> list[Finding]:
        """Look at one measurement; the first one is what the others are compared with."""
        measures = found.measures
        now = {
            "reward": measures.reward,
            "deviation": measures.reward_deviation,
            "length": measures.length,
            "repetition": measures.repetition,
        }
        if found.judge is not None:
            now["judge"] = found.judge
        if not self.started:
            self.started = now
            return []
        finding = self._hacking(now, found)
        self.suspicious = self.suspicious + 1 if finding else 0
        if finding is None:
            return []
        if self.suspicious >= 3:
            finding = dataclasses.replace(finding, action="stop", text=f"{finding.text}. Seen three times in a row")
        return [finding]

    def _means(self) -> dict[str, float]:
        names = {name for values in self.recent for name in values}
        columns = {name: [values[name] for values in self.recent if name in values] for name in sorted(names)}
        return {name: sum(column) / len(column) for name, column in columns.items()}

    def _limits(self, values: dict[str, float]) -> list[Finding]:
        kl = values.get("kl", 0.0)
        if kl > self.kl_limit:
            return [
                Finding(
                    "KL limit",
                    f"the policy is {kl:.2f} nats per token from the reference, beyond --kl-limit {self.kl_limit:g}: "
                    "it no longer is the model that was to be aligned. Take a smaller --learning-rate, a larger --beta "
                    "or fewer --ppo-epochs",
                    "stop",
                )
            ]
        return []

    def _drifts(self, now: dict[str, float]) -> list[Finding]:
        findings = []
        first = self.first
        if self.kl_target and now.get("kl", 0.0) > 2 * self.kl_target:
            findings.append(
                Finding(
                    "KL",
                    f"{now['kl']:.3f} nats per token from the reference, more than twice the target of "
                    f"{self.kl_target:g}; a larger --beta or a smaller --kl-horizon reins it in",
                )
            )
        if now["surprise"] < 0.5 * first["surprise"]:
            collapsed = now["surprise"] < 0.1 * first["surprise"]
            findings.append(
                Finding(
                    "entropy",
                    f"the entropy fell from {first['surprise']:.2f} to {now['surprise']:.2f} nats per token: the "
                    "policy repeats itself and finds nothing new. A smaller --learning-rate, a larger --clip-high or "
                    "--beta, or more different prompts keep it alive",
                    "stop" if collapsed else "warn",
                )
            )
        if now["zero_variance_groups"] > 0.8:
            findings.append(
                Finding(
                    "groups",
                    f"in {100 * now['zero_variance_groups']:.0f} % of the groups all samples earn the same, so there "
                    "is nothing to compare: prompts are too easy or too hard for it, or the reward is too coarse",
                )
            )
        drift = now["length"] / max(1.0, first["length"]) - 1.0
        if abs(drift) > 0.25:
            findings.append(
                Finding(
                    "length",
                    f"completions became {100 * abs(drift):.0f} % {'longer' if drift > 0 else 'shorter'} "
                    f"({first['length']:.0f} to {now['length']:.0f} tokens): look whether the reward pays for length",
                )
            )
        if now["ended"] < first["ended"] - 0.1:
            findings.append(
                Finding(
                    "ends",
                    f"only {100 * now['ended']:.0f} % of the completions come to an end, {100 * first['ended']:.0f} % "
                    "did at first: a larger --max-new-tokens, or a lower --missing-end-score, teaches it to end again",
                )
            )
        return findings

    def _hacking(self, now: dict[str, float], found: HeldOut) -> Finding | None:
        """The reward rose by a standard deviation of its first scores, but what it stands for did not."""
        began = self.started
        rise = now["reward"] - began["reward"]
        if rise <= max(began["deviation"], 1e-6):
            return None
        rose = f"the reward rose from {began['reward']:.2f} to {now['reward']:.2f}"
        remedy = "Read the samples above: the policy may have found what the reward pays for without doing the work"
        if found.judge is not None:
            if found.judge > began["judge"] + 0.01:
                return None
            return Finding(
                "reward hacking",
                f"{rose}, but other tests than the reward's say {found.judge:.2f} after {began['judge']:.2f}. {remedy}",
            )
        drift = now["length"] / max(1.0, began["length"]) - 1.0
        if abs(drift) > 0.5:
            return Finding(
                "reward hacking",
                f"{rose} while the length went from {began['length']:.0f} to {now['length']:.0f} tokens. {remedy}",
            )
        if now["repetition"] > began["repetition"] + 0.15:
            return Finding(
                "reward hacking",
                f"{rose} while repeated text went from {100 * began['repetition']:.0f} to "
                f"{100 * now['repetition']:.0f} %. {remedy}",
            )
        return None

    def _fresh(self, findings: list[Finding]) -> list[Finding]:
        """Those that were not just said."""
        fresh = [
            finding
            for finding in findings
            if finding.action == "stop" or self.seen - self.said.get(finding.kind, -SILENCE) >= SILENCE
        ]
        self.said |= {finding.kind: self.seen for finding in fresh}
        return fresh
