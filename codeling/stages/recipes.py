"""What a run of all stages is asked to do, and the recipes (``codeling/recipes/*.toml``) that fill it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from codeling.config import did_you_mean, from_mapping, read_toml
from codeling.data.config import DownloadConfig, PrepareConfig, ToolDataConfig
from codeling.errors import UsageError
from codeling.evals.config import VerifyConfig
from codeling.rlhf.preference_config import PreferenceConfig
from codeling.rlhf.reward_config import RewardConfig
from codeling.rlhf.rlhf_config import RlhfConfig
from codeling.stages.alignment_config import AlignmentEvalConfig
from codeling.stages.serving_config import ServingCheckConfig
from codeling.tokenizer.config import TokenizerConfig
from codeling.train.config import TrainConfig

RECIPES = Path(__file__).parent.parent / "recipes"


@dataclass(frozen=True)
class TokenizerStageConfig:
    """Stage 0. Without ``train.source`` the code corpus is downloaded first."""

    download: DownloadConfig = field(default_factory=DownloadConfig)
    train: TokenizerConfig = field(default_factory=TokenizerConfig)


@dataclass(frozen=True)
class LanguageStageConfig:
    """Stage 1. Without ``prepare.source`` TinyStories is downloaded first."""

    download: DownloadConfig = field(default_factory=DownloadConfig)
    prepare: PrepareConfig = field(default_factory=PrepareConfig)
    train: TrainConfig = field(default_factory=lambda: TrainConfig(stage="language"))
    verify: VerifyConfig = field(default_factory=lambda: VerifyConfig(stage="language"))


@dataclass(frozen=True)
class CodeStageConfig:
    """Stage 2. Without ``prepare.source`` it learns from the code corpus of stage 0."""

    prepare: PrepareConfig = field(default_factory=lambda: PrepareConfig(stage="code"))
    train: TrainConfig = field(default_factory=lambda: TrainConfig(stage="code"))
    verify: VerifyConfig = field(default_factory=lambda: VerifyConfig(stage="code"))


@dataclass(frozen=True)
class ToolsStageConfig:
    """Stage 3. Some of stage 2's code is replayed."""

    prepare: ToolDataConfig = field(default_factory=ToolDataConfig)
    train: TrainConfig = field(default_factory=lambda: TrainConfig(stage="tools"))
    verify: VerifyConfig = field(default_factory=lambda: VerifyConfig(stage="tools"))


@dataclass(frozen=True)
class RlhfStageConfig:
    """Stage 4. Preferences and prompts come from generated tasks with tests."""

    prepare: PreferenceConfig = field(default_factory=PreferenceConfig)
    reward: RewardConfig = field(default_factory=RewardConfig)
    align: RlhfConfig = field(default_factory=RlhfConfig)
    verify: AlignmentEvalConfig = field(default_factory=AlignmentEvalConfig)


@dataclass(frozen=True)
class ServeStageConfig:
    """Stage 5. Options of the server itself are those of ``codeling serve``."""

    check: ServingCheckConfig = field(default_factory=ServingCheckConfig)


@dataclass(frozen=True)
class RunConfig:
    """Options of ``codeling run``. A stage's own options are dotted: ``--language.train.max-steps 20``."""

    name: str = "run"
    """Name of the recipe, for titles."""
    description: str = ""
    """One sentence for the report."""
    workdir: Path = Path()
    """Folder for data/, models/, logs/ and report/ of this run."""
    stages: tuple[str, ...] = ("tokenizer", "language", "code", "tools", "rlhf", "serve")
    """Stages to go through, in the pipeline's order."""
    seed: int = 0
    """Seed of every stage."""
    device: str = "auto"
    """Device of every stage: auto, cpu, cuda, cuda:N or mps."""
    force: bool = False
    """Do the work again, also where it is complete."""
    tokenizer: TokenizerStageConfig = field(default_factory=TokenizerStageConfig)
    language: LanguageStageConfig = field(default_factory=LanguageStageConfig)
    code: CodeStageConfig = field(default_factory=CodeStageConfig)
    tools: ToolsStageConfig = field(default_factory=ToolsStageConfig)
    rlhf: RlhfStageConfig = field(default_factory=RlhfStageConfig)
    serve: ServeStageConfig = field(default_factory=ServeStageConfig)


def recipe_path(name: str) -> Path:
    """The TOML file of a recipe: one of ours by name, or any file by its path."""
    if name.endswith(".toml") or "/" in name:
        return Path(name)
    known = sorted(path.stem for path in RECIPES.glob("*.toml"))
    if name not in known:
        raise UsageError(f"--recipe {name}: no such recipe{did_you_mean(name, known)}; or give the path of a TOML file")
    return RECIPES / f"{name}.toml"


def load_recipe(name: str) -> RunConfig:
    """Read a recipe strictly. ``workdir`` defaults to ``runs/NAME``, so that recipes do not overwrite each other."""
    path = recipe_path(name)
    base = RunConfig(name=path.stem, workdir=Path("runs") / path.stem)
    return from_mapping(RunConfig, read_toml(path), where=str(path), base=base)


def recipe_defaults(recipe: str | None, arguments: Sequence[str]) -> RunConfig:
    """Defaults of ``codeling run``: those of the recipe, which is ``quick`` when none is named."""
    return load_recipe(recipe or "quick")


def training_defaults(recipe: str | None, arguments: Sequence[str]) -> TrainConfig:
    """Defaults of ``codeling train``: from the recipe's stage if one is named, and on --resume from the checkpoint."""
    # Only what decides the defaults is read here; the full parse comes after, and reports every mistake.
    stage = _value_of(arguments, "--stage")
    if "--resume" in arguments:
        from codeling.train.resume import resume_defaults

        return resume_defaults(
            checkpoint=_value_of(arguments, "--checkpoint"),
            stage=stage,
            workdir=_value_of(arguments, "--workdir") or (str(load_recipe(recipe).workdir) if recipe else None),
            out_name=_value_of(arguments, "--out-name"),
        )
    if recipe is None:
        return TrainConfig()
    config = load_recipe(recipe)
    sections = {"language": config.language, "code": config.code, "tools": config.tools}
    if stage not in sections:
        raise UsageError(f"--recipe {recipe} holds several stages; say which: --stage language, code or tools")
    section = sections[stage]
    return replace(section.train, stage=stage, workdir=config.workdir, seed=config.seed, device=config.device)


def _value_of(arguments: Sequence[str], option: str) -> str | None:
    names = (option, option.replace("-", "_").replace("__", "--", 1))
    for index, argument in enumerate(arguments):
        name, _, value = argument.partition("=")
        if name in names:
            return value or (arguments[index + 1] if index + 1 < len(arguments) else None)
    return None
