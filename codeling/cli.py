"""The one command line. Every script and make target goes through ``main``.

A command is a typed configuration and the function that carries it out; both are named here as text and imported
when they are used, so that ``codeling --help`` answers at once. Values come from, in rising precedence: the
defaults, a TOML file (``--config FILE``; for ``run`` also ``--recipe NAME``), the environment
(``CODELING_TRAIN_MAX_STEPS=20``), the command line.

Exit status: 0 done, 1 the work failed, 2 the request was wrong, 130 interrupted (143 for SIGTERM), 141 the reader of
the output left (``| head``), as the shell says of programs that a signal ends.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from codeling.config import did_you_mean, environment_values, from_mapping, read_toml, to_toml
from codeling.errors import Failure, UsageError


@dataclass(frozen=True)
class Command:
    """``summary`` for the list of commands; ``config`` and ``run`` as ``module:name``.

    ``preset`` are this command's own defaults of the configuration. ``base``, also ``module:name``, makes the
    defaults from ``(name of the recipe or None, arguments)`` where they depend on them.
    """

    summary: str
    config: str
    run: str
    preset: dict[str, str] = field(default_factory=dict)
    base: str | None = None


COMMANDS = {
    "run": Command(
        "all stages, one after the other; skips what is complete, resumes what was interrupted",
        "codeling.stages.recipes:RunConfig",
        "codeling.stages.pipeline:run",
        base="codeling.stages.recipes:recipe_defaults",
    ),
    "train": Command(
        "one stage: --stage language, code or tools",
        "codeling.train.config:TrainConfig",
        "codeling.stages.training:train_command",
        base="codeling.stages.recipes:training_defaults",
    ),
    "align": Command(
        "alignment: PPO, GRPO or DPO with a reward model, running tests, or a function of yours (stage 4)",
        "codeling.rlhf.rlhf_config:RlhfConfig",
        "codeling.rlhf.align:align_command",
        base="codeling.rlhf.rlhf_config:rlhf_defaults",
    ),
    "train-reward": Command(
        "a reward model from preference pairs (stage 4)",
        "codeling.rlhf.reward_config:RewardConfig",
        "codeling.rlhf.reward_training:train_reward_command",
    ),
    "complete": Command(
        "text or code from a checkpoint, also in the middle (--suffix)",
        "codeling.stages.complete_config:CompleteConfig",
        "codeling.stages.complete:complete",
    ),
    "chat": Command(
        "talk with a model that can run tools",
        "codeling.stages.chat_config:ChatConfig",
        "codeling.stages.chat:chat",
    ),
    "serve": Command(
        "an HTTP server for editors, OpenAI's clients and the browser",
        "codeling.serve.config:ServeConfig",
        "codeling.stages.serve:serve_command",
    ),
    "eval": Command(
        "measure a checkpoint: bits per byte, valid code, repetition, samples",
        "codeling.evals.config:VerifyConfig",
        "codeling.evals.verify:verify_command",
    ),
    "eval tools": Command(
        "score tool calls: names, arguments, when not to call; seen and unseen tools; baselines",
        "codeling.evals.config:ToolEvalConfig",
        "codeling.evals.tools:tools_command",
    ),
    "eval tasks": Command(
        "run a model's answers to programming tasks: pass@1 and pass@8, seen and unseen families",
        "codeling.evals.config:TaskEvalConfig",
        "codeling.evals.solving:tasks_command",
    ),
    "quantize": Command(
        "a checkpoint with weights of 8 or 16 bits: smaller, faster, for generating; its quality measured",
        "codeling.stages.quantize_config:QuantizeConfig",
        "codeling.stages.quantize:quantize",
    ),
    "eval alignment": Command(
        "compare an aligned model with what it began as: win rate, reward, KL divergence, pass@k",
        "codeling.stages.alignment_config:AlignmentEvalConfig",
        "codeling.stages.alignment_check:check_command",
    ),
    "export hf": Command(
        "a Hugging Face folder: transformers, vLLM, SGLang",
        "codeling.export.config:HuggingFaceConfig",
        "codeling.stages.export:hugging_face_command",
    ),
    "export gguf": Command(
        "a GGUF file: llama.cpp, LM Studio",
        "codeling.export.config:GgufConfig",
        "codeling.stages.export:gguf_command",
    ),
    "export ollama": Command(
        "a folder for `ollama create`: GGUF and Modelfile",
        "codeling.export.config:OllamaConfig",
        "codeling.stages.export:ollama_command",
    ),
    "verify-export": Command(
        "does an export compute, encode and render what the checkpoint does?",
        "codeling.export.config:VerifyExportConfig",
        "codeling.stages.export:verify_command",
    ),
    "plan": Command(
        "parameters, memory, time and a batch size that fits, before a run",
        "codeling.stages.plan_config:PlanConfig",
        "codeling.stages.plan:plan_command",
    ),
    "doctor": Command(
        "check this machine: Python, PyTorch, devices, compiler, disk",
        "codeling.stages.plan_config:DoctorConfig",
        "codeling.stages.doctor:doctor_command",
    ),
    "tokenizer train": Command(
        "learn a byte-level BPE vocabulary (stage 0)",
        "codeling.tokenizer.config:TokenizerConfig",
        "codeling.stages.tokenizer:train_command",
    ),
    "tokenizer report": Command(
        "bytes per token by language, beside GPT-2's and GPT-4's",
        "codeling.tokenizer.config:TokenizerReportConfig",
        "codeling.stages.tokenizer:report_command",
    ),
    "data download-stories": Command(
        "TinyStories from the hub to data/raw/",
        "codeling.data.config:DownloadConfig",
        "codeling.stages.data:download_stories_command",
    ),
    "data download-code": Command(
        "a code corpus to data/raw/code_corpus.txt",
        "codeling.data.config:DownloadConfig",
        "codeling.stages.data:download_code_command",
    ),
    "data prepare": Command(
        "token shards for stage language",
        "codeling.data.config:PrepareConfig",
        "codeling.stages.data:prepare_command",
    ),
    "data prepare-code": Command(
        "token shards for stage code",
        "codeling.data.config:PrepareConfig",
        "codeling.stages.data:prepare_command",
        preset={"stage": "code"},
    ),
    "data prepare-tools": Command(
        "conversations with tool calls for stage tools: shards with loss masks, test suites",
        "codeling.data.config:ToolDataConfig",
        "codeling.stages.data:prepare_tools_command",
    ),
    "data prepare-preferences": Command(
        "preference pairs for stage 4: the model's own programs, faults put in good ones, files, the hub",
        "codeling.rlhf.preference_config:PreferenceConfig",
        "codeling.rlhf.preference_prepare:prepare_command",
    ),
    "data validate": Command(
        "check shards and raw files before training on them",
        "codeling.data.config:ValidateConfig",
        "codeling.stages.data:validate_command",
    ),
}


def main(arguments: Sequence[str] | None = None, *, program: str = "codeling") -> None:
    """Parse, run, and exit with the status of the module's docstring. ``arguments`` defaults to ``sys.argv[1:]``."""
    typed = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_while_read(lambda: run(typed, program=program)))


def script(command: str, *defaults: str) -> None:
    """Entry of ``scripts/*.py``: ``command`` with ``defaults`` put before what the user typed."""
    name = os.path.basename(sys.argv[0])  # noqa: PTH119 - pathlib costs nothing here, but argv[0] is not a path to open
    arguments = [*defaults, *sys.argv[1:]]
    sys.exit(_while_read(lambda: _guarded(command, arguments, program=f"python scripts/{name}")))


def _while_read(work: Callable[[], int]) -> int:
    """The status of ``work``, or 141 as soon as nobody reads the output any more."""
    _open_missing_streams()
    try:
        try:
            status = work()
        except SystemExit as left:  # the parser, after --help or a mistake
            status = left.code if isinstance(left.code, int) else 0
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Nothing is lost by this, but the interpreter would complain about the pipe while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _open_missing_streams() -> None:
    """Give a process that was started without standard streams (``>&-``, some daemons) silent ones; Python has None."""
    if sys.stdin is None:
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: PTH123, SIM115 - it stays open for life
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def run(arguments: list[str], *, program: str = "codeling") -> int:
    """Find the command that ``arguments`` begin with and carry it out; returns the exit status."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(_overview(program))
        return 0
    if arguments[0] == "--version":
        import codeling

        print(f"codeling {codeling.__version__}")
        return 0
    for length in (2, 1):
        name = " ".join(arguments[:length])
        if name in COMMANDS and len(arguments) >= length:
            return _guarded(name, arguments[length:], program=f"{program} {name}")
    group = {name for name in COMMANDS if name.startswith(arguments[0] + " ")}
    if group and (len(arguments) == 1 or arguments[1] in ("-h", "--help")):
        print(_overview(program, only=group))
        return 0 if len(arguments) > 1 else 2
    typed = " ".join(arguments[:2]) if group else arguments[0]
    print(f"error: no command '{typed}'{did_you_mean(typed, group or COMMANDS)}", file=sys.stderr)
    return 2


def _overview(program: str, *, only: set[str] | None = None) -> str:
    rows = {name: command.summary for name, command in COMMANDS.items() if only is None or name in only}
    width = max(map(len, rows)) + 2
    table = "\n".join(f"  {name:{width}}{summary}" for name, summary in rows.items())
    return (
        f"usage: {program} COMMAND [OPTIONS]\n\nTrain your own code language model from scratch.\n\n{table}\n\n"
        f"{program} COMMAND --help lists a command's options. Every command also takes --config FILE (TOML) and\n"
        f"--print-config. First steps: {program} run --recipe quick"
    )


def _guarded(name: str, arguments: list[str], *, program: str) -> int:
    """Carry out one command; a user's mistake ends in one clear line, a bug keeps its traceback."""
    try:
        return _execute(COMMANDS[name], name, arguments, program=program)
    except UsageError as error:
        return _report(f"error: {error}", 2)
    except Failure as error:
        return _report(f"failed: {error}", getattr(error, "exit_status", 1))
    except BrokenPipeError:
        raise
    except OSError as error:
        return _report(f"failed: {error}", 1)
    except KeyboardInterrupt:
        return _report("interrupted", 130)


def _report(message: str, status: int) -> int:
    print(message, file=sys.stderr)
    return status


def _execute(command: Command, name: str, arguments: list[str], *, program: str) -> int:
    config_file, arguments = _take(arguments, "--config")
    recipe, arguments = _take(arguments, "--recipe") if command.base else (None, arguments)
    print_config = "--print-config" in arguments
    arguments = [argument for argument in arguments if argument != "--print-config"]

    config_class = _load(command.config)
    config = _load(command.base)(recipe, arguments) if command.base else config_class(**command.preset)
    if config_file is not None:
        from pathlib import Path

        config = from_mapping(config_class, read_toml(Path(config_file)), where=config_file, base=config)
    prefix = _environment_prefix(name)
    values = environment_values(config_class, _environment_of(prefix), prefix=prefix)
    config = from_mapping(config_class, values, where=f"environment ({prefix}...)", base=config)
    config = _parse(config_class, config, arguments, program=program)
    if print_config:
        print(to_toml(config), end="")
        return 0
    status = _load(command.run)(config)
    return status if isinstance(status, int) else 0


def _environment_prefix(name: str) -> str:
    return f"CODELING_{name.replace(' ', '_').replace('-', '_').upper()}_"


def _environment_of(prefix: str) -> dict[str, str]:
    """Variables with this prefix, less those of a command with a longer one (``data prepare-code``)."""
    longer = [other for other in map(_environment_prefix, COMMANDS) if other != prefix and other.startswith(prefix)]
    return {key: text for key, text in os.environ.items() if not key.startswith(tuple(longer))}


def _take(arguments: list[str], option: str) -> tuple[str | None, list[str]]:
    """Remove ``option VALUE`` or ``option=VALUE`` from the arguments; the last one counts."""
    value, rest, remaining = None, [], iter(arguments)
    for argument in remaining:
        if argument == option:
            value = next(remaining, None)
            if value is None or value.startswith("--"):
                raise UsageError(f"{option} needs a value after it")
        elif argument.startswith(option + "="):
            value = argument.removeprefix(option + "=")
        else:
            rest.append(argument)
    return value, rest


def _parse(config_class: type, config: Any, arguments: list[str], *, program: str) -> Any:
    import tyro

    return tyro.cli(
        config_class, args=arguments, default=config, prog=program, config=(tyro.conf.ConsolidateSubcommandArgs,)
    )


def _load(name: str) -> Any:
    module, attribute = name.split(":")
    return getattr(importlib.import_module(module), attribute)
