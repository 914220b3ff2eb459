"""What `codeling eval` is asked to do; free of torch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from codeling.data.tool_profiles import ProfileName


@dataclass(frozen=True)
class VerifyConfig:
    """Options of `codeling eval`, and of scripts/test_stage1.py and test_stage2.py.

    Thresholds that are not given are the stage's own (codeling.evals.gates.DEFAULTS).
    """

    stage: Literal["language", "code", "tools"] | None = None
    """What to verify it as; default: the stage that the checkpoint was trained in."""
    checkpoint: Path | None = None
    """Default: the best one of the stage: models/language_model_best.pth, code_model_best.pth, tool_model_best.pth."""
    baseline: Path | None = None
    """Checkpoint to compare with; default for code and tools: the best one of the stage before, where there is one."""
    val_file: str | None = None
    """Validation shard in data/processed; default: val_large.npy, code_val_large.npy or tool_val.npy, by stage."""
    earlier_val_file: str | None = None
    """Validation shard of the stage before, which shows forgetting; default: that stage's own if it is there."""
    eval_tokens: int = 262_144
    """Validation tokens at most, always the same ones."""
    batch_size: int = 8
    """Rows computed together."""
    sequence_length: int | None = None
    """Tokens in a validation row; default: that of the training."""
    prompts: int = 24
    """Completions measured of each kind (stories, or Bash, Python and fill-in-the-middle)."""
    tool_examples: int = 150
    """Stage tools: questions in each of the two test splits; a third as many for constrained decoding."""
    tool_profile: ProfileName | None = None
    """Stage tools: which questions; default: that of the training data, or seen tools are not seen ones."""
    samples: int = 4
    """Completions shown of each kind."""
    max_tokens: int = 160
    """Tokens of a completion at most."""
    temperature: float | None = None
    """Default 0.8 for stories and 0.2 for code."""
    max_bits_per_byte: float | None = None
    """Gate: bits per byte on the stage's validation shard at most."""
    max_repetition: float | None = None
    """Gate: share of repeated 4-grams in the completions at most."""
    min_bash_valid: float | None = None
    """Gate, stage code: share of generated Bash that passes `bash -n` and is more than comments at least."""
    min_python_valid: float | None = None
    """Gate, stage code: share of generated Python that parses and is more than a docstring or pass at least."""
    min_fim_similarity: float | None = None
    """Gate, stage code: mean edit similarity of filled-in lines to the original at least."""
    min_tool_name: float | None = None
    """Gate, stage tools: share of calls of seen tools, newly phrased, with the right name at least."""
    min_tool_exact: float | None = None
    """Gate, stage tools: share of these calls with exact arguments too at least."""
    min_irrelevance: float | None = None
    """Gate, stage tools: share of replies without a call where none is due (seen tools) at least."""
    min_constrained_valid: float | None = None
    """Gate, stage tools: share of constrained calls that parse and fit their schema at least."""
    must_improve: bool = True
    """Gate: with a baseline, bits per byte on the stage's validation shard must be lower than the baseline's."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Compute type of the validation loss; completions are computed in float32."""
    seed: int = 0
    """Decides prompts and samples."""
    output: Path | None = None
    """Where to write the result; default: logs/verify_STAGE.json."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""


@dataclass(frozen=True)
class ToolEvalConfig:
    """Options of `codeling eval tools` and of scripts/test_tool_calling.py: the scored suite of tool calls."""

    checkpoint: Path | None = None
    """Default: models/tool_model_best.pth."""
    num_examples: int = 500
    """Questions in each split: tools of the training, newly phrased, and tools never seen in training."""
    source: str | None = None
    """Conversations to ask from instead, as prepare-tools takes them (openai:PATH, sgd:PATH, ...): ``num_examples`` of
    the replies in them. Default: the built-in questions."""
    num_executed: int = 40
    """Conversations in each split in which calls are carried out and the answer is read; 0, and with --source: none."""
    profile: ProfileName | None = None
    """Which built-in questions; default: that of the training data, or seen tools are not seen ones."""
    constrained: Literal["both", "on", "off"] = "both"
    """off: the model alone; on: held to a grammar of words and fitting calls, and once more to calls only."""
    max_tokens: int = 192
    """Tokens of a reply at most."""
    batch_size: int = 16
    """Questions answered together."""
    samples: int = 12
    """Conversations shown."""
    seed: int = 0
    """Decides the questions; they are never those of training, whatever its seed."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    output: Path | None = None
    """Where to write the scores as JSON; default: logs/eval_tools.json."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""


@dataclass(frozen=True)
class TaskEvalConfig:
    """Options of `codeling eval tasks`: programming tasks whose answers are run."""

    checkpoint: Path | None = None
    """Default: models/code_model_best.pth."""
    num_tasks: int = 60
    """Tasks of each split: families of the training with new names and numbers, and families never trained on."""
    source: str | None = None
    """mbpp:PATH: the first ``num_tasks`` tasks of a file of MBPP or HumanEval rows instead."""
    num_samples: int = 8
    """Answers to each task; pass@8 needs 8."""
    temperature: float = 0.8
    """Of these answers."""
    greedy: bool = False
    """One answer to each task, the likeliest token at every step; only pass@1 then."""
    judge: bool = False
    """Grade by the tests that are kept for the judge: not those that rewards and pairs rest on."""
    max_tokens: int = 96
    """Tokens of an answer at most."""
    batch_size: int = 16
    """Answers computed together."""
    workers: int = 2
    """Programs run at the same time."""
    samples: int = 6
    """Answers shown."""
    seed: int = 0
    """Decides tasks and answers; never tasks of the training, whatever its seed."""
    device: str = "auto"
    """auto, cpu, cuda, cuda:N or mps."""
    output: Path | None = None
    """Where to write the scores as JSON; default: logs/eval_tasks.json."""
    workdir: Path = Path()
    """Folder that holds data/, models/ and logs/."""
