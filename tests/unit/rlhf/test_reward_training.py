"""The reward model learns a planted preference, is normalised by the language model's samples, and is measured."""

import json
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from codeling.checkpoint import Checkpoint, load_model, save_checkpoint
from codeling.config import to_mapping
from codeling.errors import UsageError
from codeling.model.config import ModelConfig
from codeling.model.transformer import Transformer
from codeling.rlhf.pairs import all_batches, encode_pairs
from codeling.rlhf.preferences import Preference, write_preferences
from codeling.rlhf.prompts import encode_response
from codeling.rlhf.reward_config import RewardConfig
from codeling.rlhf.reward_normalization import sample_texts
from codeling.rlhf.reward_probes import PROBES, probe_responses, score_texts
from codeling.rlhf.reward_report import RewardReport, reward_bars
from codeling.rlhf.reward_training import RewardResult, reward_objective, train_reward
from codeling.rlhf.scalar_model import ScalarModel, load_reward_model


def planted_pairs(count: int, *, seed: int) -> list[Preference]:
    """The better one says ``good`` somewhere, in texts that are equal otherwise."""
    rng = random.Random(seed)
    words = ["if", "def", "return", "self", "None", "args"]
    pairs = []
    for number in range(count):
        said = [rng.choice(words) for _ in range(rng.randint(1, 6))]
        place = rng.randint(0, len(said))
        chosen, rejected = (" ".join([*said[:place], word, *said[place:]]) for word in ("raise", "class"))
        split = "val" if number % 4 == 0 else "train"
        kind = "short" if len(said) < 4 else "long"
        pairs.append(
            Preference(
                f"# task {number % 30}\n", chosen, rejected, source="planted", kind=kind, margin=0.5, split=split
            )
        )
    return pairs


@pytest.fixture(scope="module")
def workspace(tmp_path_factory, rlhf_tokenizer) -> Path:
    root = tmp_path_factory.mktemp("reward")
    config = ModelConfig(
        d_model=32, num_layers=2, num_heads=2, num_kv_heads=2, d_ff=64, vocab_size=rlhf_tokenizer.vocab_size,
        max_sequence_length=64,
    )  # fmt: skip
    model = Transformer(config).init_weights(seed=2)
    info = {"stage": "tools", "model": to_mapping(config), "tokenizer_hash": rlhf_tokenizer.content_hash}
    checkpoint = Checkpoint(info=info, model=model.state_dict(), tokenizer=rlhf_tokenizer.to_json())
    save_checkpoint(root / "models" / "tool_model_best.pth", checkpoint)
    write_preferences(root / "data" / "processed" / "preferences.json", planted_pairs(400, seed=0))
    return root


def config_of(root: Path, **changes: object) -> RewardConfig:
    base = RewardConfig(
        pairs_per_step=32, learning_rate=1e-2, num_epochs=2, normalize_samples=24, max_tokens=8, use_amp=False,
        device="cpu", workdir=root,
    )  # fmt: skip
    return replace(base, **changes)


@pytest.fixture(scope="module")
def result(workspace: Path) -> RewardResult:
    result = train_reward(config_of(workspace))
    assert result is not None
    return result


def test_a_planted_preference_is_learned(result: RewardResult):
    report = result.report
    assert report.accuracy > 0.95 and report.beats_length
    assert report.num_pairs == 100
    low, high = report.interval
    assert low <= report.accuracy <= high
    assert set(report.by_kind) == {"short", "long"} and set(report.by_source) == {"planted"}
    assert sum(count for _, count in report.by_kind.values()) == 100
    assert set(report.probes) == set(PROBES)


def test_samples_of_the_language_model_score_0_with_deviation_1(workspace: Path, result: RewardResult):
    loaded = load_reward_model(result.path)
    language_model = load_model(workspace / "models" / "tool_model_best.pth")
    prompts = [pair.prompt for pair in planted_pairs(400, seed=0) if pair.split == "val"]
    texts, _ = sample_texts(language_model, prompts, num_samples=24, max_tokens=8, seed=0)
    raw = score_texts(loaded.model, texts, normalized=False)
    assert float(loaded.model.shift) == pytest.approx(raw.mean(), abs=1e-4)
    assert float(loaded.model.scale) == pytest.approx(raw.std(), rel=1e-4)
    scores = score_texts(loaded.model, texts)
    np.testing.assert_allclose(scores, ((raw - raw.mean()) / raw.std()).clip(-5, 5), atol=1e-3)


def test_the_published_model_is_the_best_one_and_says_what_it_is(workspace: Path, result: RewardResult):
    loaded = load_reward_model(workspace / "models" / "reward_model.pth")
    assert loaded.info["kind"] == "reward" and loaded.info["finished"]
    assert loaded.info["measures"]["reward_accuracy_share"] == result.report.accuracy
    best = torch.load(result.training.best, weights_only=True)["model"]
    for name, tensor in loaded.model.state_dict().items():
        if name not in ("shift", "scale"):
            assert torch.equal(tensor, best[name])


def test_the_report_is_written(workspace: Path, result: RewardResult):
    values = json.loads((workspace / "logs" / "reward_model.json").read_text())
    assert values["accuracy"] == result.report.accuracy and values["by_kind"].keys() == {"short", "long"}
    for name in ("reward-calibration", "reward-kinds", "reward-probes"):
        assert (workspace / "logs" / f"{name}.png").read_bytes()[:4] == b"\x89PNG"
    assert reward_bars(result.report)["planted"]["reward model"] == result.report.accuracy
    assert "held-out accuracy" in str(result.report) and "warning: not clearly" not in str(result.report)


def test_a_model_that_lengths_beat_is_warned_about(result: RewardResult):
    report: RewardReport = replace(result.report, length_baseline=1.0)
    assert "not clearly better than a score of lengths alone" in str(report)


def test_another_seed_of_the_head_is_another_run_and_the_same_seed_is_the_same(workspace: Path):
    losses = [
        train_reward(config_of(workspace, max_steps=2, num_epochs=1, out_name=f"r{i}", seed=seed))
        for i, seed in enumerate((1, 1, 2))
    ]
    values = [one.training.val_loss for one in losses if one is not None]
    assert values[0] == values[1] != values[2]


def test_micro_batches_do_not_change_the_gradients(workspace: Path, rlhf_tokenizer):
    language_model = load_model(workspace / "models" / "tool_model_best.pth", dtype=torch.float64).model
    scalar = ScalarModel.from_language_model(language_model, seed=0)
    pairs = encode_pairs(planted_pairs(20, seed=1), rlhf_tokenizer, max_length=64).pairs
    gradients = []
    for size in (20, 3):
        scalar.zero_grad()
        for batch in all_batches(pairs, batch_size=size, device=torch.device("cpu")):
            reward_objective(scalar, batch, centering=0.01, use_margin=True).backward()
        gradients.append([parameter.grad for parameter in scalar.parameters()])
    torch.testing.assert_close(gradients[0], gradients[1], rtol=1e-9, atol=1e-9)


def test_probes(rlhf_tokenizer):
    one = Preference("# say\n", "print(1)\n", "x", source="s", kind="k")
    probes = probe_responses(rlhf_tokenizer, one, ["other\n"], room=40)
    end = rlhf_tokenizer.end_of_text
    assert probes["empty"] == [end]
    assert rlhf_tokenizer.decode(probes["copied_prompt"][:-1]) == "# say\n"
    assert probes["missing_end"] == encode_response(rlhf_tokenizer, "x", "print(1)\n")[:-1]
    assert rlhf_tokenizer.decode(probes["very_long"][:-1]) == "print(1)\nother\n"
    assert rlhf_tokenizer.decode(probes["repeated"][:-1]).startswith("print(1)\nprint(1)\n")
    assert all(len(ids) <= 40 for ids in probes.values())
    assert [name for name, ids in probes.items() if ids[-1] != end] == ["missing_end"]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"checkpoint": Path("nothing.pth")}, r"nothing\.pth: no such file"),
        ({"data_file": Path("nothing.json")}, r"python scripts/prepare_rlhf_data\.py"),
        ({"max_length": 65}, "reads 64 tokens at most"),
        ({"pairs_per_step": 0}, "--pairs-per-step 0"),
        ({"centering": -1.0}, "--centering"),
        ({"resume": True, "out_name": "none"}, "nothing to resume; start with: python scripts/train_reward_model"),
        ({"out_name": "a/b"}, "must be a plain name"),
    ],
)
def test_what_cannot_be_meant_is_refused(workspace: Path, changes, message):
    with pytest.raises(UsageError, match=message):
        train_reward(config_of(workspace, **changes))
