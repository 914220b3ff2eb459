"""``codeling align``: puts an alignment run together, from files to files; the loop does the rest.

checkpoint --> policy, reference --+
reward model --> reward, critic ---+--> rl_loop --> models/rlhf_model_{last,best}.pth, logs/
prompts --> queries ---------------+

A checkpoint of it is one of a language model, with the critic and the loop's state beside the policy's weights. The
reference is not saved: it is read from its own file again, which must not have changed.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

import codeling
from codeling.checkpoint import Checkpoint, load_checkpoint, load_model, load_weights, stages_so_far
from codeling.config import to_mapping
from codeling.errors import Failure, UsageError
from codeling.rlhf.align_parts import build_critic, build_judge, build_optimizer, build_reward
from codeling.rlhf.dpo import dpo_settings, train_dpo
from codeling.rlhf.episodes import Episode
from codeling.rlhf.learners import GrpoLearner, Networks, PpoLearner
from codeling.rlhf.monitors import Monitors
from codeling.rlhf.policy_update import ActorCritic
from codeling.rlhf.prompts import decode_response
from codeling.rlhf.queries import described, load_queries
from codeling.rlhf.query_order import QueryOrder
from codeling.rlhf.rewards import WeightedReward
from codeling.rlhf.rl_loop import Collector, RlProgress, rl_loop
from codeling.rlhf.rlhf_config import RlhfConfig, check_rlhf_config, require_same_run, saved_rlhf_config
from codeling.rlhf.rollout import RolloutEngine
from codeling.rlhf.scalar_model import LoadedRewardModel
from codeling.runtime.device import compute_dtype, describe_device, prepare_device, resolve_device
from codeling.runtime.distributed import Processes, joined
from codeling.runtime.files import directory_lock, sha256_file
from codeling.runtime.metrics import MetricsLog
from codeling.runtime.paths import Workspace
from codeling.runtime.signals import Interrupted, StopRequest
from codeling.train.memory import out_of_memory_explained
from codeling.train.precision import Precision
from codeling.train.progress import Plan
from codeling.train.saving import Saver


@dataclass(frozen=True)
class AlignResult:
    """What a run left behind."""

    best: Path
    last: Path
    iterations: int
    samples: int
    seconds: float
    """Of all sittings together."""
    reward: float | None
    """Mean of the last rollout batch."""
    held_out_reward: float | None
    first_objective: float | None
    """Held-out reward less the KL penalty before the first update, and of the best checkpoint."""
    best_objective: float | None
    judge: float | None
    ended_early: str | None
    """A monitor's diagnosis, if one ended the run."""


def align_command(config: RlhfConfig) -> None:
    """``codeling align``."""
    if config.algorithm == "dpo":
        check_rlhf_config(config)
        train_dpo(dpo_settings(config), extra_info={"rlhf": to_mapping(config)})
    else:
        align(config)


def align(config: RlhfConfig) -> AlignResult:
    """Align a policy with PPO or GRPO, or continue such a run exactly with ``resume``. (DPO: codeling.rlhf.dpo.)

    Raises UsageError for what cannot be meant, Failure for what went wrong, and Interrupted after SIGINT or SIGTERM,
    once the state is saved.
    """
    assert config.algorithm != "dpo"
    check_rlhf_config(config)
    processes = Processes.from_environment()
    device = resolve_device(config.device, local_rank=processes.local_rank)
    with contextlib.ExitStack() as stack:
        if processes.is_main:
            stack.enter_context(directory_lock(Workspace(config.workdir).models, purpose="training"))
        prepare_device(device)
        stack.enter_context(joined(processes, device))
        with out_of_memory_explained(None):
            run = _Run(config, processes, device, stack=stack)
            return run.align()


class _Run:
    """One run put together: everything that lives as long as it does."""

    def __init__(
        self, config: RlhfConfig, processes: Processes, device: torch.device, *, stack: contextlib.ExitStack
    ) -> None:
        workspace = Workspace(config.workdir)
        self.processes, self.device = processes, device
        self.last = workspace.models / f"{config.out_name}_last.pth"
        path = workspace.find(config.policy_model, workspace.models, remedy="python scripts/train.py --stage tools")
        saved = self._saved(config) if config.resume else None
        self.config = config = dataclasses.replace(config, policy_model=path)
        self.start = load_model(path, device=device)
        self.reference_hash = _checked_hash(path, saved)
        self.precision = Precision(device, compute_dtype(device, config.dtype))
        room = self.start.model.config.max_sequence_length - config.max_new_tokens
        if room < 1:
            raise UsageError(
                f"--max-new-tokens {config.max_new_tokens}: the model reads {room + config.max_new_tokens} tokens, "
                "prompt and completion together; ask for fewer"
            )
        self.queries = load_queries(
            config.prompts,
            workspace=workspace,
            tokenizer=self.start.tokenizer,
            room=room,
            seed=config.seed,
            held_out=config.eval_prompts,
            num_families=config.num_families,
        )
        self.order = QueryOrder(
            self.queries.train,
            per_batch=config.prompts_per_batch,
            samples=config.samples_per_prompt,
            seed=config.seed,
        )
        self.plan = _make_plan(config, self.order)
        self.log = MetricsLog(
            workspace.logs,
            config.out_name,
            resume_step=0 if saved is None else _saved_state(saved)["progress"]["iteration"],
            enabled=processes.is_main,
        )
        stack.callback(self.log.close)
        parts, critic_start = build_reward(
            config, workspace, self.start, precision=self.precision, queries=self.queries, stack=stack
        )
        self.reward = stack.enter_context(WeightedReward(parts))
        self.networks = self._networks(critic_start)
        learner = PpoLearner if config.algorithm == "ppo" else GrpoLearner
        self.learner = learner(config, self.networks, plan=self.plan, processes=processes)
        self.progress = RlProgress()
        self.monitors = Monitors(kl_target=config.kl_target, kl_limit=config.kl_limit)
        if saved is not None:
            self._restore(saved)
        self.judge = build_judge(config, self.queries, stack=stack)
        self.saver = Saver(workspace.models, config.out_name, snapshot=self._snapshot, say=self.log.say)

    def _saved(self, config: RlhfConfig) -> Checkpoint:
        saved = load_checkpoint(self.last)
        require_same_run(config, saved_rlhf_config(self.last, saved.info), path=self.last)
        return saved

    def _networks(self, critic_start: LoadedRewardModel | None) -> Networks:
        config = self.config
        policy = self.start.model
        reference = load_model(config.policy_model, device=self.device).model.requires_grad_(False)
        critic = build_critic(policy, critic_start, seed=config.seed) if config.algorithm == "ppo" else None
        trained = ActorCritic(policy, critic).train()
        return Networks(trained, reference, build_optimizer(trained, config), self.precision)

    def _restore(self, saved: Checkpoint) -> None:
        state = _saved_state(saved)
        trained = self.networks.trained
        load_weights(trained.policy, saved, self.last)
        if trained.critic is not None:
            trained.critic.load_state_dict(state["critic"])
        assert saved.optimizer is not None
        self.networks.optimizer.load_state_dict(saved.optimizer)
        self.precision.load_state_dict(state["precision"])
        self.learner.load_state_dict(state["learner"])
        self.monitors.load_state_dict(state["monitors"])
        self.progress = RlProgress.from_state(state["progress"])

    def align(self) -> AlignResult:
        """Say what will be done, do it, and say what was made."""
        if self.processes.is_main:
            self.saver.clean()
        self._introduce()
        progress = self.progress
        if progress.iteration >= self.plan.total_steps or progress.ended_early is not None:
            why = progress.ended_early or "raise --num-epochs or --max-iterations to go on"
            self.log.say(
                f"already finished: {progress.iteration} of {self.plan.total_steps} iterations are done; {why}"
            )
            return self._result()
        config = self.config
        engine = RolloutEngine(
            self.networks.trained.policy,
            decode=lambda ids: decode_response(self.start.tokenizer, ids),
            precision=self.precision,
            max_new_tokens=config.max_new_tokens,
            temperature=config.temperature,
            slots=config.slots,
        )
        collector = Collector(engine, self.reward, self.learner, processes=self.processes, judge=self.judge)
        try:
            with StopRequest() as stop:
                rl_loop(
                    self.learner,
                    collector,
                    order=self.order,
                    held_out=self.queries.held_out,
                    plan=self.plan,
                    progress=progress,
                    monitors=self.monitors,
                    processes=self.processes,
                    metrics=self.log,
                    stop=stop,
                    show=self._show,
                    save=self._save,
                )
        except Interrupted as stopped:
            self.saver.finish()
            name = f" --out-name {config.out_name}" if config.out_name != RlhfConfig.out_name else ""
            remedy = Workspace(config.workdir).command(f"python scripts/train_rlhf.py --resume{name}")
            state = f"{stopped.state}; saved: {self.last}"
            raise Interrupted(stopped.signal_number, state, remedy=remedy) from None
        self.saver.finish()
        result = self._result()
        self.log.say(f"Saved: {result.best}")
        return result

    def _introduce(self) -> None:
        config, plan, trained = self.config, self.plan, self.networks.trained
        begin = f"resumed at iteration {self.progress.iteration}" if config.resume else f"from {config.policy_model}"
        critic = "" if trained.critic is None else f", a critic of {_count(trained.critic):,}"
        processes = f", {self.processes.world} processes" if self.processes.world > 1 else ""
        groups = f" in groups of {config.samples_per_prompt}" if config.samples_per_prompt > 1 else ""
        self.log.say(
            f"Aligning {config.out_name} by {config.algorithm.upper()}: {_count(trained.policy):,} parameters{critic}, "
            f"{begin}\n"
            f"  on {describe_device(self.device)}{processes}, {str(self.precision.dtype).removeprefix('torch.')}\n"
            f"  {plan.total_steps:,} iterations of {config.batch_size} completions{groups}, at most "
            f"{config.max_new_tokens} tokens each\n"
            f"  reward {config.reward_text}; {len(self.queries.train):,} prompts from {config.prompts}, "
            f"{len(self.queries.held_out)} held out\n"
            f"  AdamW, peak rates: "
            + ", ".join(f"{group['name']} {group['base_lr']:.3g}" for group in self.networks.optimizer.param_groups)
            + f"; beta {config.first_beta:g}"
        )
        if self.queries.too_long:
            self.log.say(f"  {self.queries.too_long} prompts are too long for the model and are left out")
        if not self.queries.held_out:
            self.log.say("  no held-out prompts: the best checkpoint is the last one")

    def _show(self, episodes: Sequence[Episode]) -> None:
        """The most and the least that a completion of this batch earned."""
        if not self.processes.is_main:
            return
        ranked = sorted(episodes, key=lambda episode: episode.score)
        for episode in (ranked[-1], ranked[0]):
            prompt = episode.rollout.query.prompt
            asked = prompt if isinstance(prompt, str) else str(prompt[-1].get("content", ""))
            text = f"{asked.rstrip()}\n=> {episode.rollout.text}"
            self.log.say(
                f"sample, reward {episode.score:.3f}:\n" + "\n".join(f"    {line}" for line in text.splitlines())
            )

    def _save(self, *, best: bool) -> None:
        if self.processes.is_main:
            self.saver.save(epoch=None, best=best)

    def _snapshot(self) -> Checkpoint:
        progress, trained = self.progress, self.networks.trained
        info: dict[str, Any] = self.start.info | {
            "stage": "rlhf",
            "step": progress.iteration,
            "finished": progress.iteration >= self.plan.total_steps or progress.ended_early is not None,
            "earlier": stages_so_far(self.start.info),
            "data": {"sources": described(self.queries.train, source=self.config.prompts)},
            "metrics": {
                key: value for key, value in progress.state_dict().items() if key not in ("iteration", "samples")
            },
            "rlhf": to_mapping(self.config),
            "reference": {"path": str(self.config.policy_model), "sha256": self.reference_hash},
            "versions": {"codeling": codeling.__version__, "torch": str(torch.__version__)},
        }
        state: dict[str, Any] = {
            "progress": progress.state_dict(),
            "learner": self.learner.state_dict(),
            "monitors": self.monitors.state_dict(),
            "precision": self.precision.state_dict(),
        }
        if trained.critic is not None:
            state["critic"] = trained.critic.state_dict()
        return Checkpoint(
            info=info,
            model=trained.policy.state_dict(),
            tokenizer=self.start.tokenizer.to_json(),
            optimizer=self.networks.optimizer.state_dict(),
            state=state,
        )

    def _result(self) -> AlignResult:
        progress, best = self.progress, self.saver.path("best")
        return AlignResult(
            best=best if best.exists() else self.last,
            last=self.last,
            iterations=progress.iteration,
            samples=progress.samples,
            seconds=progress.seconds,
            reward=progress.reward,
            held_out_reward=progress.held_out_reward,
            first_objective=progress.first_objective,
            best_objective=progress.best_objective,
            judge=progress.judge,
            ended_early=progress.ended_early,
        )


def _count(module: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())


def _saved_state(saved: Checkpoint) -> dict[str, Any]:
    if saved.state is None or saved.optimizer is None:
        raise UsageError("the checkpoint holds weights only and cannot be resumed; leave --resume out to start from it")
    return saved.state


def _checked_hash(path: Path, saved: Checkpoint | None) -> str:
    """The SHA-256 of the reference's file; a Failure where a resumed run began with another one."""
    found = sha256_file(path)
    expected = found if saved is None else saved.info["reference"]["sha256"]
    if found != expected:
        raise Failure(
            f"{path}: not the reference that the run began with (sha256 {found[:12]}..., then {expected[:12]}...); put "
            "the old file back to resume, or leave --resume out to start anew from this one"
        )
    return found


def _make_plan(config: RlhfConfig, order: QueryOrder) -> Plan:
    """A plan whose steps are iterations, and whose rate falls in a straight line to zero."""
    total = order.iterations(config.num_epochs)
    if config.max_iterations is not None:
        total = min(total, config.max_iterations)
    eval_every = config.eval_every or max(1, total // 10)
    return Plan(
        total_steps=total,
        tokens_per_step=config.batch_size * config.max_new_tokens,
        epoch_ends=(total,),
        num_epochs=config.num_epochs,
        eval_every=eval_every,
        save_every=config.save_every or eval_every,
        warmup_steps=0,
        warmdown_fraction=1.0,
        final_fraction=0.0,
        grad_clip=config.grad_clip,
        seed=config.seed,
    )
