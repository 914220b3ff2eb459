"""Verification from end to end on two tiny checkpoints: measures, samples, gates, exit by Failure."""

import dataclasses
import json
import math
import shutil

import pytest

from codeling.checkpoint import load_checkpoint, save_checkpoint
from codeling.errors import Failure, UsageError
from codeling.evals.config import VerifyConfig
from codeling.evals.gates import DEFAULTS, check_gates
from codeling.evals.verify import describe, verify, verify_command
from codeling.tokenizer.training import train_tokenizer


@pytest.fixture(scope="module")
def config(small_workspace, tmp_path_factory):
    def made(**options) -> VerifyConfig:
        small = {"prompts": 6, "samples": 2, "max_tokens": 32, "eval_tokens": 3000, "device": "cpu"}
        output = tmp_path_factory.mktemp("out") / "verify.json"
        return VerifyConfig(**(small | {"workdir": small_workspace, "output": output} | options))

    return made


@pytest.fixture(scope="module")
def code_result(config):
    return verify(config(stage="code"))


def test_a_code_model_is_compared_with_the_language_model(code_result):
    result = code_result
    assert result.checkpoint.endswith("code_model_best.pth") and result.baseline.endswith("language_model_best.pth")
    assert result.before is not None and set(result.measures) == set(result.before)
    # Each model is the better one on the text that it was trained on.
    assert result.measures["bits_per_byte"] < result.before["bits_per_byte"]
    assert result.measures["earlier_bits_per_byte"] > result.before["earlier_bits_per_byte"]
    assert {"bash_valid_share", "python_valid_share", "fim_similarity", "repeated_4grams_share"} < set(result.measures)
    shares = [value for name, value in result.measures.items() if name.endswith("_share")]
    assert all(0 <= value <= 1 for value in shares)
    assert [sample.language for sample in result.samples] == ["bash"] * 2 + ["python"] * 2 + ["fill in the middle"] * 2


def test_the_same_question_gets_the_same_answer(config, code_result):
    again = verify(config(stage="code", baseline=code_result.baseline))
    assert again.measures == code_result.measures and again.samples == code_result.samples
    other = verify(config(stage="code", seed=5))
    assert other.samples != code_result.samples


def test_the_language_stage_measures_stories(config):
    settings = config(stage="language")
    result = verify(settings)
    assert result.baseline is None and result.before is None
    # Two stories, and for the eye what it makes of code before it has seen any.
    assert [sample.language for sample in result.samples] == ["text", "text", "bash", "python"]
    assert all(sample.text for sample in result.samples[:2])
    saved = json.loads(settings.output.read_text())
    assert saved["measures"] == result.measures and saved["passed"] == result.passed
    assert saved["samples"][0]["prompt"] == result.samples[0].prompt


def test_the_stage_comes_from_the_checkpoint(config, small_workspace):
    assert verify(config(checkpoint=small_workspace / "models" / "language_model_best.pth")).stage == "language"
    with pytest.raises(UsageError, match="--stage"):
        verify(config())


def test_the_command_prints_everything_and_fails_below_a_threshold(config, capsys):
    verify_command(config(stage="language", max_bits_per_byte=math.inf, max_repetition=1.0))
    printed = capsys.readouterr().out
    assert "bits_per_byte" in printed and "passed: " in printed and "⟦" in printed
    with pytest.raises(Failure, match=r"bits_per_byte is .* at most 0\.010"):
        verify_command(config(stage="language", max_bits_per_byte=0.01))
    assert "MISSED: bits_per_byte" in capsys.readouterr().out


def test_describe_shows_both_columns(code_result):
    text = describe(code_result)
    assert "before: " in text and text.count("fim_similarity") >= 1


def test_missing_files_say_how_to_make_them(config, tmp_path):
    with pytest.raises(UsageError, match="codeling train --stage code"):
        verify(config(stage="code", workdir=tmp_path))
    with pytest.raises(UsageError, match="prepare_data"):
        verify(config(stage="language", val_file="nothing.npy"))


def test_what_lies_there_from_another_tokenizer_is_no_baseline(config, small_workspace, tmp_path):
    root = tmp_path / "run"
    shutil.copytree(small_workspace, root)
    path = root / "models" / "language_model_best.pth"
    saved = load_checkpoint(path)
    other = train_tokenizer(["x"], vocab_size=269, output=tmp_path / "tokenizer.json")
    info = saved.info | {"tokenizer_hash": other.content_hash}
    save_checkpoint(path, dataclasses.replace(saved, info=info, tokenizer=other.to_json()))
    manifest = root / "data" / "processed" / "val_large.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"tokenizer_hash": other.content_hash}))

    result = verify(config(stage="code", workdir=root))
    assert result.baseline is None and "earlier_bits_per_byte" not in result.measures
    with pytest.raises(UsageError, match=r"--baseline .*language_model_best\.pth: has another tokenizer"):
        verify(config(stage="code", workdir=root, baseline=path))


def measures(**changes):
    return {
        "bits_per_byte": 1.0,
        "repeated_4grams_share": 0.1,
        "bash_valid_share": 0.9,
        "python_valid_share": 0.9,
    } | changes


def test_gates_bound_on_the_right_side():
    def missed(values, before=None, **options):
        gates = check_gates("code", VerifyConfig(**options), values, before)
        return [gate.measure for gate in gates if not gate.passed]

    assert missed(measures()) == []
    assert missed(measures(bits_per_byte=9.0)) == ["bits_per_byte"]
    assert missed(measures(repeated_4grams_share=0.99)) == ["repeated_4grams_share"]
    assert missed(measures(bash_valid_share=0.0, python_valid_share=0.0)) == ["bash_valid_share", "python_valid_share"]
    assert missed(measures(bash_valid_share=0.5), min_bash_valid=0.6) == ["bash_valid_share"]
    assert missed(measures(bits_per_byte=math.nan)) == ["bits_per_byte"]
    assert missed(measures(), {"bits_per_byte": 1.0}) == ["bits_per_byte"]
    assert missed(measures(), {"bits_per_byte": 1.1}) == []
    assert missed(measures(), {"bits_per_byte": 0.9}, must_improve=False) == []


def test_every_default_has_a_field():
    fields = set(VerifyConfig.__dataclass_fields__)
    assert all(set(limits) <= fields for limits in DEFAULTS.values())
