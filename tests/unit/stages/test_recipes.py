"""Recipes are strict, complete, and fill in the commands."""

from pathlib import Path

import pytest

from codeling.config import from_mapping, read_toml, to_toml
from codeling.data.prepare import default_sources
from codeling.data.sources import split_specs
from codeling.errors import UsageError
from codeling.model.config import SIZES
from codeling.runtime.paths import Workspace
from codeling.stages.recipes import RECIPES, RunConfig, load_recipe, recipe_defaults, recipe_path, training_defaults

NAMES = sorted(path.stem for path in RECIPES.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_our_recipes_can_be_meant(name: str):
    config = load_recipe(name)
    assert config.name == name and config.workdir == Path("runs") / name and config.description
    assert config.language.train.stage == "language" and config.code.train.stage == "code"
    assert config.language.verify.stage == "language" and config.code.verify.stage == "code"
    assert config.language.train.model_size in SIZES
    assert config.code.train.model_size in (None, config.language.train.model_size)
    assert 300 <= config.tokenizer.train.vocab_size <= 65_536
    sources = [config.tokenizer.train.source, config.language.prepare.source, config.code.prepare.source]
    for source in filter(None, sources):
        assert split_specs(source)


def test_quick_needs_no_network():
    config = recipe_defaults(None, [])
    assert config == load_recipe("quick")
    for source in (config.tokenizer.train.source, config.language.prepare.source, config.code.prepare.source):
        assert source and not any(spec.startswith(("hub:", "file:")) for spec in split_specs(source))


@pytest.mark.parametrize("name", NAMES)
def test_the_saved_configuration_is_the_recipe(name: str, tmp_path: Path):
    config = load_recipe(name)
    path = tmp_path / "config.toml"
    path.write_text(to_toml(config))
    assert from_mapping(RunConfig, read_toml(path), where=str(path), base=RunConfig()) == config


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[language.train]\nmax_step = 3", ("language.train.max_step", "did you mean 'max_steps'")),
        ("[langage]\nx = 1", ("langage", "did you mean 'language'")),
        ("[code.train]\nmax_steps = 'many'", ("code.train.max_steps", "'many'", "a whole number")),
        ("[code.train]\nuse_amp = 1", ("code.train.use_amp", "1", "true or false")),
        ("[code.train]\noptimizer = 'sgd'", ("code.train.optimizer", "'sgd'", "'muon', 'adamw'")),
        ("stages = 'language'", ("stages", "'language'", "a list")),
        ("language = 3", ("language", "a table of keys", "3")),
        ("[code.train\n", ("not valid TOML",)),
    ],
)
def test_a_recipe_is_read_strictly(tmp_path: Path, text: str, parts: tuple[str, ...]):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(UsageError) as refused:
        load_recipe(str(path))
    assert str(path) in str(refused.value)
    for part in parts:
        assert part in str(refused.value)


def test_which_recipe(tmp_path: Path):
    assert recipe_path("./quick") == Path("quick") and recipe_path("mine.toml") == Path("mine.toml")
    with pytest.raises(UsageError, match=r"--recipe quik.*did you mean 'quick'"):
        load_recipe("quik")
    with pytest.raises(UsageError, match=r"no such configuration file"):
        load_recipe(str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="a folder"):
        load_recipe(f"{tmp_path}/")


def test_a_recipe_fills_in_one_stage(tmp_path: Path):
    path = tmp_path / "mine.toml"
    path.write_text("seed = 5\ndevice = 'cpu'\n[language.train]\nmax_steps = 7\n[code.train]\nmax_steps = 9\n")
    for stage, steps in (("language", 7), ("code", 9)):
        for typed in (["--stage", stage], [f"--stage={stage}"]):
            config = training_defaults(str(path), typed)
            assert (config.stage, config.max_steps, config.seed, config.device) == (stage, steps, 5, "cpu")
            assert config.workdir == Path("runs") / "mine"
    with pytest.raises(UsageError, match="--stage language, code or tools"):
        training_defaults(str(path), [])


def test_a_recipe_says_where_the_run_to_resume_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "mine.toml"
    path.write_text("workdir = 'elsewhere'\n")
    for typed, folder in (([], "elsewhere"), (["--workdir", "here"], "here")):
        with pytest.raises(UsageError, match=rf"^{folder}/models/code_model_last\.pth: no such checkpoint"):
            training_defaults(str(path), ["--stage", "code", "--resume", *typed])


def test_default_sources_are_what_the_download_steps_leave(tmp_path: Path):
    """A recipe without sources downloads; preparation must then find exactly those files."""
    from codeling.stages import language, tokenizer

    config = RunConfig(workdir=tmp_path)
    workspace = Workspace(tmp_path)
    workspace.raw.mkdir(parents=True)
    for stage, first, prepare in (
        (tokenizer, "download", config.code.prepare),
        (language, "download", config.language.prepare),
    ):
        step = stage.steps(config, workspace)[0]
        assert step.name == first and step.outputs
        for path in step.outputs:
            path.touch()
        source, _ = default_sources(prepare, workspace)
        assert source == f"file:{step.outputs[0]}"
