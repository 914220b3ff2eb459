"""Tool conversations -> masked shards tool_train and tool_val, test suites, and a file of what was refused.

    generators, files, hub --tasks--> worker processes: read, check, encode --in order--> duplicates dropped, counted
        --> tool_test_seen.jsonl, tool_test_unseen.jsonl
        --> tool_val.npy, .mask.npy, .docs.npy, .json, .jsonl
        --> tool_train.npy, ..., and tool_train.rejects.jsonl with every row that was refused and why

Tests come first, then validation, then training: what is in an earlier one is a duplicate in a later one. Results are
taken in the order of the tasks, so the files do not depend on the number of workers.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from codeling.config import require_numbers, require_plain_names
from codeling.data.cleaning import Duplicates
from codeling.data.config import ToolDataConfig
from codeling.data.conversations import ConversationWriter, lines_file
from codeling.data.decontamination import Decontamination
from codeling.data.prepare import load_tokenizer, split_of
from codeling.data.progress import Progress
from codeling.data.shards import withdraw
from codeling.data.tool_executed import why_not
from codeling.data.tool_report import PreparedTools, Tally
from codeling.data.tool_sources import SYNTHETIC, raw_rows, tool_sources
from codeling.data.tool_splits import Split
from codeling.data.tool_tasks import (
    EXAMPLES_PER_TASK,
    TESTS,
    Accepted,
    Execute,
    Generate,
    Outcome,
    Rejected,
    Task,
    Worker,
    import_tasks,
)
from codeling.errors import Failure, UsageError
from codeling.runtime.files import directory_lock, remove_stale_temporaries
from codeling.runtime.paths import Workspace
from codeling.runtime.workers import map_in_order

_MIN_PARALLEL_TASKS = 8
# A generator that finds no more different conversations in so many tries has no more.
_TRIES_PER_EXAMPLE = 4
_ORDER: tuple[Split, ...] = ("test_seen", "test_unseen", "val", "train")
_EXECUTED_PER_TASK = 8
_SHARD_FILES = (".npy", ".docs.npy", ".mask.npy", ".json", ".jsonl")


def prepare_tools(config: ToolDataConfig) -> PreparedTools:
    """Make what ``config`` asks for; nothing is published on any error.

    Raises UsageError for a bad request, Failure for data of which nothing can be used. A bad row is neither: it is
    counted, and written to the file of refused rows.
    """
    names = _names(config)
    tokenizer = load_tokenizer(config.tokenizer, Workspace(config.workdir))
    folder = config.output_dir or Workspace(config.workdir).processed
    made = PreparedTools(
        paths={split: folder / name for split, name in names.items()},
        rejects_path=(folder / names["train"]).with_suffix(".rejects.jsonl"),
    )
    worker = Worker(tokenizer, config.max_length, config.seed, config.profile)
    plan = _Plan(config, made)
    profile = config.profile if _is_synthetic(config.source) else ""
    with directory_lock(folder, purpose="preparation of data"), contextlib.ExitStack() as files:
        _remove_stale(made)
        # Left in the opposite order: the readable files are published only if the shards could be.
        rejects = files.enter_context(_lines_if_any(made.rejects_path))
        shards: tuple[Split, ...] = ("train", "val")
        suites: dict[Split, IO[str]] = {
            split: files.enter_context(lines_file(path)) for split, path in made.paths.items() if split not in shards
        }
        writers: dict[Split, ConversationWriter] = {
            split: files.enter_context(
                ConversationWriter(made.paths[split], tokenizer, split=split, seed=config.seed, profile=profile)
            )
            for split in shards
        }
        for split, accepted in _accepted(plan, worker, config, rejects=rejects):
            if split in writers:
                writers[split].add(accepted.example)
            else:
                suites[split].write(accepted.example.line + "\n")
        _require_enough(made, config)
        # From here to the end of the block the two shards are replaced; a crash must not pair old with new.
        for split in writers:
            withdraw(made.paths[split])
    made.manifests = {split: writer.manifest for split, writer in writers.items()}
    return made


def _names(config: ToolDataConfig) -> dict[Split, str]:
    require_numbers(config, "val_fraction", above=0, below=1)
    require_numbers(config, "executed", at_least=0, at_most=1)
    require_numbers(config, "num_examples", at_least=2)
    require_numbers(config, "num_test_examples", at_least=0)
    require_numbers(config, "limit", "workers", at_least=1)
    require_numbers(config, "max_length", at_least=16)
    require_plain_names(config, "train_name")
    train = config.train_name.removesuffix(".npy")
    if "train" not in train:
        raise UsageError(f"--train-name {train}: needs 'train' in it; the validation shard has 'val' in its place")
    names: dict[Split, str] = {"train": f"{train}.npy", "val": f"{train.replace('train', 'val')}.npy"}
    if config.num_test_examples and _is_synthetic(config.source):
        names["test_seen"] = f"{train.replace('train', 'test_seen')}.jsonl"
        names["test_unseen"] = f"{train.replace('train', 'test_unseen')}.jsonl"
    return names


def _is_synthetic(spec: str) -> bool:
    return any(source.name == SYNTHETIC for source in tool_sources(spec))


def _remove_stale(made: PreparedTools) -> None:
    paths = [made.rejects_path, *made.paths.values()]
    paths += [path.with_suffix(suffix) for path in made.paths.values() for suffix in _SHARD_FILES]
    for path in paths:
        remove_stale_temporaries(path.parent, path.name)


@contextlib.contextmanager
def _lines_if_any(path: Path) -> Iterator[IO[str]]:
    """Like ``lines_file``, but no file, also not an older one, is left where no line was written."""
    with lines_file(path) as file:
        yield file
    if path.stat().st_size == 0:
        path.unlink()


class _Plan:
    """The tasks, in rounds, and how many examples each synthetic part still lacks.

    The first round has all rows and as many synthetic examples as are wanted. What duplicates and refusals leave to be
    made is made in further rounds, each of which knows the results of the one before.
    """

    def __init__(self, config: ToolDataConfig, made: PreparedTools) -> None:
        self.made = made
        self._config = config
        train = tool_sources(config.source)
        val = tool_sources(config.val_source, flag="--val-source") if config.val_source is not None else []
        self._train_files = [source for source in train if source.name != SYNTHETIC]
        self._val_files = [source for source in val if source.name != SYNTHETIC]
        num_val = max(1, round(config.num_examples * config.val_fraction))
        self.missing: dict[Split, int] = dict.fromkeys(_ORDER, 0)
        self._num_executed = 0
        if len(self._train_files) < len(train):
            self._num_executed = self._executed(round(config.executed * (config.num_examples - num_val)))
            self.missing["train"] = config.num_examples - num_val - self._num_executed
            self.missing["test_seen"] = self.missing["test_unseen"] = config.num_test_examples
        if len(self._val_files) < len(val) or (config.val_source is None and self.missing["train"]):
            self.missing["val"] = num_val
        self._limits = {split: _TRIES_PER_EXAMPLE * number for split, number in self.missing.items()}
        self._made_up_to: dict[Split, int] = dict.fromkeys(_ORDER, 0)

    def _executed(self, wanted: int) -> int:
        reason = why_not() if wanted else None
        if reason is not None:
            self.made.notice = f"No conversations whose tools really run: {reason}"
        return 0 if reason else wanted

    def rounds(self) -> Iterator[list[Iterator[Task]]]:
        # What is missing is read at the beginning of a round: later it depends on how far ahead workers are.
        yield [self._first(split, self.missing[split]) for split in _ORDER]
        while any(self.missing[split] and self._made_up_to[split] < self._limits[split] for split in _ORDER):
            yield [self._generate(split, self.missing[split]) for split in _ORDER]

    def _first(self, split: Split, number: int) -> Iterator[Task]:
        if split == "train":
            for start in range(0, self._num_executed, _EXECUTED_PER_TASK):
                yield Execute(start, min(start + _EXECUTED_PER_TASK, self._num_executed))
        yield from self._generate(split, number)
        own: Split | None = split
        if split == "train" and self._config.val_source is None:
            own = None
        for source in {"val": self._val_files, "train": self._train_files}.get(split, []):
            yield from import_tasks(raw_rows(source, limit=self._config.limit), shapes=source.shapes, split=own)

    def _generate(self, split: Split, number: int) -> Iterator[Task]:
        begin = self._made_up_to[split]
        end = self._made_up_to[split] = min(begin + number, self._limits[split])
        for start in range(begin, end, EXAMPLES_PER_TASK):
            yield Generate(split, start, min(start + EXAMPLES_PER_TASK, end))


def _accepted(
    plan: _Plan, worker: Worker, config: ToolDataConfig, *, rejects: IO[str]
) -> Iterator[tuple[Split, Accepted]]:
    """Each example to write with its split, counted; refused ones are counted and written to ``rejects``."""
    made = plan.made
    duplicates, decontamination = Duplicates(), Decontamination(config.exclude)
    progress = Progress("prepare-tools")
    workers = config.workers or os.cpu_count() or 1
    results = itertools.chain.from_iterable(
        map_in_order(
            worker,
            itertools.chain.from_iterable(parts),
            workers=workers,
            parallel_from=_MIN_PARALLEL_TASKS,
            purpose="data-preparing",
        )
        for parts in plan.rounds()
    )
    for task, outcomes in results:
        for outcome in outcomes:
            split = task.split
            judged = _judged(outcome, duplicates, decontamination, keep=split in TESTS)
            if isinstance(judged, Rejected):
                if isinstance(task, Execute):
                    plan.missing["train"] += 1  # a generated one takes its place
                made.refused.add(judged)
                rejects.write(judged.to_json() + "\n")
                continue
            example = judged.example
            if isinstance(task, Generate):
                plan.missing[task.split] -= 1
            split = split or _side(split_of(example.text, seed=config.seed, val_fraction=config.val_fraction))
            _count(made, split, judged)
            progress.add(len(example.line), note=f"{made.refused.reasons.total():,} refused")
            yield split, judged
    made.lacking = {split: number for split, number in plan.missing.items() if number}
    progress.close()
    made.seconds = progress.seconds


def _judged(outcome: Outcome, duplicates: Duplicates, decontamination: Decontamination, *, keep: bool) -> Outcome:
    """The outcome, or its refusal for what only shows beside other examples. ``keep``: only remember it."""
    if isinstance(outcome, Rejected):
        return outcome
    reason = "duplicate" if duplicates.seen(outcome.example.text) else None
    if decontamination.touches(outcome.asked):
        reason = "holds an evaluation problem"
    if reason is None or keep:
        return outcome
    return Rejected(*outcome.where, reason, "", outcome.example.text)


def _side(split: str) -> Split:
    return "val" if split == "val" else "train"


def _count(made: PreparedTools, split: Split, accepted: Accepted) -> None:
    made.tallies.setdefault((split, accepted.example.kind), Tally()).add(accepted)
    if split == "train":
        made.turns.update(accepted.turns)
    made.warnings.update(accepted.example.warnings)
    if accepted.example.tokens_cut:
        made.num_cut += 1
        made.trained_tokens_cut += accepted.example.tokens_cut


def _require_enough(made: PreparedTools, config: ToolDataConfig) -> None:
    counts = {split: made.total(split).examples for split in made.paths}
    if min(counts["train"], counts["val"]) > 0:
        return
    reasons = "".join(
        f"\n  {count:,} {reason}: {made.refused.first[reason][0]}"
        for reason, count in made.refused.reasons.most_common(8)
    )
    found = f"{config.source}: {counts['train']:,} conversations for training and {counts['val']:,} for validation"
    refused = f"{made.refused.reasons.total():,} rows were refused{':' if reasons else ''}{reasons}"
    if counts["train"] + counts["val"] == 0:
        raise Failure(f"{found}; there is nothing to train on. {refused}")
    raise Failure(
        f"{found}; both are needed: raise --val-fraction (now {config.val_fraction}), give more rows, or name a "
        f"--val-source. {refused}"
    )
