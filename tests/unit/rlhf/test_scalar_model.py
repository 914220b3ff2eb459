"""The scalar model: its values are the trunk's states times the head, and padding, type and saving change nothing."""

import dataclasses

import pytest
import torch

from codeling.checkpoint import Checkpoint, save_checkpoint
from codeling.config import to_mapping
from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.scalar_model import KIND, ScalarModel, load_reward_model

CONFIG = ModelConfig(
    d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=90, max_sequence_length=64
)


def random_model(config: ModelConfig = CONFIG, *, dtype: torch.dtype = torch.float32) -> Transformer:
    """All weights random: the model's own first weights make every block the identity."""
    model = Transformer(config)
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0.0, 0.3, generator=generator)
    return model.to(dtype)


def tokens(rows: int, length: int) -> torch.Tensor:
    return torch.randint(CONFIG.vocab_size, (rows, length), generator=torch.Generator().manual_seed(length))


@pytest.mark.parametrize("tied", [True, False])
def test_values_are_hidden_states_times_the_head(tied):
    model = random_model(dataclasses.replace(CONFIG, tie_embeddings=tied), dtype=torch.float64)
    scalar = ScalarModel.from_language_model(model, seed=1)
    text = tokens(3, 20)
    with torch.no_grad():
        expected = model.hidden(text) @ scalar.head.weight[0] + scalar.head.bias
        torch.testing.assert_close(scalar(text), expected, rtol=1e-12, atol=1e-12)
    assert not any("head" in name for name in scalar.trunk.state_dict())


def test_a_score_is_read_at_the_last_real_token_whatever_the_padding():
    scalar = ScalarModel.from_language_model(random_model(dtype=torch.float64), seed=1)
    text, lengths = tokens(4, 30), torch.tensor([30, 1, 7, 29])
    with torch.no_grad():
        values = scalar.raw_scores(text, lengths)
        for row, length in enumerate(lengths.tolist()):
            alone = scalar(text[row : row + 1, :length])[0, -1]
            torch.testing.assert_close(values[row], alone, rtol=1e-10, atol=1e-10)


def test_first_head():
    """Standard deviation 1 / sqrt(d + 1): the mean square of 4,000 draws is within 5 of its standard errors."""
    wide = ModelConfig(d_model=4000, num_layers=1, num_heads=1, num_kv_heads=1, d_ff=2, vocab_size=3)
    with torch.device("meta"):
        model = Transformer(wide)
    scalar = ScalarModel.from_language_model(model.to_empty(device="cpu"), seed=5)
    assert scalar.head.weight.square().mean().item() * 4001 == pytest.approx(1.0, abs=5 * (2 / 4000) ** 0.5)
    assert scalar.head.bias.item() == 0.0
    again = ScalarModel.from_language_model(model, seed=6)
    assert not torch.equal(scalar.head.weight, again.head.weight)


def test_a_zero_head_says_zero():
    scalar = ScalarModel.from_language_model(random_model(), zero_head=True, seed=1)
    assert torch.count_nonzero(scalar(tokens(2, 9))) == 0


def test_changing_the_copy_leaves_the_language_model_alone():
    model = random_model()
    before = model.embedding.weight.clone()
    scalar = ScalarModel.from_language_model(model, seed=1)
    with torch.no_grad():
        scalar.trunk.embedding.weight.add_(1.0)
    assert torch.equal(model.embedding.weight, before)


def test_scores_are_shifted_scaled_and_clipped():
    scalar = ScalarModel.from_language_model(random_model(), seed=1)
    scalar.shift.fill_(2.0)
    scalar.scale.fill_(0.5)
    raw = torch.tensor([2.0, 2.5, 1.0, 100.0, -100.0])
    assert scalar.normalized(raw).tolist() == [0.0, 1.0, -2.0, 5.0, -5.0]
    text, lengths = tokens(2, 9), torch.tensor([9, 4])
    torch.testing.assert_close(
        scalar.scores(text, lengths), scalar.normalized(scalar.raw_scores(text, lengths)), rtol=0, atol=0
    )


def test_values_stay_fp32_under_mixed_precision():
    scalar = ScalarModel.from_language_model(random_model(), seed=1)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        values = scalar(tokens(2, 9))
    assert values.dtype == torch.float32
    assert not torch.equal(values, values.bfloat16().float())


def _save(path, scalar, tokenizer, **info):
    info = {
        "stage": "reward",
        "model": to_mapping(scalar.config),
        "tokenizer_hash": tokenizer.content_hash,
        **info,
    }
    save_checkpoint(path, Checkpoint(info=info, model=scalar.state_dict(), tokenizer=tokenizer.to_json()))


def test_saved_and_loaded_it_scores_the_same(tmp_path, rlhf_tokenizer):
    scalar = ScalarModel.from_language_model(random_model(), seed=1)
    scalar.shift.fill_(0.25)
    scalar.scale.fill_(3.0)
    _save(tmp_path / "reward_model.pth", scalar, rlhf_tokenizer, kind=KIND)
    loaded = load_reward_model(tmp_path / "reward_model.pth")
    text, lengths = tokens(3, 12), torch.tensor([12, 5, 1])
    assert torch.equal(loaded.model.scores(text, lengths), scalar.scores(text, lengths))
    assert not loaded.model.training
    assert loaded.tokenizer == rlhf_tokenizer


def test_a_language_model_is_no_reward_model(tmp_path, rlhf_tokenizer):
    scalar = ScalarModel.from_language_model(random_model(), seed=1)
    _save(tmp_path / "tool_model_best.pth", scalar, rlhf_tokenizer, stage="tools")
    with pytest.raises(UsageError, match=r"stage tools; train one with: python scripts/train_reward_model\.py"):
        load_reward_model(tmp_path / "tool_model_best.pth")
