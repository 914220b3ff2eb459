"""Learning from rewards against TRL: samples per second of whole steps, same model, lengths, machine and minute.

    pip install -r benchmarks/requirements.txt
    OMP_NUM_THREADS=2 python benchmarks/rl.py                    # tiny model, vocabulary 32,000, fp32
    OMP_NUM_THREADS=2 python benchmarks/rl.py --only codeling-grpo trl-grpo --rounds 5
    python benchmarks/rl.py --device cuda --size medium

A step: 32 completions of 64 tokens to prompts of 64, in groups of 8 (GRPO, RLOO), a reward that costs nothing, and one
update with AdamW. No completion ends early. GRPO has no KL penalty on either side; ours still measures the divergence
on one sample of each group. PPO also has a reference and a critic that it trains, with one pass over the batch and with
the usual four. Both sides recompute nothing they need not: TRL runs one update per generation,
so it takes the log-probabilities of the update for the old ones, as ours takes the engine's.

A step of a reward model: 32 pairs, the same on both sides, with lengths distributed as those of real pairs of commands
(stage4_code_prefs_train: medians of 22 tokens for prompts and 17 for answers, texts of 42 on average and 140 at most).
TRL pads them to the longest of a step, ours packs them.

Each contender is a process of its own that lives through all rounds; rounds are interleaved, and the ratio to a peer is
the median of the ratios of each round. CPU seconds are reported beside wall time: on a shared machine they are what
holds still.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import multiprocessing
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

SAMPLES, GROUP, PROMPT, RESPONSE = 32, 8, 64, 64
MEDIAN_PROMPT, MEDIAN_ANSWER, SPREAD, LONGEST = 22, 17, 0.45, 80
"""Of the pairs' texts, in tokens: log-normal, ``SPREAD`` is the deviation of the logarithm."""
CONTENDERS = (
    "codeling-grpo", "codeling-ppo-1", "codeling-ppo-4", "trl-grpo", "trl-rloo", "codeling-reward", "trl-reward",
)  # fmt: skip

Step = Callable[[], None]


def codeling_step(name: str, size: str, vocab: int, device: str) -> Step:
    """One iteration of the learner as ``codeling align`` runs it."""
    import torch

    from codeling.model.config import SIZES
    from codeling.model.transformer import Transformer
    from codeling.rlhf.align_parts import build_optimizer
    from codeling.rlhf.learners import GrpoLearner, Networks, PpoLearner
    from codeling.rlhf.policy_update import ActorCritic
    from codeling.rlhf.rewards import CallableReward, WeightedReward
    from codeling.rlhf.rl_loop import Collector
    from codeling.rlhf.rlhf_config import RlhfConfig
    from codeling.rlhf.rollout import Query, RolloutEngine
    from codeling.rlhf.scalar_model import ScalarModel
    from codeling.runtime.device import prepare_device
    from codeling.runtime.distributed import Processes
    from codeling.train.precision import Precision
    from codeling.train.progress import Plan

    where = torch.device(device)
    prepare_device(where)
    ppo = name.startswith("codeling-ppo")
    config = RlhfConfig(
        algorithm="ppo" if ppo else "grpo", batch_size=SAMPLES, group_size=1 if ppo else GROUP, minibatches=1,
        ppo_epochs=int(name[-1]) if ppo else 1, max_new_tokens=RESPONSE, mask_truncated=False, learning_rate=1e-6,
        missing_end_score=None, critic_warmup=0, slots=SAMPLES,
    )  # fmt: skip
    policy = Transformer(replace(SIZES[size], vocab_size=vocab)).init_weights(seed=0).to(where)
    critic = ScalarModel.from_language_model(policy, zero_head=True, seed=0) if ppo else None
    trained = ActorCritic(policy, critic)
    precision = Precision(where, torch.float32)
    networks = Networks(
        trained, copy.deepcopy(policy).requires_grad_(False), build_optimizer(trained, config), precision
    )
    plan = Plan(
        total_steps=10_000, tokens_per_step=1, epoch_ends=(10_000,), num_epochs=1, eval_every=1, save_every=1,
        warmup_steps=0, grad_clip=1.0,
    )  # fmt: skip
    learner = (PpoLearner if ppo else GrpoLearner)(config, networks, plan=plan, processes=Processes())
    rng = random.Random(0)
    reward = WeightedReward([(CallableReward("benchmark:noise", lambda p, c, t: [rng.random() for _ in c]), 1.0)])
    engine = RolloutEngine(
        policy, decode=str, precision=precision, max_new_tokens=RESPONSE, temperature=1.0, slots=config.slots
    )
    collector = Collector(engine, reward, learner, processes=Processes())
    iteration = 0

    def step() -> None:
        nonlocal iteration
        queries = [
            Query(str(i), str(i), tuple(rng.randrange(1, vocab) for _ in range(PROMPT)), frozenset())
            for i in range(config.prompts_per_batch)
        ]
        requests = [(query, sample) for query in queries for sample in range(config.samples_per_prompt)]
        learner.learn(collector.collect(requests, purpose=(0, iteration)).episodes, iteration=iteration)
        iteration += 1

    return step


def pairs(vocab: int) -> list[tuple[list[int], list[int], list[int]]]:
    """Prompt, better and worse answer, as ids."""
    rng = random.Random(0)

    def ids(median: int) -> list[int]:
        length = round(rng.lognormvariate(math.log(median), SPREAD))
        return [rng.randrange(1, vocab - 2) for _ in range(min(max(1, length), LONGEST))]

    return [(ids(MEDIAN_PROMPT), ids(MEDIAN_ANSWER), ids(MEDIAN_ANSWER)) for _ in range(2048)]


def reward_step(size: str, vocab: int, device: str) -> Step:
    """One step of the reward model as ``codeling train-reward`` takes it."""
    import torch

    from codeling.model.config import SIZES
    from codeling.model.transformer import Transformer
    from codeling.rlhf.pairs import EncodedPair, PairStream
    from codeling.rlhf.reward_config import RewardConfig
    from codeling.rlhf.reward_training import reward_objective
    from codeling.rlhf.scalar_model import ScalarModel
    from codeling.runtime.device import prepare_device
    from codeling.runtime.distributed import Processes
    from codeling.train.optimizers import build_optimizer
    from codeling.train.precision import Precision
    from codeling.train.progress import Plan
    from codeling.train.step import take_step

    where = torch.device(device)
    prepare_device(where)
    policy = Transformer(replace(SIZES[size], vocab_size=vocab)).init_weights(seed=0).to(where)
    model = ScalarModel.from_language_model(policy, seed=0)
    encoded = [
        EncodedPair([*prompt, *better], [*prompt, *worse], len(prompt), 0.0) for prompt, better, worse in pairs(vocab)
    ]
    stream = PairStream(
        encoded, pairs_per_step=SAMPLES, batch_size=RewardConfig.batch_size, seed=0, processes=Processes(), device=where
    )
    optimizer = build_optimizer(model, kind="adamw", learning_rate=1e-6, weight_decay=0.0, tokens_per_step=1)
    plan = Plan(
        total_steps=10_000, tokens_per_step=1, epoch_ends=(10_000,), num_epochs=1, eval_every=1, save_every=1,
        warmup_steps=0, grad_clip=1.0,
    )  # fmt: skip
    precision = Precision(where, torch.float32)
    done = 0

    def step() -> None:
        nonlocal done
        take_step(
            model,
            optimizer,
            stream(done),
            objective=lambda model, batch: reward_objective(model, batch, centering=0.01, use_margin=False),
            plan=plan,
            precision=precision,
            step=done,
        )
        done += 1

    return step


def run_trl(name: str, size: str, vocab: int, device: str, connection: Connection) -> None:
    """TRL's trainer, which waits before each step for leave to go on."""
    import torch
    from datasets import Dataset
    from tokenizers import Tokenizer, models, pre_tokenizers
    from transformers import (
        PreTrainedTokenizerFast,
        Qwen3Config,
        Qwen3ForCausalLM,
        Qwen3ForSequenceClassification,
        TrainerCallback,
    )
    from trl import (  # pyright: ignore[reportMissingImports]
        GRPOConfig,
        GRPOTrainer,
        RewardConfig,
        RewardTrainer,
        RLOOConfig,
        RLOOTrainer,
    )

    from codeling.model.config import SIZES

    shape = SIZES[size]
    words = {f"w{i}": i for i in range(vocab - 2)} | {"<pad>": vocab - 2, "<eos>": vocab - 1}
    backend = Tokenizer(models.WordLevel(words, unk_token="w0"))
    backend.pre_tokenizer = pre_tokenizers.WhitespaceSplit()  # pyright: ignore[reportAttributeAccessIssue]
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=backend, pad_token="<pad>", eos_token="<eos>")
    torch.manual_seed(0)
    qwen = Qwen3Config(
        vocab_size=vocab,
        hidden_size=shape.d_model,
        intermediate_size=shape.d_ff,
        num_hidden_layers=shape.num_layers,
        num_attention_heads=shape.num_heads,
        num_key_value_heads=shape.num_kv_heads,
        head_dim=shape.head_dim,
        max_position_embeddings=shape.max_sequence_length,
        tie_word_embeddings=shape.tie_embeddings,
        pad_token_id=vocab - 2,
        eos_token_id=vocab - 1,
        bos_token_id=None,
        num_labels=1,  # pyright: ignore[reportCallIssue]
    )
    rng = random.Random(0)
    options: dict[str, Any] = {
        "output_dir": tempfile.mkdtemp(),
        "per_device_train_batch_size": SAMPLES,
        "learning_rate": 1e-6,
        "max_steps": 10_000,
        "report_to": "none",
        "save_strategy": "no",
        "logging_steps": 1000,
        "disable_tqdm": True,
        "bf16": False,
        "gradient_checkpointing": False,
        "use_cpu": device == "cpu",
        "dataloader_pin_memory": False,
    }

    class Turns(TrainerCallback):
        def on_step_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
            if state.global_step:  # the first one began before anybody could ask
                connection.send(None)
                connection.recv()

    if name == "trl-reward":

        def text(ids: list[int]) -> str:
            return " " + " ".join(f"w{i}" for i in ids)

        rows = [{"prompt": text(p), "chosen": text(c), "rejected": text(r)} for p, c, r in pairs(vocab)]
        RewardTrainer(
            model=Qwen3ForSequenceClassification(qwen),
            args=RewardConfig(**options, center_rewards_coefficient=0.01),
            train_dataset=Dataset.from_list(rows),
            processing_class=tokenizer,
            callbacks=[Turns()],
        ).train()
        return
    rows = [{"prompt": " ".join(f"w{rng.randrange(1, vocab - 2)}" for _ in range(PROMPT))} for _ in range(4096)]
    options |= {
        "num_generations": GROUP,
        "max_completion_length": RESPONSE,
        "generation_kwargs": {"min_new_tokens": RESPONSE},
        "temperature": 1.0,
        "beta": 0.0,
    }
    config, trainer = (GRPOConfig, GRPOTrainer) if name == "trl-grpo" else (RLOOConfig, RLOOTrainer)
    trainer(
        model=Qwen3ForCausalLM(qwen),
        args=config(**options),
        reward_funcs=lambda completions, **_: [rng.random() for _ in completions],
        train_dataset=Dataset.from_list(rows),
        processing_class=tokenizer,
        callbacks=[Turns()],
    ).train()


def contender(name: str, size: str, vocab: int, device: str, connection: Connection) -> None:
    """Say that a first step is done; then do one for each message, and say so."""
    if name.startswith("trl"):
        run_trl(name, size, vocab, device, _Timed(connection))  # type: ignore[arg-type]
        return
    step = reward_step(size, vocab, device) if name == "codeling-reward" else codeling_step(name, size, vocab, device)
    timed = _Timed(connection)
    step()
    while True:
        timed.send(None)
        timed.recv()
        step()


class _Timed:
    """Sends how long the work since the last message took, in wall and CPU seconds, instead of what is sent."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._begun = self._now()

    @staticmethod
    def _now() -> tuple[float, float]:
        usage = resource.getrusage(resource.RUSAGE_SELF)
        return time.perf_counter(), usage.ru_utime + usage.ru_stime

    def send(self, _: object) -> None:
        wall, cpu = self._now()
        self._connection.send((wall - self._begun[0], cpu - self._begun[1]))

    def recv(self) -> None:
        self._connection.recv()
        self._begun = self._now()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", choices=CONTENDERS, default=list(CONTENDERS))
    parser.add_argument("--size", default="tiny")
    parser.add_argument("--vocab", type=int, default=32_000)
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path, help="also write the numbers here")
    arguments = parser.parse_args()
    context = multiprocessing.get_context("spawn")
    peers: dict[str, Any] = {}
    for name in arguments.only:
        ours, theirs = context.Pipe()
        process = context.Process(
            target=contender, args=(name, arguments.size, arguments.vocab, arguments.device, theirs), daemon=True
        )
        process.start()
        theirs.close()
        try:
            ours.recv()  # the first step warms up
        except EOFError:
            print(f"{name}: did not start; pip install -r benchmarks/requirements.txt")
            continue
        peers[name] = ours
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in peers}
    for _ in range(arguments.rounds):
        for name, connection in peers.items():
            connection.send(None)
            times[name].append(connection.recv())
    report(times, arguments.json)


def report(times: dict[str, list[tuple[float, float]]], path: Path | None) -> None:
    rows = {}
    for name, rounds in times.items():
        peer = "trl-reward" if name.endswith("reward") else "trl-grpo"
        best_peer = peer if peer in times else None
        wall, cpu = (statistics.median(column) for column in zip(*rounds, strict=True))
        rows[name] = {"samples_per_second": SAMPLES / wall, "samples_per_cpu_second": SAMPLES / cpu}
        what = "pairs" if name.endswith("reward") else "samples"
        line = f"{name:16} {SAMPLES / wall:8.2f} {what}/s {SAMPLES / cpu:8.2f} {what}/CPU s"
        if best_peer:
            ratios = [
                statistics.median(b[i] / a[i] for a, b in zip(rounds, times[best_peer], strict=True)) for i in (0, 1)
            ]
            rows[name] |= {"ratio_wall": ratios[0], "ratio_cpu": ratios[1]}
            line += f"   {ratios[0]:5.2f} x {best_peer} ({ratios[1]:.2f} x by CPU)"
        print(line)
    if path is not None:
        path.write_text(json.dumps({"rows": rows, "rounds": times}, indent=2) + "\n")


if __name__ == "__main__":
    main()
