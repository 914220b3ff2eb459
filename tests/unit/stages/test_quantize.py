"""`codeling quantize`: a smaller checkpoint that every command reads, nearly as good as what it was made from."""

import re
from pathlib import Path

import pytest

from codeling.checkpoint import load_model
from codeling.errors import UsageError
from codeling.stages.complete import complete
from codeling.stages.complete_config import CompleteConfig
from codeling.stages.quantize import quantize
from codeling.stages.quantize_config import QuantizeConfig


@pytest.fixture(scope="module")
def quantized(small_workspace, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("quantized") / "small.pth"
    quantize(QuantizeConfig(Path("code_model_best.pth"), output, workdir=small_workspace))
    return output


def test_it_is_a_quarter_of_the_size_and_says_what_it_costs(small_workspace, tmp_path, capsys):
    output = tmp_path / "small.pth"
    quantize(QuantizeConfig(output=output, workdir=small_workspace))
    said = capsys.readouterr().out
    original = small_workspace / "models" / "code_model_best.pth"
    assert output.stat().st_size < 0.45 * original.stat().st_size  # the tokenizer is in it, too
    before, after = map(float, re.findall(r"(\d+\.\d+) (?:before|after)", said))
    assert "code_val_large" in said and after == pytest.approx(before, rel=0.05) and before > 0


def test_sixteen_bits_are_half_of_the_size_and_cost_next_to_nothing(small_workspace, tmp_path, capsys):
    output = tmp_path / "half.pth"
    quantize(QuantizeConfig(output=output, bits=16, workdir=small_workspace))
    before, after = map(float, re.findall(r"(\d+\.\d+) (?:before|after)", capsys.readouterr().out))
    assert output.stat().st_size < 0.7 * (small_workspace / "models" / "code_model_best.pth").stat().st_size
    assert after == pytest.approx(before, rel=0.001)
    assert load_model(output).info["weights"] == "float16"


def test_other_commands_read_it(small_workspace, quantized, capsys):
    loaded = load_model(quantized)
    assert loaded.info["weights"] == "int8" and loaded.info["stage"] == "code"
    complete(CompleteConfig("# List", checkpoint=quantized, device="cpu", seed=1, max_tokens=20))
    assert capsys.readouterr().out.strip()


def test_what_makes_no_sense_is_refused(small_workspace, quantized):
    original = Path("code_model_best.pth")
    with pytest.raises(UsageError, match="--bits 4"):
        quantize(QuantizeConfig(original, bits=4, workdir=small_workspace))
    with pytest.raises(UsageError, match="quantized already"):
        quantize(QuantizeConfig(quantized, quantized.with_name("again.pth"), workdir=small_workspace))
    for output in (small_workspace / "models" / original, Path("small.bin")):
        with pytest.raises(UsageError, match="--output"):
            quantize(QuantizeConfig(original, output, workdir=small_workspace))
