"""Is stage 4's success luck, or the judge's mistake? Several seeds and the negative controls, as whole runs.

    python benchmarks/alignment_proof.py --start runs/quick --output runs/proof
    python benchmarks/alignment_proof.py --start runs/quick --output runs/proof --seeds 0 --controls random \\
        -- --rlhf.verify.prompts 480

``--start`` is the folder of a run that has finished stage 3; every run here begins from its tool model, does stage 4 of
the recipe in a folder of its own under ``--output``, and is measured by `codeling eval alignment`. The demands are the
proof's own (`AlignmentLimits`), whatever thresholds the recipe has. A control is the first seed's run with another
reward (``random``, ``length``, or any module:function) and with nothing beside it, not even the low score of a
completion that does not end, for to end is to win sometimes: it shares that run's pairs and reward model, and must fail
to win by the judge. What is complete is not done again, so a proof that was stopped goes on by the same command. What
follows ``--`` goes to `codeling run`; the comparison is of as many tasks as `codeling eval
alignment` asks by default, whatever the recipe says, unless ``--rlhf.verify.prompts`` is among it.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codeling.evals.alignment import alignment_gates
from codeling.evals.gates import Gate
from codeling.stages.alignment_config import AlignmentEvalConfig

START = ("models/tool_model_best.pth", "models/tool_model_best.json")
HELD_OUT_CODE = "data/processed/code_val_large*"
VERDICT = "logs/verify_rlhf.json"
WIN_RATE = "win_rate_low_share"


@dataclass(frozen=True)
class Run:
    """A finished run: how it was rewarded, and what the comparison with its start found."""

    name: str
    control: bool
    measures: dict[str, float]
    before: dict[str, float]
    pairs: dict[str, float]
    """What the reward model's training reported."""

    @property
    def gates(self) -> list[Gate]:
        return alignment_gates(self.measures, self.before)

    @property
    def verdict(self) -> str:
        """In words: how many demands are met; of a control, whether it fails where it must."""
        if self.control:
            wins = next(gate.passed for gate in self.gates if gate.measure == WIN_RATE)
            return "WINS: the judge is wrong" if wins else "does not win, as it must"
        missed = [gate.measure for gate in self.gates if not gate.passed]
        met = f"{len(self.gates) - len(missed)} of {len(self.gates)}"
        return f"{met}; missed: {', '.join(missed)}" if missed else met


def begin(folder: Path, start: Path) -> None:
    """The folder of a run, with what stage 4 begins from."""
    held_out = [path.relative_to(start).as_posix() for path in start.glob(HELD_OUT_CODE)]
    for name in (*START, *held_out):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(start / name, folder / name)


def begin_control(folder: Path, first: Path) -> None:
    """The folder of a control: everything of the first run, but for its verdict."""
    shutil.copytree(first, folder)
    (folder / VERDICT).unlink()


def carry_out(name: str, folder: Path, *, recipe: str, seed: int, reward: str | None, more: Sequence[str]) -> Run:
    """Stage 4 in ``folder``, as far as it is not done."""
    command = [sys.executable, "-m", "codeling", "run", "--recipe", recipe, "--stages", "rlhf", "--seed", str(seed)]
    # A recipe may ask few tasks; of 64 a mean reward is uncertain by a quarter of a deviation.
    command += ["--workdir", str(folder), "--rlhf.verify.prompts", str(AlignmentEvalConfig.prompts), *more]
    if reward is not None:
        command += ["--rlhf.align.reward", reward, "--rlhf.align.missing-end-score", "None"]
    print(f"\n##### {name}: {' '.join(command)}", flush=True)
    status = subprocess.run(command, check=False).returncode
    if not (folder / VERDICT).exists():  # a missed threshold of the recipe's is also status 1
        sys.exit(f"{name}: codeling run ended with status {status} and without a verdict")
    found = json.loads((folder / VERDICT).read_text())
    pairs = json.loads((folder / "state" / "rlhf.reward.json").read_text())["result"]["measures"]
    return Run(name, reward is not None, found["measures"], found["before"], pairs)


def table(runs: Sequence[Run]) -> str:
    """Markdown, a row for each run."""
    head = [
        "run", "reward", "less its price", "win rate", "in Python", "in Bash", "pass@1", "pass@8", "KL", "tokens",
        "ended", "entropy", "bits per byte", "families without training", "reward model", "demands met",
    ]  # fmt: skip
    rows = [head, ["---"] * len(head), *(_row(run) for run in runs)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(run: Run) -> list[str]:
    m, before = run.measures, run.before

    def change(name: str) -> str:
        return f"{100 * (m[name] / before[name] - 1):+.1f} %" if name in before else "-"

    def win(prefix: str = "") -> str:
        if f"{prefix}win_rate_share" not in m:
            return "-"
        low, high = m[f"{prefix}win_rate_low_share"], m[f"{prefix}win_rate_high_share"]
        return f"{100 * m[f'{prefix}win_rate_share']:.1f} % ({100 * low:.1f} to {100 * high:.1f})"

    def from_to(name: str) -> str:
        return f"{100 * before[name]:.1f} to {100 * m[name]:.1f} %" if name in m else "-"

    return [
        run.name,
        f"{m['reward_gain']:+.2f} SD",
        f"{m['penalized_gain']:+.3f}",
        win(),
        win("python_"),
        win("bash_"),
        from_to("pass_at_1_share"),
        from_to("pass_at_8_share"),
        f"{m['kl_per_token']:.3f}",
        change("length"),
        f"{100 * m['ended_share']:.1f} %",
        change("entropy"),
        change("bits_per_byte"),
        win("unseen_"),
        f"{100 * run.pairs['reward_accuracy_share']:.1f} %" if "reward_accuracy_share" in run.pairs else "-",
        run.verdict,
    ]


def main() -> None:
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    more = arguments[split + 1 :]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, required=True, help="folder of a run with a finished stage 3")
    parser.add_argument("--output", type=Path, required=True, help="folder for the runs, and for proof.json")
    parser.add_argument("--recipe", default="quick")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2])
    parser.add_argument("--controls", nargs="*", default=["random", "length"], help="rewards that must not win")
    options = parser.parse_args(arguments[:split])

    asked: list[tuple[str, int, str | None]] = [(f"seed-{seed}", seed, None) for seed in options.seeds]
    asked += [(f"control-{reward.replace(':', '-').replace('/', '-')}", options.seeds[0], reward)
              for reward in options.controls]  # fmt: skip
    runs = []
    for name, seed, reward in asked:
        folder = options.output / name
        if reward is None:
            begin(folder, options.start)
        elif not folder.exists():
            begin_control(folder, options.output / f"seed-{options.seeds[0]}")
        runs.append(carry_out(name, folder, recipe=options.recipe, seed=seed, reward=reward, more=more))
        print(f"\n{table(runs)}", flush=True)
        plain: list[dict[str, Any]] = [vars(run) | {"verdict": run.verdict} for run in runs]
        (options.output / "proof.json").write_text(json.dumps(plain, indent=2) + "\n")


if __name__ == "__main__":
    main()
