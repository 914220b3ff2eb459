"""`codeling complete`: print what a checkpoint writes after a prompt, or between a prompt and a suffix."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from codeling.checkpoint import load_model
from codeling.config import require_numbers
from codeling.errors import UsageError
from codeling.generate.config import Sampling
from codeling.generate.text import Prompt, TextGenerator
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.paths import Workspace
from codeling.stages.complete_config import CompleteConfig

# The most advanced stage first.
_CHECKPOINTS = ("rlhf_model_best.pth", "tool_model_best.pth", "code_model_best.pth", "language_model_best.pth")
# All are held in memory until they are printed.
_MOST_COMPLETIONS = 10_000


def complete(config: CompleteConfig) -> None:
    """Generate and print; only the completion goes to standard output.

    With one completion the text is printed while it is made. More than one (``n``) are made together and printed
    one after the other, each after a line ``--- i of n``.
    """
    require_numbers(config, "n", at_least=1, at_most=_MOST_COMPLETIONS)
    sampling = Sampling(
        temperature=config.temperature,
        top_k=config.top_k,
        top_p=config.top_p,
        min_p=config.min_p,
        repetition_penalty=config.repetition_penalty,
        max_tokens=config.max_tokens,
        seed=config.seed,
    )
    path = find_checkpoint(config.checkpoint, Workspace(config.workdir))
    prompt = Prompt(_read_prompt(config.prompt), config.suffix)
    device = resolve_device(config.device)
    prepare_device(device)
    loaded = load_model(path, device=device)
    generator = TextGenerator(loaded.model, loaded.tokenizer, max_batch=min(config.n, 32))
    if config.n == 1:
        pieces = generator.stream(
            prompt.text, suffix=prompt.suffix, sampling=sampling, stop=config.stop, truncate=config.truncate_prompt
        )
        _print_pieces(pieces if config.stream else ["".join(pieces)])
        return
    completions = generator.complete_batch(
        [prompt] * config.n,
        sampling=[_numbered(sampling, number) for number in range(config.n)],
        stop=config.stop,
        truncate=config.truncate_prompt,
    )
    for number, completion in enumerate(completions, start=1):
        print(f"--- {number} of {config.n}")
        _print_pieces([completion.text])


def find_checkpoint(asked: Path | None, workspace: Workspace) -> Path:
    """The checkpoint that was asked for, or the most advanced one of the workspace; a UsageError if there is none."""
    if asked is not None:
        return workspace.find(asked, workspace.models, remedy="codeling run --recipe quick")
    for name in _CHECKPOINTS:
        if (workspace.models / name).exists():
            return workspace.models / name
    raise UsageError(
        f"{workspace.models}: no {' and no '.join(_CHECKPOINTS)} there; name one with --checkpoint FILE, "
        f"say where models/ is with --workdir FOLDER, or make one: {workspace.command('codeling run --recipe quick')}"
    )


def _numbered(sampling: Sampling, number: int) -> Sampling:
    return sampling if sampling.seed is None else replace(sampling, seed=sampling.seed + number)


def _read_prompt(prompt: str) -> str:
    if prompt != "-":
        return prompt
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"standard input is not UTF-8 text: {error}") from None


def _print_pieces(pieces: Iterable[str]) -> None:
    """Print text as it comes, and a line break at the end if it has none."""
    # A model may write any character; a terminal that cannot show one must not end the program.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    last = ""
    for piece in pieces:
        print(piece, end="", flush=True)
        last = piece
    if not last.endswith("\n"):
        print()
