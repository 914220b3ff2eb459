"""The scored suite of tool calls: seeded, offline, beside two baselines that read nothing.

    questions of a split --model, free or held to a grammar--> replies --judge--> verdicts --> measures
                         \\-> baselines ----------------------------------------/
                         \\-> conversations with executed calls ---------------------------/

Two splits: ``test_seen`` asks for the functions of the training in phrasings that training never uses, ``test_unseen``
for functions that no training conversation offers. The questions are a pure function of the seed. With
a source of one's own conversations, every reply in them is a possible question instead.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, get_args

from codeling.checkpoint import LoadedModel, load_model
from codeling.config import require_numbers
from codeling.data.tool_conversations import ToolExample
from codeling.data.tool_profiles import PROFILES, ProfileName
from codeling.data.tool_splits import Split
from codeling.evals.config import ToolEvalConfig, VerifyConfig
from codeling.evals.report import Sample
from codeling.evals.tool_baselines import BASELINES
from codeling.evals.tool_execution import Outcome, execution_examples, execution_measures, run_conversations
from codeling.evals.tool_questions import OWN, asked_of, own_questions, questions, suite_seed
from codeling.evals.tool_replies import Mode, Replier
from codeling.evals.tool_scores import Reply, Verdict, by_tools, judge, measures
from codeling.evals.tool_table import table
from codeling.generate.engine import Engine
from codeling.runtime.device import prepare_device, resolve_device
from codeling.runtime.files import write_json
from codeling.runtime.paths import Workspace
from codeling.tools.calls import call_json

SPLITS: tuple[Split, ...] = ("test_seen", "test_unseen")
_MAX_BATCH = 16


@dataclass(frozen=True)
class SplitScores:
    """One split: what every way of answering came to, on the same questions."""

    verdicts: Mapping[str, Sequence[Verdict]]
    """By mode (free, constrained, required) and baseline. ``required`` is asked only where a call is due."""
    outcomes: Sequence[Outcome] = ()
    """Conversations whose calls were carried out."""
    samples: Sequence[Sample] = ()

    def measures(self, name: str) -> dict[str, float]:
        """The shares of one way of answering; of ``free`` (or what stands for it), those with execution too."""
        found = measures(self.verdicts[name])
        return found | execution_measures(self.outcomes) if name == next(iter(self.verdicts)) else found

    def to_json(self) -> dict[str, Any]:
        """By way of answering: number of questions, measures, and measures by kind and by number of tools."""
        return {
            name: {
                "questions": len(rows),
                "measures": self.measures(name),
                "by_tools": {
                    str(number): {"questions": len(group), **measures(group)}
                    for number, group in by_tools(rows).items()
                },
            }
            for name, rows in self.verdicts.items()
        }


@dataclass(frozen=True)
class ToolScores:
    """The suite's outcome."""

    splits: Mapping[str, SplitScores]
    """By split: test_seen and test_unseen, or own."""
    facts: Mapping[str, Any] = field(default_factory=dict)
    """What was asked: checkpoint, seed, profile, number of questions, seconds."""

    @property
    def samples(self) -> list[Sample]:
        return [sample for scores in self.splits.values() for sample in scores.samples]

    def to_json(self) -> dict[str, Any]:
        """Plain values, for a file."""
        return {
            **self.facts,
            "splits": {split: scores.to_json() for split, scores in self.splits.items()},
            "samples": [asdict(sample) for sample in self.samples],
        }


def tools_command(config: ToolEvalConfig) -> None:
    """`codeling eval tools`: samples and tables on stdout, everything as JSON in a file."""
    scores = evaluate(config)
    print(table(scores.splits, scores.facts, scores.samples))


def evaluate(config: ToolEvalConfig) -> ToolScores:
    """Load the checkpoint, run the whole suite, write its JSON."""
    start = time.monotonic()
    require_numbers(config, "num_examples", "batch_size", "max_tokens", at_least=1)
    require_numbers(config, "num_executed", "samples", at_least=0)
    workspace = Workspace(config.workdir)
    path = workspace.find(
        config.checkpoint or "tool_model_best.pth", workspace.models, remedy="codeling train --stage tools"
    )
    device = resolve_device(config.device)
    prepare_device(device)
    loaded = load_model(path, device=device)
    profile = profile_of(loaded, asked=config.profile)
    modes = {"off": ("free",), "on": ("constrained", "required"), "both": get_args(Mode)}[config.constrained]
    own = own_questions(config.source, count=config.num_examples, seed=config.seed) if config.source else None
    asked = {OWN: (own.examples, [])} if own else _built_in(config, profile)
    splits: dict[str, SplitScores] = {}
    for name, (examples, executed) in asked.items():
        splits[name] = score_split(
            loaded,
            examples,
            counts=dict.fromkeys(modes, config.num_examples),
            executed=executed,
            num_samples=config.samples // len(asked),
            max_tokens=config.max_tokens,
            batch_size=config.batch_size,
            seed=config.seed,
        )
    facts = {
        "checkpoint": str(path),
        "context": loaded.model.config.max_sequence_length,
        "profile": None if own else profile,
        "source": config.source,
        "refused_rows": own.refused if own else 0,
        "first_refused_row": own.first_refused if own else "",
        "seed": config.seed,
        "questions": config.num_examples,
        "executed": 0 if own else config.num_executed,
        "seconds": time.monotonic() - start,
    }
    scores = ToolScores(splits, facts)
    write_json(config.output or workspace.logs / "eval_tools.json", scores.to_json())
    return scores


def _built_in(config: ToolEvalConfig, profile: ProfileName) -> dict[str, tuple[list[ToolExample], list[ToolExample]]]:
    """By split: the questions, and the conversations whose calls are carried out."""
    kind, seed = PROFILES[profile], config.seed
    return {
        split: (
            questions(split, count=config.num_examples, seed=seed, profile=kind),
            execution_examples(split, count=config.num_executed, seed=suite_seed(seed), profile=kind),
        )
        for split in SPLITS
    }


def profile_of(loaded: LoadedModel, *, asked: ProfileName | None) -> ProfileName:
    """The questions that are ``asked`` for, else those of the data that the model was trained on, else full."""
    if asked is not None:
        return asked
    trained = loaded.info.get("data", {}).get("profile")
    known: dict[str, ProfileName] = {name: name for name in PROFILES}
    return known.get(trained, "full")


def verification_measures(loaded: LoadedModel, config: VerifyConfig) -> tuple[dict[str, float], list[Sample]]:
    """What `codeling eval --stage tools` measures of calls: the suite in small, as flat numbers, and samples.

    ``tool_*``: seen tools; ``unseen_*``: tools never seen in training; ``constrained_valid_share``: of the calls that a
    grammar held (both splits), those that parse and fit; ``baseline_*``: seen tools, the better one of the baselines.
    """
    constrained = max(1, config.tool_examples // 3)
    profile = PROFILES[profile_of(loaded, asked=config.tool_profile)]
    splits = {
        split: score_split(
            loaded,
            questions(split, count=config.tool_examples, seed=config.seed, profile=profile),
            counts={"free": config.tool_examples, "required": constrained},
            num_samples=config.samples,
            max_tokens=config.max_tokens,
            batch_size=_MAX_BATCH,
            seed=config.seed,
        )
        for split in SPLITS
    }
    seen, unseen = (splits[split].measures("free") for split in SPLITS)
    held = measures(row for scores in splits.values() for row in scores.verdicts["required"])
    blind = [splits["test_seen"].measures(name) for name in BASELINES]
    found: dict[str, float | None] = {
        **{f"tool_{name}": seen.get(name) for name in ("name_share", "exact_share", "reply_share")},
        **{name: seen.get(name) for name in _KINDS_SHOWN},
        **{f"unseen_{name}": unseen.get(name) for name in ("name_share", "exact_share", "irrelevance_share")},
        "tool_valid_share": seen.get("valid_share"),
        "constrained_valid_share": held.get("valid_share"),
        "baseline_name_share": max(scores.get("name_share", 0.0) for scores in blind),
        "baseline_exact_share": max(scores.get("exact_share", 0.0) for scores in blind),
        "tool_too_long_share": seen.get("too_long_share"),
    }
    samples = [sample for scores in splits.values() for sample in scores.samples]
    return {name: value for name, value in found.items() if value is not None}, samples


def score_bars(found: Mapping[str, float]) -> dict[str, dict[str, float]]:
    """`verification_measures` as groups of bars for the report: seen tools, unseen ones, the better baseline."""
    series = {"tool": "seen tools", "unseen": "unseen tools", "baseline": "baseline"}
    groups = {
        title: {label: found[f"{which}_{name}"] for which, label in series.items() if f"{which}_{name}" in found}
        for title, name in (("right name", "name_share"), ("exact arguments", "exact_share"))
    }
    quiet = {"seen tools": "irrelevance_share", "unseen tools": "unseen_irrelevance_share"}
    groups["rightly no call"] = {label: found[name] for label, name in quiet.items() if name in found}
    return {title: bars for title, bars in groups.items() if bars}


_KINDS_SHOWN = ("parallel_exact_share", "multi_turn_exact_share", "irrelevance_share", "clarify_share")


def score_split(
    loaded: LoadedModel,
    examples: Sequence[ToolExample],
    *,
    counts: Mapping[Mode, int],
    max_tokens: int,
    batch_size: int,
    seed: int,
    executed: Sequence[ToolExample] = (),
    num_samples: int = 0,
) -> SplitScores:
    """Ask a model the first questions of a split: ``counts`` says how many in which mode."""
    engine = Engine(loaded.model, max_batch=batch_size)
    replier = Replier(engine, loaded.tokenizer, max_tokens=max_tokens)
    verdicts: dict[str, list[Verdict]] = {}
    samples: list[Sample] = []
    for mode, count in counts.items():
        asked = [one for one in examples[:count] if mode != "required" or one.conversation.messages[-1].tool_calls]
        replies = replier.replies(list(map(asked_of, asked)), mode)
        verdicts[mode] = list(map(judge, asked, replies))
        samples = samples or list(map(_sample, asked[:num_samples], replies, verdicts[mode]))
    for name, answer in BASELINES.items():
        verdicts[name] = judge_all(examples, lambda example, answer=answer: answer(example, seed=seed))
    outcomes = run_conversations(
        engine, loaded.tokenizer, executed, max_tokens=max_tokens, seed=seed, constrained="free" not in counts
    )
    return SplitScores(verdicts, outcomes, samples)


def judge_all(examples: Sequence[ToolExample], answer: Callable[[ToolExample], Reply | None]) -> list[Verdict]:
    """The verdicts on anything that answers examples one by one."""
    return [judge(example, answer(example)) for example in examples]


def _sample(example: ToolExample, reply: Reply | None, verdict: Verdict) -> Sample:
    conversation = example.conversation
    *before, expected = conversation.messages
    offered = ", ".join(tool.name for tool in conversation.tools)
    history = f"({len(before) - 1} messages before)\n" if len(before) > 1 else ""
    due = [call_json(call) for call in expected.tool_calls] or [expected.content]
    return Sample(
        f"Tools: {offered}\n{history}{before[-1].role.capitalize()}: {before[-1].content}\n",
        "(the question is longer than the context)" if reply is None else _written(reply),
        _label(example),
        verdicts={"right": verdict.right, **({} if verdict.right else {"expected": "; ".join(due)})},
    )


def _label(example: ToolExample) -> str:
    if example.turns[-1] == OWN:
        return example.kind
    return f"{example.kind}, {'seen' if example.split == 'test_seen' else 'unseen'} tools"


def _written(reply: Reply) -> str:
    parsed = reply.parsed
    calls = [call_json(call) for call in parsed.calls]
    return "\n".join(part for part in (parsed.content, *calls, *parsed.errors) if part)
