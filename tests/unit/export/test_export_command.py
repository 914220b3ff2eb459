"""`codeling export`: what is refused and why, what is replaced, and what the model card says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from small_shapes import small

from codeling.checkpoint import load_checkpoint, load_model, save_checkpoint
from codeling.cli import run
from codeling.errors import UsageError
from codeling.export.card import model_card
from codeling.export.shapes import shape_of


@pytest.fixture
def export(checkpoints: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """``(kind, *arguments, status=0)``: run it in a folder of its own; what it printed."""

    def exported(kind: str, *arguments: str, status: int = 0) -> str:
        checkpoint = str(checkpoints["gpt2"])
        assert run(["export", kind, "--checkpoint", checkpoint, "--workdir", str(tmp_path), *arguments]) == status
        printed = capsys.readouterr()
        return printed.out + printed.err

    return exported


def test_the_default_names(export: Callable[..., str], tmp_path: Path) -> None:
    for kind in ("hf", "gguf", "ollama"):
        text = export(kind)
        assert "Wrote" in text and "codeling verify-export --checkpoint" in text
    names = {path.name for path in (tmp_path / "exports").iterdir()}
    assert names == {"gpt2_best", "gpt2_best-F16.gguf", "gpt2_best-ollama"}
    export("gguf", "--name", "other", "--quantization", "Q8_0")
    assert (tmp_path / "exports" / "other-Q8_0.gguf").is_file()


@pytest.mark.parametrize("kind", ["hf", "gguf", "ollama"])
def test_an_export_that_is_there_is_replaced_only_when_asked(
    export: Callable[..., str], kind: str, tmp_path: Path
) -> None:
    out = tmp_path / ("m.gguf" if kind == "gguf" else "m")
    export(kind, "--out", str(out))
    file = out if kind == "gguf" else out / "README.md"
    file.write_text("old")
    assert "--force" in export(kind, "--out", str(out), status=2)
    assert file.read_text() == "old"
    export(kind, "--out", str(out), "--force")
    assert file.read_bytes() != b"old"
    assert [path.name for path in tmp_path.iterdir()] == [out.name], "nothing temporary stays"


def test_a_folder_with_other_files_is_never_replaced(export: Callable[..., str], tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    for kind in ("hf", "ollama"):
        assert "thesis.tex" in export(kind, "--out", str(tmp_path), "--force", status=2)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("gguf", "--out", "m.bin"), "ends with .gguf"),
        (("hf", "--name", "a/b"), "plain name"),
        (("ollama", "--temperature", "-1"), "--temperature"),
    ],
)
def test_mistakes_are_named(export: Callable[..., str], arguments: tuple[str, ...], message: str) -> None:
    assert message in export(*arguments, status=2)


def test_int8_weights_are_refused(
    checkpoints: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    saved = load_checkpoint(checkpoints["gpt2"])
    save_checkpoint(tmp_path / "m.pth", replace(saved, info=saved.info | {"weights": "int8"}))
    assert run(["export", "gguf", "--checkpoint", str(tmp_path / "m.pth"), "--out", str(tmp_path / "m.gguf")]) == 2
    assert "--quantization Q8_0" in capsys.readouterr().err


def test_a_mixture_that_nobody_knows_is_refused_with_the_flags() -> None:
    for config in (
        small("qwen3", 300, positions="learned"),
        small("qwen3", 300, qk_norm=False),
        small("gpt2", 300, norm="rmsnorm"),
        small("gpt2", 300, num_kv_heads=2),
    ):
        with pytest.raises(UsageError, match="--no-use-rmsnorm --no-use-rope"):
            shape_of(config)
    assert shape_of(small("qwen3", 300)).model_type == "qwen3" and shape_of(small("gpt2", 300)).model_type == "gpt2"


def test_verify_says_yes_or_no_by_its_status(
    export: Callable[..., str],
    make_checkpoint: Callable[..., Path],
    checkpoints: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("transformers", reason="transformers is a development dependency")
    export("hf", "--out", str(tmp_path / "m"))
    command = ["verify-export", "--export", str(tmp_path / "m"), "--num-tokens", "4", "--checkpoint"]
    assert run([*command, str(checkpoints["gpt2"])]) == 0
    assert "greedy tokens: 20 of 20 tokens equal" in capsys.readouterr().out
    assert run([*command, str(make_checkpoint("gpt2", seed=2))]) == 1
    printed = capsys.readouterr()
    assert "FAIL  largest difference" in printed.out and "checks failed" in printed.err
    assert run(["verify-export"]) == 2 and "--export is missing" in capsys.readouterr().err


def test_the_card_says_what_the_checkpoint_knows(checkpoints: dict[str, Path]) -> None:
    loaded = load_model(checkpoints["gpt2"])
    card = model_card(loaded, name="My model")
    assert card.startswith("---\nlibrary_name: transformers\n") and "\n# My model\n" in card
    assert "| bash | bash | CC0-1.0 | 1,200 | 34,567 |" in card
    assert "| a&#124;b |" in card, "a name cannot break the table"
    assert "| bits per byte, validation | 0.875 |" in card and "loss, training" not in card
    assert f"| Parameters | {loaded.model.num_parameters():,} |" in card
    assert card.index("### Stage `language`") < card.index("Data: not recorded") < card.index("### Stage `tools`")
    assert card.count("```") % 2 == 0


@pytest.mark.parametrize(
    ("stage", "fim", "tools"), [("language", False, False), ("code", True, False), ("tools", True, True)]
)
def test_the_card_shows_trained_abilities_only(
    make_checkpoint: Callable[..., Path], stage: str, fim: bool, tools: bool
) -> None:
    card = model_card(load_model(make_checkpoint("qwen3", stage=stage)), name="m")
    assert ("### Fill in the middle" in card, "### Tool calls" in card) == (fim, tools)
