"""Samples, corruptions, files and hub data sets -> data/processed/preferences.json, split by prompt.

    val_source, source --pairs--> refused: equal, seen before, contradictory, held out, an evaluation problem
        --> preferences.json          every pair that is left, validation included
        --> preferences.rejects.jsonl every row that was refused and why, if there are any

Both files are written at the end, so an interrupted preparation leaves what was there before.
"""

from __future__ import annotations

import contextlib
import dataclasses
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from codeling.config import require_numbers
from codeling.data.decontamination import Decontamination
from codeling.data.progress import Progress
from codeling.errors import Failure, UsageError
from codeling.rlhf.corruption_pairs import corrupted_pairs
from codeling.rlhf.preference_config import PreferenceConfig
from codeling.rlhf.preference_report import PreparedPreferences
from codeling.rlhf.preference_sources import Found, PairSource, RefusedRow, imported_pairs, pair_sources
from codeling.rlhf.preferences import Split, check_preference, prompt_key, split_of_prompt, write_preferences
from codeling.runtime.files import directory_lock, remove_stale_temporaries, write_text
from codeling.runtime.paths import Workspace
from codeling.tasks.generate import generate_tasks
from codeling.tasks.mbpp import mbpp_tasks
from codeling.tasks.task import Task

Outcome = Found | RefusedRow


def prepare_command(config: PreferenceConfig) -> None:
    """``codeling data prepare-preferences``."""
    print(prepare_preferences(config))


def prepare_preferences(config: PreferenceConfig) -> PreparedPreferences:
    """Make what ``config`` asks for. UsageError for a bad request, Failure for sources without a usable pair.

    A bad row is neither: it is counted and written, with file, line and reason, to the file of refused rows.
    """
    sources, val_sources = _checked(config)
    workspace = Workspace(config.workdir)
    output = config.output or workspace.processed / "preferences.json"
    made = PreparedPreferences(output, output.with_suffix(".rejects.jsonl"))
    progress = Progress("prepare-preferences")
    judge = _Judge(config)
    with directory_lock(output.parent, purpose="preparation of data"), contextlib.ExitStack() as stack:
        for path in (made.path, made.rejects_path):
            remove_stale_temporaries(path.parent, path.name)
        for source in val_sources:
            for outcome in imported_pairs(source, limit=config.limit):
                _take(made, judge.held_out(outcome), progress)
        for source in sources:
            wanted = _wanted(config, source, sources) if source.made_here else None
            outcomes = _made_here(source, config, workspace, stack) if source.made_here else None
            taken = 0
            for outcome in outcomes or imported_pairs(source, limit=config.limit):
                taken += _take(made, judge.judged(outcome), progress)
                if taken == wanted:
                    break
            if wanted is not None and taken < wanted:
                made.lacking[source.name] = wanted - taken
        progress.close()
        made.seconds = progress.seconds
        _require_both(made, config)
        write_preferences(made.path, made.preferences)
        if made.refused:
            write_text(made.rejects_path, "".join(json.dumps(dataclasses.asdict(one)) + "\n" for one in made.refused))
        else:
            made.rejects_path.unlink(missing_ok=True)
    return made


def _checked(config: PreferenceConfig) -> tuple[list[PairSource], list[PairSource]]:
    require_numbers(
        config, "num_examples", "samples_per_task", "max_tokens", "workers", "limit", "num_families", at_least=1
    )
    require_numbers(config, "num_sampled", at_least=1, at_most=config.num_examples)
    require_numbers(config, "temperature", above=0)
    require_numbers(config, "val_fraction", above=0, below=1)
    require_numbers(config, "seed", at_least=0, below=2**63)
    sources = pair_sources(config.source)
    val_sources = pair_sources(config.val_source, flag="--val-source") if config.val_source is not None else []
    if any(source.name == "samples" for source in sources):
        _checkpoint(config, Workspace(config.workdir))  # refused now, not after minutes
    if config.mbpp_file is not None and not config.mbpp_file.is_file():
        raise UsageError(f"--mbpp-file {config.mbpp_file}: no such file")
    return sources, val_sources


def _checkpoint(config: PreferenceConfig, workspace: Workspace) -> Path:
    """The model that samples, as it was named or the one of stage 3."""
    name = config.checkpoint or workspace.models / "tool_model_best.pth"
    try:
        return workspace.find(name, workspace.models, remedy="python scripts/train.py --stage tools")
    except UsageError as error:
        if config.checkpoint is not None:
            raise
        without = ",".join(part for part in config.source.split(",") if part.strip() != "samples") or "corruptions"
        command = workspace.command(f"python scripts/prepare_rlhf_data.py --source {without}")
        raise UsageError(
            f"{error}\nsamples need that model; name another with --checkpoint, or leave the samples out: {command}"
        ) from None


def _wanted(config: PreferenceConfig, source: PairSource, sources: list[PairSource]) -> int:
    """Pairs that ``source``, one of those made here, should bring."""
    parts = sum(other.made_here for other in sources)
    if parts == 1:
        return config.num_examples
    sampled = round(config.num_examples / parts) if config.num_sampled is None else config.num_sampled
    return max(1, sampled if source.name == "samples" else config.num_examples - sampled)


def _made_here(
    source: PairSource, config: PreferenceConfig, workspace: Workspace, stack: contextlib.ExitStack
) -> Iterator[Found]:
    tasks = _tasks(config)
    if source.name == "corruptions":
        return corrupted_pairs(tasks, seed=config.seed)
    # Models and sandboxes take seconds to start, which the other sources need not wait for.
    from codeling.checkpoint import load_model
    from codeling.generate.config import Sampling
    from codeling.rlhf.sample_pairs import sampled_pairs
    from codeling.runtime.device import prepare_device, resolve_device
    from codeling.tasks.grading import Grader

    device = resolve_device(config.device)
    prepare_device(device)
    model = load_model(_checkpoint(config, workspace), device=device)
    grader = stack.enter_context(Grader(workers=config.workers, unsafe=config.unsafe))
    return sampled_pairs(
        tasks,
        model,
        grader,
        samples_per_task=config.samples_per_task,
        sampling=Sampling(temperature=config.temperature, max_tokens=config.max_tokens),
        seed=config.seed,
    )


def _tasks(config: PreferenceConfig) -> Iterator[Task]:
    """Generated tasks, and, one after each of them, those of a file."""
    generated = generate_tasks("train", seed=config.seed, limit=config.num_examples, num_families=config.num_families)
    if config.mbpp_file is None:
        return iter(generated)
    pairs = itertools.zip_longest(generated, mbpp_tasks(config.mbpp_file))
    return (task for pair in pairs for task in pair if task is not None)


class _Judge:
    """Remembers what came before; says which split a pair belongs to, or why it is refused."""

    def __init__(self, config: PreferenceConfig) -> None:
        self._config = config
        self._seen: set[tuple[str, str, str]] = set()
        self._held_out: set[str] = set()
        self._evaluations = Decontamination(config.exclude)

    def held_out(self, outcome: Outcome) -> Outcome:
        """A pair of --val-source."""
        if isinstance(outcome, Found):
            self._held_out.add(prompt_key(outcome.preference.prompt))
        return self._judged(outcome, "val")

    def judged(self, outcome: Outcome) -> Outcome:
        """A pair of --source."""
        if isinstance(outcome, RefusedRow):
            return outcome
        prompt = outcome.preference.prompt
        if prompt_key(prompt) in self._held_out:
            return outcome.refused("its prompt is in --val-source")
        split = split_of_prompt(prompt, seed=self._config.seed, val_fraction=self._config.val_fraction)
        return self._judged(outcome, split)

    def _judged(self, outcome: Outcome, split: Split) -> Outcome:
        if isinstance(outcome, RefusedRow):
            return outcome
        preference = dataclasses.replace(outcome.preference, split=split)
        try:
            check_preference(preference)
        except UsageError as error:
            return outcome.refused(str(error))
        key = prompt_key(preference.prompt)
        pair = (preference.chosen, preference.rejected)
        if (key, *pair) in self._seen:
            return outcome.refused("duplicate")
        if (key, *reversed(pair)) in self._seen:
            return outcome.refused("an earlier pair says the opposite")
        if self._evaluations.touches(key):
            return outcome.refused("holds an evaluation problem")
        self._seen.add((key, *pair))
        return dataclasses.replace(outcome, preference=preference)


def _take(made: PreparedPreferences, outcome: Outcome, progress: Progress) -> int:
    """Remember the outcome; 1 for a pair."""
    if isinstance(outcome, RefusedRow):
        made.refused.append(outcome)
        return 0
    preference = outcome.preference
    made.preferences.append(preference)
    progress.add(len(preference.chosen) + len(preference.rejected), note=f"{len(made.refused):,} refused")
    return 1


def _require_both(made: PreparedPreferences, config: PreferenceConfig) -> None:
    counts = Counter(preference.split for preference in made.preferences)
    if counts["train"] and counts["val"]:
        return
    found = f"{config.source}: {counts['train']:,} pairs for training and {counts['val']:,} for validation"
    reasons = "".join(f"\n  {line}" for line in made.refused_lines())
    raise Failure(
        f"{found}; both are needed: raise --val-fraction (now {config.val_fraction}), give more rows, or name a "
        f"--val-source{reasons}"
    )
