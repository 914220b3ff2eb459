"""DPO reaches the optimum that theory gives, and leaves a checkpoint that everything else reads."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from codeling import cli
from codeling.checkpoint import Checkpoint, load_model, save_checkpoint
from codeling.config import to_mapping
from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.dpo import dpo_objective, reference_logprobs, train_dpo
from codeling.rlhf.dpo_config import DpoSettings
from codeling.rlhf.pairs import EncodedPair, PairBatch
from codeling.rlhf.preferences import Preference, write_preferences
from codeling.train.precision import Precision

CPU = torch.device("cpu")
FULL = Precision(CPU, torch.float32)


def tiny_model(vocab_size: int, *, seed: int = 4) -> Transformer:
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=vocab_size, max_sequence_length=64
    )
    return Transformer(config).init_weights(seed=seed)


def test_the_known_optimum_is_reached():
    """Of two answers a judge prefers the first in 3 of 4 cases. The best policy then has exactly
    beta * (margin of log-probabilities against the reference) = log(3), as Bradley and Terry's model says."""
    model = tiny_model(16)
    first, second = EncodedPair([3, 5, 1], [3, 6, 1], 1, 0.0), EncodedPair([3, 6, 1], [3, 5, 1], 1, 0.0)
    pairs = [first, first, first, second]
    beta = 0.5
    reference = reference_logprobs(model, pairs, batch_size=4, precision=FULL)
    batch = PairBatch.of(pairs, range(4), device=CPU)
    optimizer = torch.optim.Adam(model.parameters(), lr=3e-3)
    for _ in range(300):
        optimizer.zero_grad()
        dpo_objective(model, batch, reference=reference, beta=beta, label_smoothing=0.0).backward()
        optimizer.step()
    said = reference_logprobs(model, pairs, batch_size=4, precision=FULL) - reference
    margin = float(said[0, 0] - said[0, 1])
    assert beta * margin == pytest.approx(math.log(3), abs=0.02)


def test_the_first_loss_is_log_2_of_every_pair():
    model = tiny_model(16)
    pairs = [EncodedPair([1, 2, 3], [1, 4], 1, 0.0), EncodedPair([5, 6], [5, 7, 8], 1, 0.0)]
    reference = reference_logprobs(model, pairs, batch_size=1, precision=FULL)
    loss = dpo_objective(
        model, PairBatch.of(pairs, [1, 0], device=CPU), reference=reference, beta=0.1, label_smoothing=0.0
    )
    assert float(loss.detach()) == pytest.approx(2 * math.log(2), rel=1e-5)


@pytest.fixture
def workspace(tmp_path: Path, rlhf_tokenizer) -> Path:
    model = tiny_model(rlhf_tokenizer.vocab_size)
    info = {"stage": "tools", "model": to_mapping(model.config), "tokenizer_hash": rlhf_tokenizer.content_hash}
    checkpoint = Checkpoint(info=info, model=model.state_dict(), tokenizer=rlhf_tokenizer.to_json())
    save_checkpoint(tmp_path / "models" / "tool_model_best.pth", checkpoint)
    pairs = [
        Preference(
            f"# {i}\n", "return None\n", "raise self\n", source="s", kind="k", split="val" if i % 4 == 0 else "train"
        )
        for i in range(40)
    ]
    write_preferences(tmp_path / "data" / "processed" / "preferences.json", pairs)
    return tmp_path


SETTINGS = DpoSettings(
    pairs_per_step=10, num_epochs=3, learning_rate=3e-3, use_amp=False, device="cpu", save_every=2, eval_every=3
)


def test_a_run_moves_towards_what_is_preferred(workspace: Path):
    result = train_dpo(replace(SETTINGS, workdir=workspace))
    assert result.steps == 9
    assert result.val_loss is not None and result.val_loss < math.log(2) - 0.05
    assert result.measures["accuracy"] == 1.0 and result.measures["margin"] > 0
    assert result.best == workspace / "models" / "rlhf_model_best.pth"
    loaded = load_model(result.best)
    assert loaded.info["stage"] == "rlhf"
    start = load_model(workspace / "models" / "tool_model_best.pth")
    assert not torch.equal(loaded.model.embedding.weight, start.model.embedding.weight)


def test_another_beta_is_another_run(workspace: Path):
    train_dpo(replace(SETTINGS, workdir=workspace, max_steps=2))
    with pytest.raises(UsageError, match="--beta is not what it was"):
        train_dpo(replace(SETTINGS, workdir=workspace, resume=True, beta=0.3))
    with pytest.raises(UsageError, match=r"--learning-rate is 0\.5, but the run in"):
        train_dpo(replace(SETTINGS, workdir=workspace, resume=True, learning_rate=0.5))


def test_the_start_is_not_overwritten(workspace: Path):
    with pytest.raises(UsageError, match="would overwrite the model"):
        train_dpo(replace(SETTINGS, workdir=workspace, out_name="tool_model"))


@pytest.mark.parametrize(("changes", "message"), [({"beta": 0.0}, "--beta"), ({"label_smoothing": 0.5}, "--label")])
def test_impossible_numbers(workspace: Path, changes, message):
    with pytest.raises(UsageError, match=message):
        train_dpo(replace(SETTINGS, workdir=workspace, **changes))


def test_the_command_runs_it_and_continues_it(workspace: Path, capsys: pytest.CaptureFixture[str]):
    typed = f"align --algorithm dpo --workdir {workspace} --policy-model tool_model_best.pth --batch-size 10".split()
    assert cli.run([*typed, "--max-iterations", "2", "--device", "cpu", "--dtype", "float32"]) == 0
    capsys.readouterr()
    resumed = ["align", "--resume", "--workdir", str(workspace), "--max-iterations", "3"]
    assert cli.run(resumed) == 2  # the length decides the rates
    assert "--max-iterations is 3, but the run in" in capsys.readouterr().err
    assert cli.run(resumed[:-2]) == 0
    said = capsys.readouterr().out
    assert "resumed at step 2" in said and f"Saved: {workspace / 'models' / 'rlhf_model_best.pth'}" in said
